import type { JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import { formatMicros, micros } from './micro-time.ts';
import type { Draws } from './random.ts';
import { type AlertEventType, integrityLevels } from './star-alert-vocabulary.ts';
import { userNames } from './vocabulary.ts';

/** Says "no time" in alerts, in the fields that are never null. */
export const noTime = '1970-01-01T00:00:00Z';
/** What becomes of a time that was no time before it was converted. */
const misreadTime = '2185-07-21T23:34:33.709552Z';

interface EventFacts {
  readonly host: AgentIdentity;
  /** Microseconds. */
  readonly createdUs: number;
}

/** The fields of `alertInfo` that depend on the event: all of them are there, and nearly all of them null. */
export function alertEventFields(type: AlertEventType, { host }: EventFacts, draw: Draws): JsonObject {
  return {
    dnsRequest: null,
    dnsResponse: null,
    dstIp: null,
    dstPort: null,
    indicatorCategory: null,
    indicatorDescription: null,
    indicatorName: null,
    loginAccountDomain: null,
    loginAccountSid: null,
    loginIsAdministratorEquivalent: null,
    loginIsSuccessful: null,
    loginType: null,
    loginsUserName: null,
    modulePath: null,
    moduleSha1: null,
    netEventDirection: null,
    registryKeyPath: draw.pick([null, '']),
    registryOldValue: draw.pick([null, '']),
    registryOldValueType: null,
    registryPath: draw.pick([null, '']),
    registryValue: draw.pick([null, '']),
    srcIp: null,
    srcMachineIp: draw.pick([null, host.ipV4[0] ?? null]),
    srcPort: null,
    tiIndicatorComparisonMethod: null,
    tiIndicatorSource: null,
    tiIndicatorType: null,
    tiIndicatorValue: null,
    ...ownFields(type, host, draw),
  };
}

/** Numbers and truths come as texts. */
function ownFields(type: AlertEventType, host: AgentIdentity, draw: Draws): JsonObject {
  switch (type) {
    case 'REGVALUEMODIFIED':
      return {
        registryKeyPath: 'MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
        registryOldValue: draw.pick([null, '', 'C:\\Temp\\é.exe']),
        registryOldValueType: draw.pick([null, 'SZ', 'DWORD']),
        registryPath: 'MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater',
        registryValue: draw.pick(['', '1', '%APPDATA%\\u.exe 🚀']),
      };
    case 'TCPV4':
      return {
        dstIp: draw.pick(['198.51.100.23', '203.0.113.9', '2001:db8::17']),
        dstPort: draw.pick(['443', '4444', '0']),
        netEventDirection: draw.pick(['OUTGOING', 'INCOMING']),
        srcIp: host.ipV4[0] ?? null,
        srcPort: String(49_152 + draw.below(16_000)),
      };
    case 'DNS':
      return {
        dnsRequest: draw.pick(['xn--mller-kva.example', 'c2.example.net', '']),
        dnsResponse: draw.pick([null, '198.51.100.23;', 'type: 5 cdn.example;203.0.113.9;']),
      };
    case 'WINLOGONATTEMPT':
      return {
        loginAccountDomain: draw.pick([null, host.domain]),
        loginAccountSid: draw.pick([null, `S-1-5-21-${draw.below(1e9)}-1001`]),
        loginIsAdministratorEquivalent: draw.pick(['true', 'false']),
        loginIsSuccessful: draw.pick(['true', 'false']),
        loginType: draw.pick(['INTERACTIVE', 'NETWORK', 'REMOTE_INTERACTIVE']),
        loginsUserName: draw.pick(userNames),
      };
    case 'BEHAVIORALINDICATORS':
      return {
        indicatorCategory: draw.pick(['Evasion', 'Persistence', 'InfoStealer']),
        indicatorDescription: 'A process was hollowed out. MITRE: Defense Evasion {T1055.012}',
        indicatorName: 'ProcessHollowing',
      };
    case 'MODULELOAD':
      return { modulePath: 'C:\\Windows\\Temp\\amsi.dll', moduleSha1: draw.pick([null, draw.hex(40)]) };
    case 'THREATINTELLIGENCEINDICATORS':
      return {
        tiIndicatorComparisonMethod: 'EQUALS',
        tiIndicatorSource: draw.pick(['CERT list', 'MISP']),
        tiIndicatorType: draw.pick(['IPV4', 'DNS', 'SHA1', 'URL']),
        tiIndicatorValue: draw.pick(['198.51.100.23', 'c2.example.net']),
      };
    default:
      return {};
  }
}

/** What the event was done to. What it was not done to is told by sentinels in the times, and nulls elsewhere. */
export function targetInfo(type: AlertEventType, { createdUs }: EventFacts, draw: Draws): JsonObject {
  const isFile = type === 'FILECREATION' || type === 'FILEDELETION';
  const isProcess = type === 'PROCESSCREATION';
  const fileTime = () =>
    isFile && draw.chance(0.6) ? formatMicros(createdUs - draw.below(1e6)) : draw.pick([noTime, misreadTime]);
  return {
    tgtFileCreatedAt: fileTime(),
    tgtFileHashSha1: isFile && draw.chance(0.5) ? draw.hex(40) : null,
    tgtFileHashSha256: isFile && draw.chance(0.5) ? draw.hex(64) : null,
    tgtFileId: isFile ? draw.hex(16).toUpperCase() : null,
    tgtFileIsSigned: isFile ? draw.pick([null, 'signed', 'unsigned']) : null,
    tgtFileModifiedAt: fileTime(),
    tgtFileOldPath: null,
    tgtFilePath: isFile ? draw.pick(['C:\\Temp\\請求書.scr', '/tmp/.x', '']) : draw.pick([null, '']),
    tgtProcCmdLine: isProcess ? draw.pick([null, '', 'whoami /all']) : null,
    tgtProcImagePath: isProcess ? 'C:\\Windows\\System32\\whoami.exe' : null,
    tgtProcIntegrityLevel: isProcess ? draw.pick(integrityLevels) : 'unknown',
    tgtProcName: isProcess ? draw.pick(['whoami.exe', 'Überweisung.exe']) : null,
    tgtProcPid: isProcess ? String(4 + 4 * draw.below(8_000)) : null,
    tgtProcSignedStatus: isProcess ? draw.pick([null, 'signed', 'unsigned']) : null,
    tgtProcStorylineId: isProcess ? draw.hex(16).toUpperCase() : null,
    tgtProcUid: isProcess ? draw.hex(16).toUpperCase() : null,
    tgtProcessStartTime: isProcess ? formatMicros(createdUs - (createdUs % micros.millisecond), 3) : noTime,
  };
}
