import {
  both,
  type EventFacts,
  type EventField,
  lake,
  type Moment,
  old,
  verbose,
} from './endpoint-event-field.ts';
import { objectFields } from './endpoint-event-objects.ts';
import { formatMicros, micros } from './micro-time.ts';
import { type Draws, draws, purpose } from './random.ts';
import { agentVersions, userNames } from './vocabulary.ts';

interface Program {
  readonly name: string;
  readonly path: string;
  readonly displayName: string | null;
  readonly publisher: string | null;
}

const windowsPrograms: readonly Program[] = [
  {
    name: 'svchost.exe',
    path: 'C:\\Windows\\System32\\svchost.exe',
    displayName: 'Host Process for Windows Services',
    publisher: 'MICROSOFT WINDOWS PUBLISHER',
  },
  {
    name: 'powershell.exe',
    path: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    displayName: 'Windows PowerShell',
    publisher: 'MICROSOFT WINDOWS',
  },
  { name: 'lager-öst.exe', path: 'D:\\Werkzeuge\\lager-öst.exe', displayName: '', publisher: null },
];

const unixPrograms: readonly Program[] = [
  { name: 'bash', path: '/usr/bin/bash', displayName: 'bash', publisher: null },
  { name: 'curl', path: '/usr/bin/curl', displayName: null, publisher: '' },
  { name: 'バックアップ', path: '/opt/バックアップ/bin/backup', displayName: null, publisher: null },
];

/** All that is known about an event. */
export function endpointEventFields(facts: EventFacts): readonly EventField[] {
  const draw = draws(facts.seed, purpose.endpointEventBody, facts.event);
  return [
    ...eventFields(facts, draw),
    ...hostFields(facts, draw),
    ...processFields(facts, draw),
    ...objectFields(facts, draw),
  ];
}

function eventFields({ us, id, type }: EventFacts, draw: Draws): readonly EventField[] {
  const seenUs: Moment = { us: us - draw.below(3) * micros.millisecond };
  return [
    both('id', 'event.id', id),
    old('createdAt', formatMicros(us)),
    both('eventType', 'event.type', type.name),
    both('objectType', 'event.category', type.objectType),
    verbose('eventTime', seenUs, 'event.time'),
    verbose('agentTimestamp', seenUs),
    verbose('eventIndex', draw.below(100_000)),
    verbose('metaEventName', type.name.replaceAll(' ', '').toUpperCase(), 'meta.event.name'),
    verbose('traceId', draw.hex(26).toUpperCase(), 'trace.id'),
    lake('dataSource.name', 'SentinelOne'),
    lake('dataSource.category', 'security'),
    lake('dataSource.vendor', 'SentinelOne'),
    lake('i.scheme', 'edr'),
    lake('event.repetitionCount', 1 + draw.below(3)),
  ];
}

function hostFields({ host, us }: EventFacts, draw: Draws): readonly EventField[] {
  const { site } = host.group;
  const version = draw.pick([...agentVersions, null]);
  return [
    verbose('accountId', site.account.id, 'account.id'),
    verbose('siteId', site.id, 'site.id'),
    both('siteName', 'site.name', site.name),
    old('agentDomain', host.domain),
    both('agentGroupId', 'group.id', host.group.id),
    both('agentId', 'agent.id', host.id),
    old('agentInfected', draw.chance(0.1)),
    both('agentIp', 'endpoint.ip', host.externalIp),
    old('agentIsActive', draw.chance(0.9)),
    old('agentIsDecommissioned', host.fate === 'decommissioned' && draw.chance(0.5)),
    both('agentMachineType', 'endpoint.type', host.machineType),
    both('agentName', 'endpoint.name', draw.chance(0.03) ? null : host.computerName),
    old('agentNetworkStatus', draw.pick(['connected', 'connected', 'connected', 'disconnected'])),
    both('agentOs', 'endpoint.os', host.os.type),
    both('agentUuid', 'agent.uuid', host.uuid),
    both('agentVersion', 'agent.version', version),
    old('isAgentVersionFullySupportedForPg', draw.chance(0.5)),
    old(
      'isAgentVersionFullySupportedForPgMessage',
      draw.pick(['', 'The agent is too old for “process graphs”']),
    ),
    verbose('endpointName', host.computerName),
    verbose('endpointMachineType', host.machineType),
    verbose('endpointOs', host.os.type),
    verbose('lastActivatedAt', { us: us - micros.hour }),
    lake('os.name', host.os.name),
  ];
}

