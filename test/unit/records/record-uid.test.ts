import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedRecordUid, rawRecordUid, recordUid } from '../../../shared/records/record-uid.ts';

/** Any text, lone surrogates and all. */
const text = fc
  .string({ unit: 'binary' })
  .chain((plain) => fc.constantFrom(plain, `${plain}\ud800`, `\udc00${plain}`));
const parts = fc.record({ msgClass: text, tenant: text, id: text, revision: text });

describe('the record uid', () => {
  it('stays what it is: a change would write every record of every lake a second time', () => {
    const uid = recordUid('sentinelone_host', 'acme', { id: '17', revision: '2026-11-20T10:00:00Z' });
    expect(uid).toBe('6c79afde4cb8f15a6e07a72b5dfdaf78');
  });

  it('is the same exactly when class, tenant, id and revision are the same', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(recordUid(a.msgClass, a.tenant, a) === recordUid(b.msgClass, b.tenant, b)).toBe(same);
      }),
    );
  });

  it('tells apart what is the same when joined', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom('', '|', '/', '"', '","', '\0'), (a, b, separator) => {
        const left = recordUid('c', 't', { id: `${a}${separator}`, revision: b });
        const right = recordUid('c', 't', { id: a, revision: `${separator}${b}` });
        expect(left === right).toBe(separator === '');
      }),
    );
  });

  it('tells lone surrogates apart, which are one character in UTF-8', () => {
    expect(recordUid('c', 't', { id: '\ud800', revision: '' })).not.toBe(
      recordUid('c', 't', { id: '\ud801', revision: '' }),
    );
    expect(rawRecordUid('c', 't', '\ud800')).not.toBe(rawRecordUid('c', 't', '\ud801'));
  });

  it('differs between a record, a raw record and a derived one of the same parts', () => {
    const uids = [
      recordUid('alerts', 'x', { id: 'x', revision: 'x' }),
      rawRecordUid('alerts', 'x', 'x'),
      derivedRecordUid('alerts', 'x'),
      derivedRecordUid('assets', 'x'),
    ];
    expect(new Set(uids).size).toBe(uids.length);
  });
});
