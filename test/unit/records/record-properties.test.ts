import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentType } from '../../../shared/content-types/content-type.ts';
import { contentTypes } from '../../../shared/content-types/registry.ts';
import { isObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { deriveRecord } from '../../../shared/records/derive-record.ts';
import { fieldAt } from '../../../shared/records/json-fields.ts';
import { makeRecord } from '../../../shared/records/make-record.ts';
import { derivedLine, recordLine } from '../../../shared/records/record-line.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';
import { goldenCases, vendorFile } from '../../golden/golden-pairs.ts';
import { goldenSource } from '../../golden/golden-source.ts';
import { damagedAt, sizeOf } from './damaged-json.ts';

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

function goldenVendors(contentType: ContentType): readonly Json[] {
  return goldenCases(contentType.id).vendor.map((name) =>
    parseLossless(readFileSync(vendorFile(contentType.id, name), 'utf8')),
  );
}

const damages: readonly (Json | undefined)[] = [
  undefined,
  null,
  '',
  'None',
  7,
  true,
  [],
  {},
  [null],
  [[{}]],
  { name: {} },
];

/** A golden object with some of its values, at any depth, dropped or replaced. */
function damaged(contentType: ContentType): fc.Arbitrary<Json> {
  const replacement = fc.oneof(
    fc.constantFrom(...damages),
    anyJson,
    fc.array(tactic).map((list) => parseLossless(JSON.stringify(list))),
  );
  return fc
    .tuple(
      fc.constantFrom(...goldenVendors(contentType)),
      fc.array(fc.tuple(fc.nat(), replacement), { maxLength: 20 }),
    )
    .map(([vendor, places]) => {
      const size = sizeOf(vendor);
      return damagedAt(vendor, new Map(places.map(([place, value]) => [place % size, value]))) ?? null;
    });
}

describe.each(contentTypes)('every record of $id', (contentType) => {
  const source = goldenSource(contentType.id);
  const vendors = fc.oneof(anyJson, damaged(contentType));

  it('holds the vendor object whole, in the record and in what is derived from it', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        const record = makeRecord(contentType, vendor, source);
        expectWhole(record, vendor);
        const derived = deriveRecord(contentType, record);
        expect(derived === undefined).toBe(contentType.derived === undefined);
        if (derived) expectWhole(derived, vendor);
      }),
      { numRuns: 500 },
    );
  });

  it('belongs to our tenant, whatever the vendor object says', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        const record = makeRecord(contentType, vendor, source);
        for (const one of [record, deriveRecord(contentType, record) ?? record]) {
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
        expect(JSON.stringify(deriveRecord(contentType, readBack))).toBe(
          JSON.stringify(deriveRecord(contentType, record)),
        );
        expect(contentType.reading.sortKey(readBack)).toBe(contentType.reading.sortKey(vendor));
      }),
    );
  });

  it('has a derived line that is the same whether it is written whole or takes over the end of its own line', () => {
    fc.assert(
      fc.property(vendors, (vendor) => {
        const record = makeRecord(contentType, vendor, source);
        const derived = deriveRecord(contentType, record) ?? { ...record, record_uid: 'derived' };
        expect(derivedLine(derived, record, recordLine(record))).toBe(recordLine(derived));
      }),
      { numRuns: 500 },
    );
  });

  it('is normalised whatever one of its values becomes, as long as it can be identified', () => {
    for (const vendor of goldenVendors(contentType)) {
      for (let place = 0; place < sizeOf(vendor); place += 1) {
        for (const damage of damages) {
          const broken = damagedAt(vendor, new Map([[place, damage]])) ?? null;
          const record = makeRecord(contentType, broken, source);
          const derived = deriveRecord(contentType, record) ?? record;
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
        expect(() => isObject(line) && deriveRecord(contentType, line)).not.toThrow();
      }),
    );
  });
});

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
