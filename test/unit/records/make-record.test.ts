import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { makeRecord } from '../../../shared/records/make-record.ts';
import { recordUid } from '../../../shared/records/record-uid.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';
import { contentTypeWith, source } from './vendor-objects.ts';

function failing(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

describe('a record', () => {
  it('begins with the envelope, then has the normalised fields, then the vendor object in its order', () => {
    const contentType = contentTypeWith({ eventTime: () => 4000, normalize: () => ({ hostip: '10.0.0.1' }) });
    const record = makeRecord(contentType, { zebra: 1, apple: null, list: [{ a: 1 }] }, source);
    expect(JSON.stringify(record)).toBe(
      JSON.stringify({
        msg_origin: {
          source: 'sentinelone_endpoint',
          vendor: 'sentinelone',
          category: 'endpoint',
          processor: { name: 'sentinelone_endpoint', type: 'log_collector' },
        },
        msg_class: 'sentinelone_things',
        tenantid: 'acme',
        tenant_name: 'Acme Inc.',
        timestamp: 4000,
        write_time: 5000,
        connector: { id: 'main', name: 'Main console', host_url: 'https://acme.sentinelone.net' },
        record_uid: recordUid('sentinelone_things', 'acme', { id: '1', revision: 'a' }),
        hostip: '10.0.0.1',
        zebra: 1,
        apple: null,
        list: [{ a: 1 }],
      }),
    );
  });

  const sortedAt = (time: number) => ({ ...contentTypeWith().reading, sortKey: () => time });
  it.each([
    ['the event time', contentTypeWith({ eventTime: () => 3000, reading: sortedAt(2000) }), 3000],
    ['else the sort key', contentTypeWith({ reading: sortedAt(2000) }), 2000],
    ['else the write time', contentTypeWith(), 5000],
  ])('has as its time %s', (_name, contentType, timestamp) => {
    expect(makeRecord(contentType, {}, source)['timestamp']).toBe(timestamp);
  });

  it.each([
    'msg_origin',
    'msg_class',
    'tenantid',
    'tenant_name',
    'timestamp',
    'write_time',
    'connector',
    'record_uid',
    'orig_id',
    'orig_index',
    'normalization_error',
    'sentinelone',
  ])('keeps a vendor field %s under `sentinelone`', (name) => {
    const record = makeRecord(contentTypeWith(), { before: 1, [name]: 'theirs', after: 2 }, source);
    const ours = makeRecord(contentTypeWith(), {}, source);
    expect(record).toEqual({ ...ours, sentinelone: { [name]: 'theirs' }, before: 1, after: 2 });
  });

  it('never lets a normalised field replace the envelope', () => {
    const contentType = contentTypeWith({
      normalize: () => ({ tenantid: 'evil', sentinelone: 1, ip: '::1' }),
    });
    const record = makeRecord(contentType, {}, source);
    expect(record).toEqual({ ...makeRecord(contentTypeWith(), {}, source), ip: '::1' });
  });

  it('leaves a normalised field out whose name the vendor uses', () => {
    const contentType = contentTypeWith({ normalize: () => ({ host: { name: 'a' }, ip: '10.0.0.1' }) });
    const record = makeRecord(contentType, { host: null }, source);
    expect(record).toMatchObject({ host: null, ip: '10.0.0.1' });
  });

  it('keeps a field named __proto__ as a field, and does not inherit from it', () => {
    const vendor = parseLossless('{"__proto__": {"tenantid": "evil"}, "a": 1}');
    const record = makeRecord(contentTypeWith(), vendor, source);
    expect(JSON.stringify(record)).toMatch(/"__proto__":\{"tenantid":"evil"\},"a":1\}$/);
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
  });

  it('keeps big numbers digit by digit', () => {
    const text = '{"a":12345678901234567890,"b":[{"c":-9223372036854775808}]}';
    const record = makeRecord(contentTypeWith(), parseLossless(text), source);
    expect(JSON.stringify(record).endsWith(text.slice(1))).toBe(true);
  });
});

describe('what cannot be normalised', () => {
  it.each<[string, Json]>([
    ['null', null],
    ['a text', 'oops'],
    ['a list', [{ id: '1' }]],
    ['a number', 7],
    ['a big number', parseLossless('12345678901234567890')],
    ['true', true],
  ])('is kept under `raw` when it is no object: %s', (_name, vendor) => {
    const record = makeRecord(contentTypeWith(), vendor, source);
    expect(record['raw']).toBe(vendor);
    expect(record['normalization_error']).toBe('The console sent no object.');
    expect(record).toMatchObject({ tenantid: 'acme', msg_class: 'sentinelone_things', timestamp: 5000 });
  });

  it.each([
    ['identity', contentTypeWith({ identity: failing('The field id is missing.') })],
    ['normalize', contentTypeWith({ normalize: failing('The field id is missing.') })],
    ['event time', contentTypeWith({ eventTime: failing('The field id is missing.') })],
  ])('is kept whole with the reason when this fails: %s', (_name, contentType) => {
    const record = makeRecord(contentType, { a: 1, tenantid: 'evil' }, source);
    expect(record).toMatchObject({
      tenantid: 'acme',
      timestamp: 5000,
      normalization_error: 'The field id is missing.',
      sentinelone: { tenantid: 'evil' },
      a: 1,
    });
  });

  it('still has the event time where that can be told', () => {
    const contentType = contentTypeWith({ normalize: failing('broken'), eventTime: () => 3000 });
    expect(makeRecord(contentType, {}, source)['timestamp']).toBe(3000);
  });

  it('gives its reason in one short line', () => {
    const contentType = contentTypeWith({ normalize: failing(`${'x'.repeat(1000)}\n    at file.ts:1`) });
    expect(makeRecord(contentType, {}, source)['normalization_error']).toBe('x'.repeat(300));
  });

  it('has a reason also when something else than an Error was thrown', () => {
    const contentType = contentTypeWith({
      normalize: () => {
        throw null;
      },
    });
    expect(makeRecord(contentType, {}, source)['normalization_error']).toBe(
      'The record could not be normalized.',
    );
  });

  it('has a uid that depends on its text alone', () => {
    const contentType = contentTypeWith({ identity: failing('none') });
    const uidOf = (vendor: Json, writeTime = 1) =>
      makeRecord(contentType, vendor, { ...source, writeTime })['record_uid'];
    expect(uidOf({ a: 1 }, 1)).toBe(uidOf({ a: 1 }, 2));
    expect(uidOf({ a: 1 })).not.toBe(uidOf({ a: 2 }));
  });

  it('does not throw on an object that is nested deeper than JSON can be written', () => {
    const deep = parseLossless(`{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    expect(() => JSON.stringify(deep)).toThrow(RangeError);
    const record = makeRecord(contentTypeWith({ identity: failing('none') }), deep, source);
    expect(record).toMatchObject({
      normalization_error: 'none',
      record_uid: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });
});
