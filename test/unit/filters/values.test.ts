import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals, parseDecimal } from '../../../shared/filters/decimal.ts';
import { parseFieldPath, someValueAt } from '../../../shared/filters/field-path.ts';
import { compareInstants, parseInstant } from '../../../shared/filters/instant.ts';
import { isNetwork, networksTest } from '../../../shared/filters/networks.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';

function valuesAt(record: JsonObject, field: string): readonly Json[] {
  const path = parseFieldPath(field);
  if (path === undefined) throw new Error(`${field} is no path`);
  const values: Json[] = [];
  someValueAt(record, path, (value) => {
    values.push(value);
    return false;
  });
  return values;
}

describe('the values at a field', () => {
  it('are found through objects and lists, with [] and without, and under names with dots', () => {
    const record = {
      site: { name: 'lab' },
      tags: ['a', null, ['b', [{ c: 1 }]]],
      nics: [{ ip: ['10.0.0.1', '10.0.0.2'] }, { ip: null }, 7, { ip: '10.0.0.3' }],
      'src.process.name': 'flat',
      src: { process: { name: 'deep' }, 'process.name': 'mixed' },
    };
    expect(valuesAt(record, 'site.name')).toStrictEqual(['lab']);
    expect(valuesAt(record, 'tags').slice(0, 2)).toStrictEqual(['a', 'b']);
    expect(valuesAt(record, 'tags.c')).toStrictEqual([1]);
    expect(valuesAt(record, 'nics[].ip[]')).toStrictEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    expect(valuesAt(record, 'nics.ip')).toStrictEqual(valuesAt(record, 'nics[].ip[]'));
    expect([...valuesAt(record, 'src.process.name')].sort()).toStrictEqual(['deep', 'flat', 'mixed']);
  });

  it('are none where nothing is there, and names of every object are no fields', () => {
    const record = { a: null, b: [], c: { d: 1 }, e: 'text' };
    for (const field of [
      'a',
      'b',
      'x',
      'c.x',
      'c.d.e',
      'e.length',
      'toString',
      '__proto__',
      'c.constructor.name',
    ])
      expect(valuesAt(record, field)).toStrictEqual([]);
    expect(valuesAt(record, 'c')).toStrictEqual([{ d: 1 }]);
  });

  it('are found in lists that are nested deeper than a stack is', () => {
    const deep = parseLossless(`{"a":${'['.repeat(50_000)}1${']'.repeat(50_000)}}`) as JsonObject;
    expect(valuesAt(deep, 'a')).toStrictEqual([1]);
  });

  it.each(['', '.', 'a..b', 'a.', '.a', '[]', 'a[0]', 'a[].[]', 'a]b', '[]a', Array(21).fill('a').join('.')])(
    'cannot be at %s',
    (field) => {
      expect(parseFieldPath(field)).toBeUndefined();
    },
  );
});

describe('decimals', () => {
  const number = fc
    .record({
      sign: fc.constantFrom('', '-'),
      whole: fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fraction: fc.stringMatching(/^\d{0,12}$/),
      exponent: fc.integer({ min: -15, max: 15 }),
    })
    .map(({ sign, whole, fraction, exponent }) => ({
      text: `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}${exponent === 0 ? '' : `e${exponent}`}`,
      // Times 10^30, so that all of them are whole.
      scaled: BigInt(`${sign}${whole}${fraction}` || '0') * 10n ** BigInt(30 - fraction.length + exponent),
    }));

  it('compare as the numbers that they spell', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [first, second] = [parseDecimal(a.text), parseDecimal(b.text)];
        if (first === undefined || second === undefined) throw new Error('no number');
        const order = a.scaled < b.scaled ? -1 : a.scaled > b.scaled ? 1 : 0;
        expect(Math.sign(compareDecimals(first, second))).toBe(order);
      }),
    );
  });

  it('are what JSON calls a number, of any size', () => {
    for (const text of [
      '',
      '-',
      '01',
      '+1',
      '1.',
      '.5',
      '1e',
      ' 1',
      '0x1',
      'NaN',
      'Infinity',
      '1'.repeat(1_001),
    ])
      expect(parseDecimal(text)).toBeUndefined();
    const [near, far] = [parseDecimal('1e-99999999999999999999'), parseDecimal('1e99999999999999999999')];
    if (near === undefined || far === undefined) throw new Error('no number');
    expect(compareDecimals(near, far)).toBeLessThan(0);
  });
});

