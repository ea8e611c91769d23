import type { JsonObject } from '../json.ts';
import { parseConsoleTime } from '../sentinelone/console-time.ts';
import { userFields } from './account-name.ts';
import { hostAddresses } from './addresses.ts';
import { fieldAt, listAt, presentFields, textAt } from './json-fields.ts';
import { interfaceAddresses, macOfHost } from './network-interfaces.ts';

/**
 * The normalised fields of an endpoint: those of an asset, and the ones by which it is found in every index. The
 * host's own addresses count, never `externalIp`: that is a router's, and many hosts share it.
 */
export function agentFields(agent: JsonObject): JsonObject {
  const interfaces = listAt(agent, 'networkInterfaces');
  const { ip, list } = hostAddresses(...interfaceAddresses(interfaces), fieldAt(agent, 'lastIpToMgmt'));
  const name = textAt(agent, 'computerName');
  const startTime = timeAt(agent, 'registeredAt') ?? timeAt(agent, 'createdAt');
  const lastSeen = timeAt(agent, 'lastActiveDate');
  return presentFields({
    name,
    ip,
    iplist: list,
    mac: macOfHost(interfaces, ip),
    device_class: textAt(agent, 'machineType'),
    device_desc: textAt(agent, 'osName'),
    tag: tagsOf(agent),
    start_time: startTime,
    start_time_date: dateText(startTime),
    last_seen: lastSeen,
    last_seen_date: dateText(lastSeen),
    host: presentFields({
      name,
      hostname: name,
      id: textAt(agent, 'id'),
      domain: textAt(agent, 'domain'),
      os: presentFields({
        name: textAt(agent, 'osName'),
        type: textAt(agent, 'osType'),
        version: textAt(agent, 'osRevision'),
      }),
    }),
    hostip: ip,
    hostip_host: ip === undefined ? undefined : name,
    user: userFields(textAt(agent, 'lastLoggedInUserName')),
    organization: presentFields({ id: textAt(agent, 'accountId'), name: textAt(agent, 'accountName') }),
    labels: presentFields({
      site_id: textAt(agent, 'siteId'),
      site_name: textAt(agent, 'siteName'),
      group_id: textAt(agent, 'groupId'),
      group_name: textAt(agent, 'groupName'),
    }),
  });
}

/** `key:value` of every tag that was set in the console; a tag without a value is its key. */
function tagsOf(agent: JsonObject): readonly string[] {
  return listAt(agent, 'tags', 'sentinelone')
    .map((tag) => [textAt(tag, 'key'), textAt(tag, 'value')].filter((part) => part !== undefined).join(':'))
    .filter((tag) => tag !== '');
}

function timeAt(agent: JsonObject, name: string): number | undefined {
  return parseConsoleTime(fieldAt(agent, name));
}

/** The same time for people to read. */
function dateText(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
