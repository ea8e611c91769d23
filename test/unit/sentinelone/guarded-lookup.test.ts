import type { LookupAddress, LookupOptions } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import { addressKind } from '../../../shared/sentinelone/address-kind.ts';
import { guardedLookup, type Resolver } from '../../../shared/sentinelone/guarded-lookup.ts';

const publicV4: LookupAddress = { address: '93.184.215.14', family: 4 };
const publicV6: LookupAddress = { address: '2606:2800:21f:cb07:6820:80da:af6b:8b2c', family: 6 };

type Answer = { error: unknown } | { address: string | LookupAddress[]; family: number | undefined };

function look(resolve: Resolver, options: LookupOptions): Promise<Answer> {
  return new Promise((done) => {
    guardedLookup(resolve)('acme.sentinelone.net', options, (error, address, family) =>
      done(error ? { error } : { address, family }),
    );
  });
}

const always =
  (...addresses: LookupAddress[]): Resolver =>
  async () =>
    addresses;

describe('guardedLookup', () => {
  it.each<[LookupOptions, Answer]>([
    [{ all: true }, { address: [publicV4, publicV6], family: undefined }],
    [{}, { address: publicV4.address, family: 4 }],
    [{ family: 6 }, { address: publicV6.address, family: 6 }],
    [{ family: 'IPv6' }, { address: publicV6.address, family: 6 }],
    [
      { family: 4, all: true },
      { address: [publicV4], family: undefined },
    ],
    [
      { family: 0, all: true },
      { address: [publicV4, publicV6], family: undefined },
    ],
  ])('answers in the form asked for: %j', async (options, expected) => {
    expect(await look(always(publicV4, publicV6), options)).toEqual(expected);
  });

  it('refuses the name when any address is not public, also one of the family not asked for', async () => {
    const answer = await look(always(publicV4, { address: 'fd00:ec2::254', family: 6 }), { family: 4 });
    expect(answer).toMatchObject({
      error: {
        code: 'host_refused',
        health: 'host',
        retryable: false,
        message: '"acme.sentinelone.net" has the address fd00:ec2::254, which is private.',
      },
    });
  });

  it('checks every answer anew: a name that changes its address is refused when it does', async () => {
    const answers: LookupAddress[] = [publicV4, { address: '169.254.169.254', family: 4 }];
    const rebinding: Resolver = async () => {
      const next = answers.shift();
      if (!next) throw new Error('asked more than twice');
      return [next];
    };
    expect(await look(rebinding, {})).toEqual({ address: publicV4.address, family: 4 });
    expect(await look(rebinding, {})).toMatchObject({ error: { code: 'host_refused' } });
  });

  it('has no answer when there is none of the family', async () => {
    expect(await look(always(publicV4), { family: 6 })).toMatchObject({ error: { code: 'ENOTFOUND' } });
    expect(await look(always(), { all: true })).toMatchObject({ error: { code: 'ENOTFOUND' } });
  });

  it("passes on the resolver's own error", async () => {
    const broken = Object.assign(new Error('queryA ESERVFAIL'), { code: 'EAI_AGAIN' });
    const answer = await look(async () => Promise.reject(broken), {});
    expect(answer).toEqual({ error: broken });
    expect(broken).not.toBeInstanceOf(ConnectorError);
  });
});

describe('addressKind', () => {
  it.each([
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['fc00::1', 'private'],
    ['fd00:ec2::254', 'private'],
    ['fec0::1', 'private'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['100.64.0.1', 'shared by a carrier (CGNAT)'],
    ['100.100.100.200', 'shared by a carrier (CGNAT)'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['64:ff9b::a00:1', 'a tunnel to IPv4 (NAT64, 6to4 or Teredo)'],
    ['64:ff9b:1::1', 'a tunnel to IPv4 (NAT64, 6to4 or Teredo)'],
    ['2002:a00:1::', 'a tunnel to IPv4 (NAT64, 6to4 or Teredo)'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'a tunnel to IPv4 (NAT64, 6to4 or Teredo)'],
    ['192.0.2.1', 'for documentation'],
    ['198.51.100.1', 'for documentation'],
    ['203.0.113.1', 'for documentation'],
    ['2001:db8::1', 'for documentation'],
    ['3fff::1', 'for documentation'],
    ['168.63.129.16', "a cloud's metadata service"],
    ['192.0.0.192', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['100::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['::10.0.0.1', 'an IPv4 address in the form of IPv6'],
    ['::ffff:0:10.0.0.1', 'an IPv4 address in the form of IPv6'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['acme', 'no IP address'],
    ['', 'no IP address'],
    ['1.1.1.1', 'public'],
    ['172.32.0.1', 'public'],
    ['100.128.0.1', 'public'],
    ['::ffff:1.1.1.1', 'public'],
    ['2606:4700:4700::1111', 'public'],
    ['2a00:1450:4001:810::200e', 'public'],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});
