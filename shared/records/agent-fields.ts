import type { JsonObject } from '../json.ts';
import { userFields } from './account-name.ts';
import { hostAddresses } from './addresses.ts';
import { assetTimes } from './asset-times.ts';
import { hostFields } from './host-fields.ts';
import { fieldAt, listAt, presentFields, textAt } from './json-fields.ts';
import { interfaceAddresses, macOfHost } from './network-interfaces.ts';
import { organizationFields } from './organization-fields.ts';

/**
 * The normalised fields of an endpoint: those of an asset, and the ones by which it is found in every index. The
 * host's own addresses count, never `externalIp`: that is a router's, and many hosts share it.
 */
export function agentFields(agent: JsonObject): JsonObject {
  const interfaces = listAt(agent, 'networkInterfaces');
  const { ip, list } = hostAddresses(...interfaceAddresses(interfaces), fieldAt(agent, 'lastIpToMgmt'));
  const name = textAt(agent, 'computerName');
  return presentFields({
    name,
    ip,
    iplist: list,
    mac: macOfHost(interfaces, ip),
    device_class: textAt(agent, 'machineType'),
    device_desc: textAt(agent, 'osName'),
    tag: tagsOf(agent),
    ...assetTimes({
      start: fieldAt(agent, 'registeredAt'),
      elseStart: fieldAt(agent, 'createdAt'),
      lastSeen: fieldAt(agent, 'lastActiveDate'),
    }),
    host: hostFields({
      name,
      agentId: textAt(agent, 'id'),
      domain: textAt(agent, 'domain'),
      osName: textAt(agent, 'osName'),
      osType: textAt(agent, 'osType'),
      osVersion: textAt(agent, 'osRevision'),
    }),
    hostip: ip,
    hostip_host: ip === undefined ? undefined : name,
    user: userFields(textAt(agent, 'lastLoggedInUserName')),
    ...organizationFields((name) => textAt(agent, name)),
  });
}

/** `key:value` of every tag that was set in the console; a tag without a value is its key. */
function tagsOf(agent: JsonObject): readonly string[] {
  return listAt(agent, 'tags', 'sentinelone')
    .map((tag) => [textAt(tag, 'key'), textAt(tag, 'value')].filter((part) => part !== undefined).join(':'))
    .filter((tag) => tag !== '');
}
