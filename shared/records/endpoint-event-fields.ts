import type { JsonObject } from '../json.ts';
import { parseConsoleTime } from '../sentinelone/console-time.ts';
import { type EndpointEvent, endpointEvent } from './endpoint-event.ts';
import type { FileFacts } from './file-fields.ts';
import { booleanAt, enumAt, fieldAt, firstTextAt, integerAt, textAt } from './json-fields.ts';
import { knownTime } from './known-time.ts';
import { completedProcess, type ProcessFacts } from './process-fields.ts';

/**
 * The normalised fields of an event of Deep Visibility or of a threat's story; the second has the threat that it belongs to
 * under `threat`. Numbers and booleans are texts in the first. `agentIp` is the address that the console sees, most often a
 * router's, so the host's own is known of connections only.
 */
export function endpointEventFields(event: JsonObject): JsonObject {
  const text = (...names: readonly string[]) => firstTextAt(event, ...names);
  const ofThreat = (name: string) => textAt(event, 'threat', name);
  return endpointEvent({
    category: enumAt(event, 'objectType'),
    type: text('eventType'),
    description: text('indicatorDescription'),
    storyline: text('storyline', 'trueContext', 'processGroupId') ?? ofThreat('storyline'),
    host: {
      agentId: text('agentId') ?? ofThreat('agentId'),
      name: text('agentName', 'endpointName') ?? ofThreat('computerName'),
      domain: text('agentDomain'),
      osType: text('agentOs', 'endpointOs'),
    },
    organization: {
      accountId: text('accountId') ?? ofThreat('accountId'),
      accountName: ofThreat('accountName'),
      siteId: text('siteId') ?? ofThreat('siteId'),
      siteName: text('siteName') ?? ofThreat('siteName'),
      groupId: text('agentGroupId') ?? ofThreat('groupId'),
      groupName: ofThreat('groupName'),
    },
    ...processesOf(event),
    file: fileOf(event),
    connection: {
      direction: text('direction', 'netEventDirection'),
      srcIp: text('srcIp', 'srcMachineIp'),
      srcPort: integerAt(event, 'srcPort'),
      dstIp: text('dstIp'),
      dstPort: integerAt(event, 'dstPort'),
      protocol: text('protocol', 'netProtocolName'),
      transport: text('metaEventName'),
      status: text('connectionStatus', 'netConnStatus'),
    },
    dns: { request: text('dnsRequest'), response: text('dnsResponse') },
    url: { address: text('networkUrl'), method: text('networkMethod') },
    registry: {
      path: text('registryPath', 'registryKeyPath'),
      value: text('registryValue'),
      valueType: text('registryValueType'),
    },
    login: {
      user: text('loginsUserName'),
      domain: undefined,
      type: text('loginsBaseType', 'loginType'),
      succeeded: booleanAt(event, 'loginIsSuccessful'),
    },
  });
}

/**
 * The process that the event is about. A verbose event describes it a second time and better: as the one that acted or, where
 * it was started just then, as the one that something was done to. Its unique key tells which.
 */
function processesOf(event: JsonObject): Pick<EndpointEvent, 'process' | 'parent'> {
  const process = processOf(event);
  const parent = parentOf(event);
  const key = process.uniqueKey;
  if (key === undefined) return { process, parent };
  if (key === textAt(event, 'tgtProcUid')) return withDetails('tgtProc', 'srcProc');
  if (key === textAt(event, 'srcProcUid')) return withDetails('srcProc', 'srcProcParent');
  return { process, parent };

  function withDetails(role: Role, parentRole: Role) {
    return {
      process: completedProcess(process, detailedProcess(event, role)),
      parent: completedProcess(detailedProcess(event, parentRole), parent),
    };
  }
}

function processOf(event: JsonObject): ProcessFacts {
  return {
    name: textAt(event, 'processName'),
    path: textAt(event, 'processImagePath'),
    pid: integerAt(event, 'pid'),
    commandLine: textAt(event, 'processCmd'),
    uniqueKey: textAt(event, 'processUniqueKey'),
    user: firstTextAt(event, 'processUserName', 'user'),
    start: timeOf(event, 'processStartTime'),
    sha1: textAt(event, 'processImageSha1Hash'),
  };
}

function parentOf(event: JsonObject): ProcessFacts {
  const uniqueKey = textAt(event, 'parentProcessUniqueKey');
  return {
    name: textAt(event, 'parentProcessName'),
    pid: integerAt(event, 'parentPid'),
    // Consoles write the process's own key here.
    uniqueKey: uniqueKey === textAt(event, 'processUniqueKey') ? undefined : uniqueKey,
    start: timeOf(event, 'parentProcessStartTime'),
  };
}

type Role = 'srcProc' | 'srcProcParent' | 'tgtProc';

function detailedProcess(event: JsonObject, role: Role): ProcessFacts {
  return {
    name: textAt(event, `${role}Name`),
    path: textAt(event, `${role}ImagePath`),
    pid: integerAt(event, `${role}Pid`),
    commandLine: textAt(event, `${role}CmdLine`),
    uniqueKey: textAt(event, `${role}Uid`),
    user: textAt(event, `${role}User`),
    start: timeOf(event, `${role}StartTime`),
    md5: textAt(event, `${role}ImageMd5`),
    sha1: textAt(event, `${role}ImageSha1`),
    sha256: textAt(event, `${role}ImageSha256`),
  };
}

/** Without a file, `fileMd5` and `fileSha256` are hashes of the program that runs. */
function fileOf(event: JsonObject): FileFacts {
  const path = firstTextAt(event, 'fileFullName', 'tgtFilePath');
  if (path !== undefined || enumAt(event, 'objectType') === 'file') {
    return {
      path,
      size: integerAt(event, 'fileSize'),
      md5: firstTextAt(event, 'fileMd5', 'md5', 'tgtFileMd5'),
      sha1: firstTextAt(event, 'fileSha1', 'sha1', 'tgtFileSha1'),
      sha256: firstTextAt(event, 'fileSha256', 'sha256', 'tgtFileSha256'),
    };
  }
  return {
    path: textAt(event, 'modulePath'),
    md5: textAt(event, 'moduleMd5'),
    sha1: textAt(event, 'moduleSha1'),
  };
}

function timeOf(event: JsonObject, name: string): number | undefined {
  return knownTime(parseConsoleTime(fieldAt(event, name)));
}
