import { describe, expect, it } from 'vitest';
import { deriveRecord } from '../../../shared/records/derive-record.ts';
import { derivedRecord } from '../../../shared/records/derived-record.ts';
import { makeRecord } from '../../../shared/records/make-record.ts';
import { contentTypeWith, source } from './vendor-objects.ts';

const toAlerts = { from: 'syslog', to: 'alerts' } as const;

describe('a derived record', () => {
  it('is none where the content type makes none', () => {
    expect(deriveRecord(contentTypeWith(), { a: 1 })).toBeUndefined();
  });

  it('is the record with a uid of its own, a pointer back, and the fields of its index', () => {
    const record = makeRecord(contentTypeWith(), { a: 1 }, source);
    const derived = derivedRecord(record, toAlerts, { severity: 10 });
    expect(derived).toEqual({
      ...record,
      record_uid: expect.stringMatching(/^[0-9a-f]{32}$/),
      orig_id: record['record_uid'],
      orig_index: 'syslog',
      severity: 10,
    });
    expect(derived['record_uid']).not.toBe(record['record_uid']);
  });

  it('keeps a vendor field under `sentinelone` whose name its index uses, beside those that were there before', () => {
    const record = makeRecord(contentTypeWith(), { severity: 'High', tenantid: 'evil' }, source);
    expect(derivedRecord(record, toAlerts, { severity: 10 })).toMatchObject({
      tenantid: 'acme',
      severity: 10,
      sentinelone: { tenantid: 'evil', severity: 'High' },
    });
  });

  it('is the record itself with the reason when deriving fails, under the uid it would have had', () => {
    const record = makeRecord(contentTypeWith(), { a: 1 }, source);
    const contentType = contentTypeWith({
      derived: {
        index: 'alerts',
        derive: () => {
          throw new Error('The field a is odd.');
        },
      },
    });
    const good = derivedRecord(record, toAlerts, {});
    expect(deriveRecord(contentType, record)).toEqual({
      ...good,
      normalization_error: 'The field a is odd.',
    });
  });
});
