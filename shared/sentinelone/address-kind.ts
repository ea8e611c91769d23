import { BlockList, isIP } from 'node:net';

/** Ranges that are not the public internet, by what they are (IANA special-purpose registries). */
const ranges: Readonly<Record<string, readonly string[]>> = {
  unspecified: ['0.0.0.0/8', '::/128'],
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  'shared by a carrier (CGNAT)': ['100.64.0.0/10'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  'a tunnel to IPv4 (NAT64, 6to4 or Teredo)': [
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '192.88.99.0/24',
    '2002::/16',
    '2001::/32',
  ],
  'for documentation': ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
  // 168.63.129.16 is public by its number, but inside Azure it is the host's own agent.
  "a cloud's metadata service": ['168.63.129.16/32'],
  'an IPv4 address in the form of IPv6': ['::/96', '::ffff:0:0:0/96'],
  // All of IPv6 outside 2000::/3 that is not named above belongs to nobody yet.
  reserved: [
    '192.0.0.0/24',
    '198.18.0.0/15',
    '240.0.0.0/4',
    '2001::/23',
    '100::/8',
    '200::/7',
    '400::/6',
    '800::/5',
    '1000::/4',
    '4000::/2',
    '8000::/1',
  ],
};

const blockLists = Object.entries(ranges).map(([kind, subnets]) => ({ kind, list: blockList(subnets) }));

/**
 * `public`, or what else an IP address is, in words that go into a sentence. `::ffff:10.0.0.1` is what the IPv4
 * address in it is, and so private.
 */
export function addressKind(address: string): string {
  const [bare = ''] = address.split('%');
  const family = isIP(bare);
  if (family === 0) return 'no IP address';
  const hit = blockLists.find(({ list }) => list.check(bare, family === 4 ? 'ipv4' : 'ipv6'));
  return hit?.kind ?? 'public';
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', prefix = ''] = subnet.split('/');
    list.addSubnet(network, Number(prefix), isIP(network) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
