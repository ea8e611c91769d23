import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { hostAddresses, isPublicAddress } from '../../../shared/records/addresses.ts';
import { macOfHost } from '../../../shared/records/network-interfaces.ts';

describe('the addresses of a host', () => {
  it.each<[string, readonly Json[], string | undefined, readonly string[]]>([
    ['one address', ['10.0.0.1'], '10.0.0.1', ['10.0.0.1']],
    ['a comma-joined list', ['10.0.0.2, 10.0.0.1,10.0.0.2'], '10.0.0.2', ['10.0.0.2', '10.0.0.1']],
    ['IPv4 before IPv6', ['2001:DB8::1,10.0.0.1'], '10.0.0.1', ['10.0.0.1', '2001:db8::1']],
    ['lists of texts', [['10.0.0.1'], ['fe80::1', null]], '10.0.0.1', ['10.0.0.1', 'fe80::1']],
    ['a zone', ['fe80::1%eth0,fe80::2%12'], undefined, ['fe80::1', 'fe80::2']],
    ['only IPv6', ['2001:db8::1'], undefined, ['2001:db8::1']],
    ['nothing', ['', null, [], {}, 7, 'None'], undefined, []],
    ['no addresses', ['10.0.0.256, 123:123:123:123, 31.155.5.x, localhost,,'], undefined, []],
    ['loopback and unspecified', ['127.0.0.1,::1,0.0.0.0,::'], undefined, []],
    ['a self-assigned one and a real one', ['169.254.1.1,10.0.0.1'], '10.0.0.1', ['169.254.1.1', '10.0.0.1']],
    ['a self-assigned one alone', ['169.254.1.1'], '169.254.1.1', ['169.254.1.1']],
  ])('are read from %s', (_name, values, ip, list) => {
    expect(hostAddresses(...values)).toEqual({ ip, list });
  });
});

describe('an address', () => {
  it.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['10.0.0.1', false],
    ['172.31.0.1', false],
    ['100.64.0.1', false],
    ['169.254.1.1', false],
    ['fd00::1', false],
    ['not an address', false],
    [undefined, false],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected);
  });
});

describe('the MAC address of a host', () => {
  const network = (physical: Json, ...inet: readonly string[]) => ({ physical, inet });

  it.each<[string, readonly Json[], string | undefined]>([
    ['dashes', [network('A4-BB-6D-11-22-33')], 'a4:bb:6d:11:22:33'],
    ['colons', [network('a4:bb:6d:11:22:33')], 'a4:bb:6d:11:22:33'],
    ['digits alone', [network('A4BB6D112233')], 'a4:bb:6d:11:22:33'],
    ['no MAC address', [network('1:1:1:1'), network(''), network(null), null, 'text'], undefined],
    [
      'the loopback interface',
      [network('00:00:00:00:00:00'), network('02:00:00:00:00:01')],
      '02:00:00:00:00:01',
    ],
    [
      'the interface with the address before the first',
      [network('02:00:00:00:00:01', '10.9.9.9'), network('02:00:00:00:00:02', '10.0.0.1')],
      '02:00:00:00:00:02',
    ],
    [
      'another interface where the one with the address has none',
      [network('02:00:00:00:00:01', '10.9.9.9'), network(null, '10.0.0.1')],
      '02:00:00:00:00:01',
    ],
  ])('is read from %s', (_name, interfaces, mac) => {
    expect(macOfHost(interfaces, '10.0.0.1')).toBe(mac);
  });
});
