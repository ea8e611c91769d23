import { isIPv4, isIPv6 } from 'node:net';
import type { Json } from '../json.ts';
import { addressKind } from '../sentinelone/address-kind.ts';

/** A host's addresses, without those that every host has (loopback, unspecified). */
export interface HostAddresses {
  /** The first IPv4 address that leads to the host; a self-assigned (169.254/16) one only where there is no other. */
  readonly ip: string | undefined;
  /** All of them without repetition, IPv4 before IPv6, IPv6 in lower case and without a zone. */
  readonly list: readonly string[];
}

/** Reads addresses out of texts, comma-joined texts and lists of them. What is no address is passed over. */
export function hostAddresses(...values: readonly (Json | undefined)[]): HostAddresses {
  const v4 = new Set<string>();
  const v6 = new Set<string>();
  for (const text of values.flatMap(textsIn)) {
    if (onEveryHost.test(text)) continue;
    if (isIPv4(text)) v4.add(text);
    else if (text.includes(':') && isIPv6(text)) v6.add(text);
  }
  const [first] = v4;
  return { ip: v4.values().find((address) => !selfAssigned.test(address)) ?? first, list: [...v4, ...v6] };
}

/** The address by which a host is found: an IPv4 address, else an IPv6 address. */
export function hostAddress(...values: readonly (Json | undefined)[]): string | undefined {
  const { ip, list } = hostAddresses(...values);
  return ip ?? list[0];
}

/** The address that the text is, IPv6 in lower case and without a zone; undefined where it is none, or several. */
export function addressOf(value: Json | undefined): string | undefined {
  const [text = '', ...others] = textsIn(value);
  return others.length === 0 && (isIPv4(text) || isIPv6(text)) ? text : undefined;
}

/** True for an address that is reachable from the Internet. */
export function isPublicAddress(address: string | undefined): boolean {
  return address !== undefined && addressKind(address) === 'public';
}

function textsIn(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'string') return [];
  return value.toLowerCase().split(',').map(withoutZone);
}

/** A zone (`fe80::1%12`) means something on the host itself only. */
function withoutZone(address: string): string {
  const [bare = ''] = address.split('%', 1);
  return bare.trim();
}

// Patterns, because `addressKind` is too slow to be asked for every address of every record.
const onEveryHost = /^(127|0)\.|^::1?$/;
const selfAssigned = /^169\.254\./;
