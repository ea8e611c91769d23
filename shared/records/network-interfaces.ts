import type { Json } from '../json.ts';
import { fieldAt, listAt, textAt } from './json-fields.ts';

/** The address lists of `networkInterfaces`, for `hostAddresses`. */
export function interfaceAddresses(interfaces: readonly Json[]): readonly (Json | undefined)[] {
  return interfaces.flatMap((network) => [fieldAt(network, 'inet'), fieldAt(network, 'inet6')]);
}

/** The MAC address of the interface that has the address `ip`; else of the first interface that has one at all. */
export function macOfHost(interfaces: readonly Json[], ip: string | undefined): string | undefined {
  const addressed = interfaces.filter((network) => ip !== undefined && listAt(network, 'inet').includes(ip));
  for (const network of [...addressed, ...interfaces]) {
    const mac = macAddress(textAt(network, 'physical'));
    if (mac !== undefined) return mac;
  }
  return undefined;
}

/** Six lower-case pairs with colons, or undefined where the text is no MAC address or all zeros. */
export function macAddress(text: string | undefined): string | undefined {
  if (text === undefined || !/^[0-9a-f]{2}([:-]?[0-9a-f]{2}){5}$/i.test(text)) return undefined;
  const digits = text.toLowerCase().replace(/[:-]/g, '');
  return /^0+$/.test(digits) ? undefined : digits.replace(/(..)(?=.)/g, '$1:');
}