function processFields(
  { process: { pid, startedUs }, host }: EventFacts,
  draw: Draws,
): readonly EventField[] {
  const isWindows = host.os.type.startsWith('windows');
  const program = draw.pick(isWindows ? windowsPrograms : unixPrograms);
  const storyline = draw.hex(16).toUpperCase();
  const key = draw.hex(16).toUpperCase();
  const user = draw.pick(userNames);
  const sha1 = draw.chance(0.2) ? null : draw.hex(40);
  // A process whose parent had ended before the agent came up.
  const isOrphan = draw.chance(0.1);
  const parentPid = isOrphan ? null : 4 + 4 * draw.below(2_000);
  const parentName = isOrphan ? null : isWindows ? 'services.exe' : 'systemd';
  const parentStartedUs = isOrphan ? null : startedUs - draw.below(micros.hour);
  const count = () => (draw.chance(0.2) ? null : draw.below(60));
  return [
    both('pid', 'src.process.pid', pid),
    both('processName', 'src.process.name', program.name),
    both('processDisplayName', 'src.process.displayName', program.displayName),
    both('processImagePath', 'src.process.image.path', program.path),
    both('processImageSha1Hash', 'src.process.image.sha1', sha1),
    both(
      'processCmd',
      'src.process.cmdline',
      draw.pick([`"${program.path}" -q`, `${program.name} --ümlaut`, '', null]),
    ),
    both('processStartTime', 'src.process.startTime', { us: startedUs }),
    both('processUniqueKey', 'src.process.uid', key),
    both('processGroupId', 'src.process.storyline.id', storyline),
    old('trueContext', storyline),
    both('processUserName', 'src.process.user', user),
    old('user', draw.pick([user, null])),
    both(
      'processIntegrityLevel',
      'src.process.integrityLevel',
      draw.pick(['SYSTEM', 'HIGH', 'MEDIUM', 'INTEGRITY_LEVEL_UNKNOWN']),
    ),
    old('processIsMalicious', draw.chance(0.02)),
    both(
      'processIsRedirectedCommandProcessor',
      'src.process.isRedirectCmdProcessor',
      draw.pick([false, true, null]),
    ),
    both('processIsWow64', 'src.process.isNative64Bit', isWindows ? draw.chance(0.2) : null),
    old('processRoot', draw.pick([true, false, null])),
    both('processSessionId', 'src.process.sessionId', isWindows ? draw.below(4) : null),
    both('processSubSystem', 'src.process.subsystem', draw.pick(['SYS_WIN32', 'SUBSYSTEM_UNKNOWN', null])),
    both('publisher', 'src.process.publisher', program.publisher),
    both('signedStatus', 'src.process.signedStatus', draw.pick(['signed', 'unsigned', null])),
    both(
      'signatureSignedInvalidReason',
      'src.process.reasonSignatureInvalid',
      draw.pick([null, null, 'NoSignature']),
    ),
    both('verifiedStatus', 'src.process.verifiedStatus', draw.pick(['verified', 'unverified', null])),
    old('forensicUrl', draw.pick([null, ''])),
    old('threatStatus', null),
    old('srcProcDownloadToken', null),
    old('relatedToThreat', draw.chance(0.03)),
    old('rpid', draw.pick([null, 0])),
    both('tid', 'src.process.tid', draw.pick([null, draw.below(30_000)])),
    both('parentPid', 'src.process.parent.pid', parentPid),
    both('parentProcessName', 'src.process.parent.name', parentName),
    both('parentProcessStartTime', 'src.process.parent.startTime', { us: parentStartedUs }),
    both('parentProcessUniqueKey', 'src.process.parent.uid', draw.hex(16).toUpperCase()),
    both('parentProcessGroupId', 'src.process.parent.storyline.id', draw.hex(16).toUpperCase()),
    old('parentProcessIsMalicious', false),
    verbose('hasParent', !isOrphan),
    verbose('storyline', storyline),
    verbose('srcProcName', program.name),
    verbose('srcProcImagePath', program.path),
    verbose('srcProcPid', pid),
    verbose('srcProcStorylineId', storyline),
    verbose('srcProcParentName', parentName),
    verbose('osSrcProcName', draw.pick([null, program.name])),
    verbose('childProcCount', count(), 'src.process.childProcCount'),
    verbose('crossProcCount', count(), 'src.process.crossProcessCount'),
    verbose('dnsCount', count(), 'src.process.dnsCount'),
    verbose('moduleCount', count(), 'src.process.moduleCount'),
    verbose('netConnCount', count(), 'src.process.netConnCount'),
    verbose('registryChangeCount', count(), 'src.process.registryChangeCount'),
    verbose('fileIsExecutable', draw.pick([null, true, false])),
    verbose('k8sClusterName', host.machineType === 'kubernetes node' ? 'hafen-01' : null, 'k8s.clusterName'),
  ];
}
