import { BlockList, isIP } from 'node:net';
import type { Json } from '../json.ts';

const network = /^([^/]+)(?:\/(\d{1,3}))?$/;

/** True for `10.0.0.0/8`, `2001:db8::/32`, or one address without a prefix. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/**
 * A test for values that are an address of one of the networks, or several of them with commas between. A zone (`%eth0`) is
 * left out; an IPv4 address in the form of IPv6 (`::ffff:10.0.0.1`) is the IPv4 address. Every text must be a network.
 */
export function networksTest(texts: readonly string[]): (value: Json) => boolean {
  const list = new BlockList();
  for (const text of texts) {
    const parsed = parseNetwork(text);
    if (parsed === undefined) throw new Error(`${text} is no network.`);
    list.addSubnet(parsed.address, parsed.prefix, parsed.family);
  }
  return (value) => typeof value === 'string' && value.split(',').some((part) => isIn(list, part.trim()));
}

function isIn(list: BlockList, text: string): boolean {
  const [address = ''] = text.split('%', 1);
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

function parseNetwork(
  text: string,
): { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', digits] = network.exec(text) ?? [];
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0) return undefined;
  const bits = family === 4 ? 32 : 128;
  const prefix = digits === undefined ? bits : Number(digits);
  return prefix > bits ? undefined : { address, prefix, family: family === 4 ? 'ipv4' : 'ipv6' };
}
