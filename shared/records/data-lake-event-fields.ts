import type { Json, JsonObject } from '../json.ts';
import { parseConsoleTime } from '../sentinelone/console-time.ts';
import { type EndpointEvent, endpointEvent } from './endpoint-event.ts';
import type { FileFacts } from './file-fields.ts';
import { booleanAt, enumAt, fieldAt, firstTextAt, integerAt, textAt } from './json-fields.ts';
import { knownTime } from './known-time.ts';
import type { ProcessFacts } from './process-fields.ts';

/** The normalised fields of an event as the data lake has it: dots are part of its fields' names, values have their types. */
export function dataLakeEventFields(event: JsonObject): JsonObject {
  const text = (...names: readonly string[]) => firstTextAt(event, ...names);
  const isLogin = enumAt(event, 'event.category') === 'logins';
  return endpointEvent({
    category: enumAt(event, 'event.category'),
    type: text('event.type'),
    description: text('indicator.description'),
    storyline: text('src.process.storyline.id'),
    host: {
      agentId: text('agent.id'),
      name: text('endpoint.name'),
      osName: text('os.name'),
      osType: osType(text('endpoint.os')),
    },
    organization: {
      accountId: text('account.id'),
      accountName: text('account.name'),
      siteId: text('site.id'),
      siteName: text('site.name'),
      groupId: consoleId(text('group.id')),
      groupName: text('group.name'),
    },
    ...processesOf(event),
    file: fileOf(event),
    connection: {
      direction: text('event.network.direction'),
      // Of a login it is the machine from which it came, of other events the endpoint.
      srcIp: text('src.ip.address') ?? (isLogin ? text('src.endpoint.ip.address') : undefined),
      srcPort: integerAt(event, 'src.port.number'),
      dstIp: text('dst.ip.address'),
      dstPort: integerAt(event, 'dst.port.number'),
      protocol: text('event.network.protocolName'),
      transport: text('meta.event.name'),
      status: text('event.network.connectionStatus'),
    },
    dns: { request: text('event.dns.request'), response: text('event.dns.response') },
    url: { address: text('url.address'), method: text('event.url.action') },
    registry: {
      path: text('registry.keyPath'),
      value: text('registry.value'),
      valueType: text('registry.valueType'),
    },
    login: {
      user: named(text('event.login.userName', 'event.login.tgt.user.name', 'event.logout.tgt.user.name')),
      domain: named(text('event.login.tgt.domainName', 'event.logout.tgt.domainName')),
      type: text('event.login.type', 'event.login.baseType', 'event.logout.type'),
      succeeded: booleanAt(event, 'event.login.loginIsSuccessful'),
    },
  });
}

/** When it happened, epoch milliseconds; never when its process began. */
export function dataLakeEventTime(event: JsonObject): number | undefined {
  return timeOf(event, 'timestamp') ?? timeOf(event, 'event.time');
}

/** The event is about the process that was started, if one was; then the one that acted is its parent. */
function processesOf(event: JsonObject): Pick<EndpointEvent, 'process' | 'parent'> {
  const actor = processOf(event, 'src.process');
  const target = processOf(event, 'tgt.process');
  return isAbout(event, target)
    ? { process: target, parent: actor }
    : { process: actor, parent: processOf(event, 'src.process.parent') };
}

function isAbout(event: JsonObject, target: ProcessFacts): boolean {
  const key = textAt(event, 'process.unique.key');
  if (key !== undefined) return key === target.uniqueKey;
  const isKnown = (target.uniqueKey ?? target.name) !== undefined;
  return isKnown && enumAt(event, 'event.type') === 'process_creation';
}

function processOf(event: JsonObject, role: string): ProcessFacts {
  return {
    name: textAt(event, `${role}.name`),
    path: textAt(event, `${role}.image.path`),
    pid: integerAt(event, `${role}.pid`),
    commandLine: textAt(event, `${role}.cmdline`),
    uniqueKey: textAt(event, `${role}.uid`),
    // On Linux only the account that it runs with is known, by another name.
    user: firstTextAt(event, `${role}.user`, `${role}.eUserName`),
    start: timeOf(event, `${role}.startTime`),
    md5: textAt(event, `${role}.image.md5`),
    sha1: textAt(event, `${role}.image.sha1`),
    sha256: textAt(event, `${role}.image.sha256`),
  };
}

function fileOf(event: JsonObject): FileFacts {
  const isFile = textAt(event, 'tgt.file.path') !== undefined || enumAt(event, 'event.category') === 'file';
  const role = isFile ? 'tgt.file' : 'module';
  return {
    path: textAt(event, `${role}.path`),
    size: integerAt(event, `${role}.size`),
    md5: textAt(event, `${role}.md5`),
    sha1: textAt(event, `${role}.sha1`),
    sha256: textAt(event, `${role}.sha256`),
  };
}

/** The data lake has a word of its own for it. */
function osType(type: string | undefined): string | undefined {
  return type === 'osx' ? 'macos' : type;
}

/** Ids of the console have 18 digits or more. Other events have a storyline in the place of their group. */
function consoleId(id: string | undefined): string | undefined {
  return id !== undefined && /^\d{18,20}$/.test(id) ? id : undefined;
}

/** Windows writes a dash for an account that it does not name. */
function named(name: string | undefined): string | undefined {
  return name === '-' ? undefined : name;
}

function timeOf(event: JsonObject, name: string): number | undefined {
  return knownTime(dataLakeTime(fieldAt(event, name)));
}

/** Times are texts as elsewhere, or count from 1970: the number of their digits tells whether seconds or down to nanoseconds. */
function dataLakeTime(value: Json | undefined): number | undefined {
  const [digits = ''] = textAt(value)?.split('.') ?? [];
  if (!/^(\d{10}|\d{13}|\d{16}|\d{19})$/.test(digits)) return parseConsoleTime(value);
  // Cut, because no double holds nanoseconds.
  return Number(digits.slice(0, 13).padEnd(13, '0'));
}
