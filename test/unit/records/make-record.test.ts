import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import { makeRecord } from '../../../shared/records/make-record.ts';
import { recordUid } from '../../../shared/records/record-uid.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';
import { contentTypeWith, source } from './vendor-objects.ts';

const eventTime = Date.UTC(2026, 10, 24, 8, 30);
const sortKey = Date.UTC(2026, 10, 24, 8, 45);

function failing(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

describe('a record', () => {
  it('begins with the envelope, then has the normalised fields, then the vendor object in its order', () => {
    const contentType = contentTypeWith({
      eventTime: () => eventTime,
      normalize: () => ({ hostip: '10.0.0.1' }),
    });
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
        timestamp: eventTime,
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
    [
      'the event time',
      contentTypeWith({ eventTime: () => eventTime, reading: sortedAt(sortKey) }),
      eventTime,
    ],
    ['else the sort key', contentTypeWith({ reading: sortedAt(sortKey) }), sortKey],
    ['else the write time', contentTypeWith(), 5000],
    [
      'none that stands for none',
      contentTypeWith({ eventTime: () => 0, reading: sortedAt(sortKey) }),
      sortKey,
    ],
    [
      'none that stands for none, of the sort key either',
      contentTypeWith({ eventTime: () => -11_644_473_600_000, reading: sortedAt(Date.UTC(2185, 6, 21)) }),
      5000,
    ],
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

  it('leaves a normalised field out whose name the vendor uses for the same kind of thing', () => {
    const normalize = () => ({ host: { name: 'a' }, ip: '10.0.0.1', tag: ['x'] });
    const record = makeRecord(contentTypeWith({ normalize }), { host: { id: 1 }, ip: '', tag: [] }, source);
    expect(record).toMatchObject({ host: { id: 1 }, ip: '', tag: [] });
    expect(record).not.toHaveProperty('sentinelone');
  });

  it.each<[string, Json]>([
    ['null', null],
    ['a text', 'ACME\\keller'],
    ['a list', []],
    ['a number', 3],
    ['a big number', parseLossless('12345678901234567890')],
  ])('keeps what the vendor has for a normalised object under sentinelone where it is %s', (_, user) => {
    const contentType = contentTypeWith({ normalize: () => ({ user: { name: 'keller' } }) });
    const record = makeRecord(contentType, { user, other: 1 }, source);
    expect(record).toMatchObject({ user: { name: 'keller' }, sentinelone: { user }, other: 1 });
  });

  it('leaves a vendor field alone that no normalised one is called by', () => {
    const record = makeRecord(contentTypeWith({ normalize: () => ({}) }), { user: 'x' }, source);
    expect(record).toMatchObject({ user: 'x' });
    expect(record).not.toHaveProperty('sentinelone');
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
    const contentType = contentTypeWith({ normalize: failing('broken'), eventTime: () => eventTime });
    expect(makeRecord(contentType, {}, source)['timestamp']).toBe(eventTime);
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

describe('a content type that has secrets', () => {
  const vendor = { id: '1', registrationToken: 'invented', nested: [{ apiToken: 'invented' }] };
  const kept = { id: '1', registrationToken: '(masked)', nested: [{ apiToken: '(masked)' }] };

  it('has them in no record', () => {
    const record = makeRecord(contentTypeWith({ hasSecrets: true }), vendor, source);
    expect(record).toMatchObject(kept);
    expect(JSON.stringify(record)).not.toContain('invented');
  });

  it('has them in no normalised field either', () => {
    const contentType = contentTypeWith({
      hasSecrets: true,
      normalize: (object) => ({ tag: object['registrationToken'] }),
    });
    expect(makeRecord(contentType, vendor, source)['tag']).toBe('(masked)');
  });

  it('has them in no record that cannot be normalised', () => {
    const contentType = contentTypeWith({ hasSecrets: true, identity: failing('The field id is missing.') });
    expect(makeRecord(contentType, vendor, source)).toMatchObject({
      normalization_error: expect.any(String),
      ...kept,
    });
    expect(makeRecord(contentType, [vendor], source)['raw']).toEqual([kept]);
  });

  it('is the only one whose objects are changed', () => {
    expect(makeRecord(contentTypeWith(), vendor, source)).toMatchObject(vendor);
  });
});