describe('instants', () => {
  it.each([
    ['2026-11-24', '2026-11-24T00:00:00Z', 0],
    ['2026-11-24T10:00:00+02:00', '2026-11-24T08:00:00.000Z', 0],
    ['2026-11-24T10:00:00.123456Z', '2026-11-24T10:00:00.123457Z', -1],
    ['2026-11-24T10:00:00.1Z', '2026-11-24T10:00:00.10Z', 0],
    ['1969-12-31T23:59:59.9Z', '1970-01-01T00:00:00Z', -1],
    ['1969-12-31T23:59:59.9Z', '1969-12-31T23:59:59.8Z', 1],
  ])('%s and %s compare as %i', (a, b, order) => {
    const [first, second] = [parseInstant(a), parseInstant(b)];
    if (first === undefined || second === undefined) throw new Error('no instant');
    expect(Math.sign(compareInstants(first, second))).toBe(order);
  });

  it('have a zone', () => {
    for (const text of ['2026-11-24T10:00:00', '2026-13-01', '24.11.2026', 'now', '2026'])
      expect(parseInstant(text)).toBeUndefined();
  });
});

describe('networks', () => {
  const bitsOf = (bytes: readonly number[]) =>
    bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const v4 = fc.array(fc.constantFrom(0, 1, 10, 127, 128, 192, 255), { minLength: 4, maxLength: 4 });
  const v6 = fc.array(fc.constantFrom(0, 1, 0x20, 0x80, 0xfe, 0xff), { minLength: 16, maxLength: 16 });
  const v6Text = (bytes: readonly number[]) =>
    Array.from({ length: 8 }, (_, i) =>
      ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16),
    ).join(':');

  it('hold the addresses that begin with their bits', () => {
    fc.assert(
      fc.property(v4, v4, fc.integer({ min: 0, max: 32 }), (network, address, prefix) => {
        const test = networksTest([`${network.join('.')}/${prefix}`]);
        const holds = bitsOf(network).slice(0, prefix) === bitsOf(address).slice(0, prefix);
        expect(test(address.join('.'))).toBe(holds);
        expect(test(`::ffff:${address.join('.')}`)).toBe(holds);
      }),
    );
    // One that begins like an IPv4 address in the form of IPv6 is an IPv4 address.
    const plain = v6.filter((bytes) => bytes.slice(0, 10).some((byte) => byte !== 0));
    fc.assert(
      fc.property(plain, plain, fc.integer({ min: 0, max: 128 }), (network, address, prefix) => {
        const holds = bitsOf(network).slice(0, prefix) === bitsOf(address).slice(0, prefix);
        expect(networksTest([`${v6Text(network)}/${prefix}`])(v6Text(address))).toBe(holds);
      }),
    );
  });

  it('are looked for in lists of addresses in one text, without zones', () => {
    const test = networksTest(['10.0.0.0/8', 'fe80::/10', '192.0.2.1']);
    for (const value of ['10.1.2.3', '8.8.8.8, 10.0.0.1', 'fe80::1%eth0', 'FE80::1', '192.0.2.1'])
      expect(test(value)).toBe(true);
    for (const value of ['8.8.8.8', '', '10.1.2', '10.1.2.3:80', 'ten', '192.0.2.2', 10, true, null])
      expect(test(value)).toBe(false);
  });

  it('are told from what is none', () => {
    for (const text of ['10.0.0.0/8', '0.0.0.0/0', '::/0', '2001:db8::/32', '10.1.2.3'])
      expect(isNetwork(text)).toBe(true);
    for (const text of [
      '',
      '10.0.0.0/33',
      '::/129',
      '10.0.0/8',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      'fe80::1%1/64',
      'a',
    ])
      expect(isNetwork(text)).toBe(false);
  });
});
