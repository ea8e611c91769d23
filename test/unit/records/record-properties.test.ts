import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentType } from '../../../shared/content-types/content-type.ts';
import { contentTypes } from '../../../shared/content-types/registry.ts';
import { isObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { deriveRecord } from '../../../shared/records/derive-record.ts';
import { fieldAt } from '../../../shared/records/json-fields.ts';
import { makeRecord } from '../../../shared/records/make-record.ts';
import { maskSecrets } from '../../../shared/records/mask-secrets.ts';
import { derivedLine, recordLine } from '../../../shared/records/record-line.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';
import { goldenVendors } from '../../golden/golden-pairs.ts';
import { goldenSource } from '../../golden/golden-source.ts';
import { optionsWithAlerts } from '../../support/options-with-alerts.ts';
import { type Damage, damagedAt, sizeOf } from './damaged-json.ts';

const tactic = fc.record({
  name: fc.constantFrom('Impact', 'impact', 'New one', '', null),
  source: fc.constantFrom('MITRE', 'DEFAULT', 7, null),
  techniques: fc.jsonValue(),
});
const nameThatMatters = fc.constantFrom(
  '__proto__',
  'tenantid',
  'sentinelone',
  'constructor',
  'toJSON',
  'severity',
  'host',
  'rawJSON',
  'raw',
  '7',
);

/** Any JSON: values, objects with names that matter to us, and big numbers. */
const anyJson: fc.Arbitrary<Json> = fc
  .oneof(
    fc.jsonValue({ stringUnit: 'binary' }),
    fc
      .array(fc.tuple(fc.oneof(nameThatMatters, fc.string()), fc.jsonValue()))
      .map((entries) => Object.fromEntries(entries)),
    fc.bigInt().map((big) => ({ id: '1', updatedAt: 'x', big: JSON.rawJSON(String(big)) })),
  )
  .map((value) => parseLossless(JSON.stringify(value)));

/** Dropped, nulled, blanked, of another type, nested in something, beyond what a double holds. */
const damages: readonly Damage[] = [
  () => undefined,
  () => null,
  () => '',
  () => ' ',
  () => 'None',
  () => '-',
  () => 7,
  () => -1,
  () => true,
  () => [],
  () => ({}),
  () => '1970-01-01T00:00:00Z',
  () => JSON.rawJSON('18446744073709551617'),
  () => JSON.rawJSON('-9007199254740993'),
  () => JSON.rawJSON('0.10000000000000000001'),
  (original) => (typeof original === 'number' ? String(original) : JSON.stringify(original)),
  (original) => (typeof original === 'string' && Number.isFinite(Number(original)) ? Number(original) : 0),
  (original) => [original],
  (original) => [[original, null]],
  (original) => ({ name: original }),
];

/** A golden object with some of its values, at any depth, damaged or replaced, and with more fields. */
function damaged(contentType: ContentType): fc.Arbitrary<Json> {
  const replacement: fc.Arbitrary<Damage> = fc.oneof(
    fc.constantFrom(...damages),
    anyJson.map((json) => () => json),
    fc.array(tactic).map((list) => () => parseLossless(JSON.stringify(list))),
  );
  const more = fc.array(fc.tuple(nameThatMatters, anyJson), { maxLength: 2 });
  return fc
    .tuple(
      fc.constantFrom(...goldenVendors(contentType.id)),
      fc.array(fc.tuple(fc.nat(), replacement), { maxLength: 20 }),
      more,
    )
    .map(([vendor, places, fields]) => {
      const size = sizeOf(vendor);
      const broken =
        damagedAt(vendor, new Map(places.map(([place, damage]) => [place % size, damage]))) ?? null;
      return isObject(broken) ? Object.fromEntries([...Object.entries(broken), ...fields]) : broken;
    });
}

describe.each(contentTypes)('every record of $id', (contentType) => {
  const source = goldenSource(contentType.id);
  const options = optionsWithAlerts(contentType);
  const vendors = fc.oneof(anyJson, damaged(contentType));

  it('holds the vendor object whole, in the record and in what is derived from it', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        const record = makeRecord(contentType, vendor, source);
        expectWhole(record, kept(contentType, vendor));
        const derived = deriveRecord(contentType, record, options);
        expect(derived === undefined).toBe(contentType.derived === undefined);
        if (derived) expectWhole(derived, kept(contentType, vendor));
      }),
      { numRuns: 500 },
    );
  });

  it('belongs to our tenant, whatever the vendor object says', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        const record = makeRecord(contentType, vendor, source);
        for (const one of [record, deriveRecord(contentType, record, options) ?? record]) {
          expect(one).toMatchObject({
            msg_origin: { source: 'sentinelone_endpoint', vendor: 'sentinelone' },
            msg_class: contentType.msgClass,
            tenantid: 'northwind',
            tenant_name: 'Northwind Manufacturing',
            timestamp: expect.any(Number),
            write_time: source.writeTime,
            connector: { id: 'emea', name: 'SentinelOne EMEA', host_url: source.hostUrl },
            record_uid: expect.stringMatching(/^[0-9a-f]{32}$/),
          });
          expect(Object.getPrototypeOf(one)).toBe(Object.prototype);
        }
      }),
    );
  });

  it('has a finite time stamp, and a reason exactly when it could not be normalised', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        const record = makeRecord(contentType, vendor, source);
        expect(Number.isInteger(record['timestamp'])).toBe(true);
        expect(Object.hasOwn(record, 'normalization_error')).toBe(!isUsable(contentType, vendor));
      }),
    );
  });

  it('is made the same again, and derived the same from its line in the log', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        const record = makeRecord(contentType, vendor, source);
        const line = JSON.stringify(record);
        expect(JSON.stringify(makeRecord(contentType, vendor, source))).toBe(line);
        const readBack = parseLossless(line);
        if (!isObject(readBack)) throw new Error('A line is an object.');
        expect(JSON.stringify(deriveRecord(contentType, readBack, options))).toBe(
          JSON.stringify(deriveRecord(contentType, record, options)),
        );
        expect(contentType.reading.sortKey(readBack)).toBe(contentType.reading.sortKey(vendor));
      }),
    );
  });

  it('has a derived line that is the same whether it is written whole or takes over the end of its own line', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        const record = makeRecord(contentType, vendor, source);
        const derived = deriveRecord(contentType, record, options) ?? { ...record, record_uid: 'derived' };
        expect(derivedLine(derived, record, recordLine(record))).toBe(recordLine(derived));
      }),
      { numRuns: 500 },
    );
  });

  it('is one line of JSON that says the same', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        const record = makeRecord(contentType, vendor, source);
        for (const one of [record, deriveRecord(contentType, record, options) ?? record]) {
          const line = recordLine(one);
          expect(line).not.toMatch(/[\n\r]/);
          expect(JSON.stringify(parseLossless(line))).toBe(line);
          expect(line).toBe(JSON.stringify(one));
        }
      }),
    );
  });

  it('has every digit of a number, wherever the console has one', () => {
    const number = '12345678901234567890.5';
    for (const vendor of goldenVendors(contentType.id)) {
      for (let place = 0; place < sizeOf(vendor); place += 1) {
        const broken = damagedAt(vendor, new Map([[place, () => JSON.rawJSON(number)]])) ?? null;
        if (isMasked(contentType, broken)) continue;
        expect(recordLine(makeRecord(contentType, broken, source))).toContain(number);
      }
    }
  });

  it('is normalised whatever one of its values becomes, as long as it can be identified', () => {
    for (const vendor of goldenVendors(contentType.id).filter((golden) => isUsable(contentType, golden))) {
      for (let place = 0; place < sizeOf(vendor); place += 1) {
        for (const damage of damages) {
          const broken = damagedAt(vendor, new Map([[place, damage]])) ?? null;
          const record = makeRecord(contentType, broken, source);
          const derived = deriveRecord(contentType, record, options) ?? record;
          const reason = record['normalization_error'] ?? derived['normalization_error'];
          if (isUsable(contentType, broken) && reason !== undefined) {
            throw new Error(`${reason}: ${JSON.stringify(broken)}`);
          }
        }
      }
    }
  });

  it('can be derived from anything that is found in the log', () => {
    fc.assert(
      fc.property(anyJson, (line) => {
        expect(() => isObject(line) && deriveRecord(contentType, line, options)).not.toThrow();
      }),
    );
  });
});

/** What the record holds of the object: all of it but the console's secrets. */
function kept({ hasSecrets }: ContentType, vendor: Json): Json {
  return hasSecrets ? maskSecrets(vendor) : vendor;
}

function isMasked(contentType: ContentType, vendor: Json): boolean {
  return JSON.stringify(kept(contentType, vendor)) !== JSON.stringify(vendor);
}

function isUsable(contentType: ContentType, vendor: Json): boolean {
  try {
    return isObject(vendor) && contentType.identity(vendor, goldenSource(contentType.id).window).id !== '';
  } catch {
    return false;
  }
}

/** Compared as text: that shows big numbers digit by digit, the order of fields, and a field `__proto__`. */
function expectWhole(record: JsonObject, vendor: Json): void {
  if (!isObject(vendor)) {
    expect(JSON.stringify(record['raw'])).toBe(JSON.stringify(vendor));
    return;
  }
  for (const [name, value] of Object.entries(vendor)) {
    const moved = fieldAt(record, 'sentinelone', name);
    const kept = moved === undefined ? fieldAt(record, name) : moved;
    expect(`${name}: ${JSON.stringify(kept)}`).toBe(`${name}: ${JSON.stringify(value)}`);
  }
}
