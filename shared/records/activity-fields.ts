import { isObject, type Json, type JsonObject } from '../json.ts';
import { userFields } from './account-name.ts';
import { activityCategory } from './activity-category.ts';
import { activityConnection } from './activity-connection.ts';
import { type ActivityData, activityData } from './activity-data.ts';
import { hostAddress } from './addresses.ts';
import { type EndpointEvent, endpointEvent } from './endpoint-event.ts';
import { baseName, type FileFacts } from './file-fields.ts';
import type { HostFacts } from './host-fields.ts';
import { booleanAt, fieldAt, firstTextAt, integerAt, presentFields, textAt } from './json-fields.ts';
import { knownTime } from './known-time.ts';
import type { ProcessFacts } from './process-fields.ts';
import { reviewedSeverity } from './reviewed-severity.ts';

/**
 * The normalised fields of an activity. What its `data` holds depends on its type: who did what where, a connection that a
 * firewall stopped, or all that is known of a rule's hit.
 */
export function activityFields(activity: JsonObject): JsonObject {
  const data = activityData(fieldAt(activity, 'data'));
  const { event, file, ...fields } = endpointEvent(eventOf(activity, data));
  return presentFields({
    ...fields,
    ...agentAddressFields(data),
    ...(fields['user'] === undefined ? consoleFields(activity, data) : {}),
    file: { ...presentFields({ name: data('filedisplayname', 'filename') }), ...objectOf(file) },
    event: { ...objectOf(event), ...severityOf(data) },
  });
}

function eventOf(activity: JsonObject, data: ActivityData): EndpointEvent {
  const host = hostOf(activity, data);
  return {
    category: activityCategory(textAt(activity, 'activityType'), {
      threatId: textAt(activity, 'threatId'),
      agentId: host.agentId,
    }),
    type: data('dveventtype', 'eventtype', 'action'),
    description: firstTextAt(activity, 'primaryDescription', 'description', 'secondaryDescription'),
    storyline: data('sourceprocessstoryline', 'storyline'),
    host,
    organization: organizationOf(activity, data),
    process: actorOf(data),
    parent: processOf(data, 'sourceparentprocess'),
    file: fileOf(activity, data),
    connection: { ...activityConnection(data), status: undefined },
    dns: { request: data('dnsrequest'), response: data('dnsresponse') },
    url: { address: data('url'), method: undefined },
    registry: {
      path: data('registrypath', 'registrykeypath'),
      value: data('registryvalue'),
      valueType: undefined,
    },
    login: {
      user: data('loginsusername'),
      domain: data('loginaccountdomain'),
      type: data('logintype'),
      succeeded: booleanAt(data('loginissuccessful')),
    },
  };
}

function hostOf(activity: JsonObject, data: ActivityData): HostFacts {
  const name = data('computername', 'origagentname', 'endpointname');
  const agentId = textAt(activity, 'agentId') ?? data('agentid');
  // An exclusion has an operating system as well, and is no host.
  if (name === undefined && agentId === undefined) return {};
  return {
    name,
    agentId,
    osName: data('origagentosname'),
    osType: textAt(activity, 'osFamily') ?? data('origagentosfamily', 'ostype'),
    osVersion: data('origagentosrevision'),
  };
}

function organizationOf(activity: JsonObject, data: ActivityData): EndpointEvent['organization'] {
  const names = ['accountId', 'accountName', 'siteId', 'siteName', 'groupId', 'groupName'];
  return Object.fromEntries(names.map((name) => [name, textAt(activity, name) ?? data(name.toLowerCase())]));
}

/** The process that a rule has hit, or that a firewall kept from the network. */
function actorOf(data: ActivityData): ProcessFacts {
  const program = data('processname');
  const name = baseName(program);
  const { path, pid, ...hit } = processOf(data, 'sourceprocess');
  return {
    ...hit,
    name: hit.name ?? name,
    // Some agents tell the program's path, some its name.
    path: path ?? (program === name ? undefined : program),
    pid: pid ?? pidOf(data('processid')),
  };
}

function processOf(data: ActivityData, role: string): ProcessFacts {
  return {
    name: data(`${role}name`),
    path: data(`${role}filepath`, `${role}path`),
    pid: pidOf(data(`${role}pid`)),
    commandLine: data(`${role}commandline`),
    uniqueKey: data(`${role}key`),
    user: data(`${role}username`),
    start: knownTime(integerAt(data(`${role}starttime`))),
    md5: data(`${role}md5`),
    sha1: data(`${role}sha1`),
    sha256: data(`${role}sha256`),
  };
}

/** 0 stands for none. */
function pidOf(text: string | undefined): number | undefined {
  return integerAt(text) || undefined;
}

function fileOf(activity: JsonObject, data: ActivityData): FileFacts {
  return {
    path: data('filepath', 'tgtfilepath', 'tgtprocimagepath', 'modulepath'),
    ...hashesOf(
      data('filecontenthash'),
      textAt(activity, 'hash'),
      data('tgtfilehashsha1'),
      data('tgtfilehashsha256'),
      data('modulesha1'),
    ),
  };
}

/** The kind of a hash is known by its length only. */
function hashesOf(...texts: readonly (string | undefined)[]): FileFacts {
  const digits = texts.filter((text) => text !== undefined && /^[0-9a-f]+$/i.test(text));
  const ofLength = (length: number) => digits.find((text) => text?.length === length);
  return { md5: ofLength(32), sha1: ofLength(40), sha256: ofLength(64) };
}

/**
 * Who did it in the console, and where they sat; else who was logged in at the endpoint. Of an endpoint's own activity
 * `ipAddress` is the endpoint's address, or its router's.
 */
function consoleFields(activity: JsonObject, data: ActivityData): JsonObject {
  const name = data('byuser', 'username');
  const id = textAt(activity, 'userId') ?? data('userid');
  const isOfEndpoint = textAt(activity, 'agentId') !== undefined && id === undefined;
  const srcip = isOfEndpoint ? undefined : hostAddress(data('ipaddress'));
  return {
    ...(srcip === undefined ? {} : { srcip, srcip_username: name }),
    user:
      name === undefined && id === undefined
        ? userFields(data('lastloggedinusername'))
        : presentFields({ ...userFields(name), id }),
  };
}

function agentAddressFields(data: ActivityData): JsonObject {
  const hostip = hostAddress(data('agentipv4'), data('agentipv6'));
  return hostip === undefined ? {} : { hostip, hostip_host: data('origagentname', 'computername') };
}

/** `E_CRITICAL` of a rule's hit. */
function severityOf(data: ActivityData): JsonObject {
  const [, level] = /^e_(.+)$/.exec(data('severity')?.toLowerCase() ?? '') ?? [];
  return level === undefined ? {} : { severity_str: reviewedSeverity(level, undefined) };
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
