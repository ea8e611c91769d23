import { isObject, type JsonObject } from '../json.ts';
import { parseConsoleTime } from '../sentinelone/console-time.ts';
import { endpointEvent } from './endpoint-event.ts';
import type { FileFacts } from './file-fields.ts';
import type { HostFacts } from './host-fields.ts';
import { booleanAt, enumAt, fieldAt, integerAt, presentFields, textAt } from './json-fields.ts';
import { knownTextAt } from './known-text.ts';
import { knownTime } from './known-time.ts';
import type { ProcessFacts } from './process-fields.ts';
import { reviewedSeverity } from './reviewed-severity.ts';

/**
 * The normalised fields of a STAR alert: those of the event that a rule has hit. `process` is the one that acted, `file` what it
 * did something to. Addresses are known of connections and logins only.
 */
export function starAlertFields(alert: JsonObject): JsonObject {
  const info = fieldAt(alert, 'alertInfo');
  const { event, ...fields } = endpointEvent({
    category: 'threat',
    type: textAt(info, 'eventType'),
    description: descriptionOf(alert),
    storyline: textAt(alert, 'sourceProcessInfo', 'storyline'),
    host: hostOf(alert),
    organization: {
      accountId: textAt(alert, 'agentDetectionInfo', 'accountId'),
      siteId: textAt(alert, 'agentDetectionInfo', 'siteId'),
    },
    process: processOf(alert, 'sourceProcessInfo'),
    parent: processOf(alert, 'sourceParentProcessInfo'),
    file: fileOf(alert),
    connection: {
      direction: textAt(info, 'netEventDirection'),
      srcIp: textAt(info, 'srcIp') ?? textAt(info, 'srcMachineIp'),
      srcPort: integerAt(info, 'srcPort'),
      dstIp: textAt(info, 'dstIp'),
      dstPort: integerAt(info, 'dstPort'),
      transport: textAt(info, 'eventType'),
      status: undefined,
    },
    dns: { request: textAt(info, 'dnsRequest'), response: textAt(info, 'dnsResponse') },
    url: { address: indicatedUrl(alert), method: undefined },
    registry: {
      path: textAt(info, 'registryPath') ?? textAt(info, 'registryKeyPath'),
      value: textAt(info, 'registryValue'),
      // The only type that the console tells is that of the old value.
      valueType: undefined,
    },
    login: {
      user: textAt(info, 'loginsUserName'),
      domain: textAt(info, 'loginAccountDomain'),
      type: textAt(info, 'loginType'),
      succeeded: booleanAt(info, 'loginIsSuccessful'),
    },
  });
  const severity_str = reviewedSeverity(
    enumAt(alert, 'ruleInfo', 'severity'),
    enumAt(info, 'analystVerdict'),
  );
  return {
    ...fields,
    ...(fields['srcip'] === undefined ? {} : loginSource(alert)),
    event: { ...(isObject(event) ? event : {}), severity_str },
  };
}

/** Whose login it was that came from the source. */
function loginSource(alert: JsonObject): JsonObject {
  const info = fieldAt(alert, 'alertInfo');
  const name = textAt(info, 'loginsUserName');
  if (name === undefined) return {};
  return presentFields({ srcip_username: name, srcip_usersid: textAt(info, 'loginAccountSid') });
}

/** Here, and in no other list of the console, the agent's id is called `id`. */
function hostOf(alert: JsonObject): HostFacts {
  const now = fieldAt(alert, 'agentRealtimeInfo');
  const then = fieldAt(alert, 'agentDetectionInfo');
  return {
    name: textAt(now, 'name') ?? textAt(then, 'name'),
    agentId: textAt(now, 'id'),
    osName: textAt(then, 'osName'),
    osType: textAt(now, 'os') ?? textAt(then, 'osFamily'),
    osVersion: textAt(then, 'osRevision'),
  };
}

/** What the rule is called, and what it or the agent says about the hit. */
function descriptionOf(alert: JsonObject): string | undefined {
  const said = textAt(alert, 'ruleInfo', 'description') ?? textAt(alert, 'alertInfo', 'indicatorDescription');
  const parts = [textAt(alert, 'ruleInfo', 'name'), said?.trim()];
  return parts.filter((part) => part !== undefined).join(': ');
}

function processOf(alert: JsonObject, role: string): ProcessFacts {
  const text = (name: string) => knownTextAt(alert, role, name);
  return {
    name: text('name'),
    path: text('filePath'),
    pid: integerAt(alert, role, 'pid'),
    commandLine: textAt(alert, role, 'commandline'),
    uniqueKey: text('uniqueId'),
    user: text('user') ?? text('effectiveUser') ?? text('realUser') ?? text('loginUser'),
    start: knownTime(parseConsoleTime(fieldAt(alert, role, 'pidStarttime'))),
    md5: text('fileHashMd5'),
    sha1: text('fileHashSha1'),
    sha256: text('fileHashSha256'),
  };
}

/** The file that something happened to; else that of a process that was started, else a module that was loaded. */
function fileOf(alert: JsonObject): FileFacts {
  const target = (name: string) => knownTextAt(alert, 'targetProcessInfo', name);
  const path = target('tgtFilePath');
  const sha1 = target('tgtFileHashSha1');
  const sha256 = target('tgtFileHashSha256');
  if (path !== undefined || sha1 !== undefined || sha256 !== undefined) return { path, sha1, sha256 };
  const image = target('tgtProcImagePath');
  if (image !== undefined) return { path: image };
  return {
    path: textAt(alert, 'alertInfo', 'modulePath'),
    sha1: textAt(alert, 'alertInfo', 'moduleSha1'),
  };
}

/** The address that threat intelligence knows. */
function indicatedUrl(alert: JsonObject): string | undefined {
  const isUrl = enumAt(alert, 'alertInfo', 'tiIndicatorType') === 'url';
  return isUrl ? textAt(alert, 'alertInfo', 'tiIndicatorValue') : undefined;
}
