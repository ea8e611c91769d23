import type { JsonObject } from '../json.ts';
import { hostAddress, hostAddresses } from './addresses.ts';
import { assetTimes } from './asset-times.ts';
import { hostFields } from './host-fields.ts';
import { fieldAt, listAt, presentFields, textAt } from './json-fields.ts';
import { knownTextAt } from './known-text.ts';
import { macAddress } from './network-interfaces.ts';
import { organizationFields } from './organization-fields.ts';

/**
 * The normalised fields of a host without an agent: those of an asset, and the ones by which it is found in every index. It
 * has no agent's id, and `externalIp` is that of its router.
 */
export function rogueFields(rogue: JsonObject): JsonObject {
  const hostip = hostAddress(fieldAt(rogue, 'localIp'));
  const name = nameOf(rogue);
  const osName = knownTextAt(rogue, 'osName');
  return presentFields({
    name,
    ip: hostip,
    iplist: hostAddresses(fieldAt(rogue, 'localIp')).list,
    mac: macAddress(textAt(rogue, 'macAddress')),
    vendor: knownTextAt(rogue, 'manufacturer'),
    device_class: knownTextAt(rogue, 'deviceType'),
    device_desc: knownTextAt(rogue, 'deviceFunction') ?? osName,
    ...assetTimes({ start: fieldAt(rogue, 'firstSeen'), lastSeen: fieldAt(rogue, 'lastSeen') }),
    host: hostFields({
      name,
      osName,
      osType: knownTextAt(rogue, 'osType'),
      osVersion: knownTextAt(rogue, 'osVersion'),
    }),
    hostip,
    hostip_host: hostip === undefined ? undefined : name,
    // The console does not say where it is; the reading may.
    ...organizationFields((field) => textAt(rogue, field)),
  });
}

/** The first of the names under which it was seen. */
function nameOf(rogue: JsonObject): string | undefined {
  return listAt(rogue, 'hostnames')
    .map((hostname) => knownTextAt(hostname))
    .find((hostname) => hostname !== undefined);
}
