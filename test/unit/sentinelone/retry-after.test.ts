import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../../shared/sentinelone/retry-after.ts';

const now = Date.UTC(2026, 10, 24, 12, 0, 0);
const hourMs = 3_600_000;

describe('parseRetryAfter', () => {
  it.each<[string | undefined, number | undefined]>([
    ['0', 0],
    ['1', 1000],
    [' 120 ', 120_000],
    ['3600', hourMs],
    ['3601', hourMs],
    ['86400', hourMs],
    ['86401', undefined],
    ['99999999999999999999', undefined],
    ['Tue, 24 Nov 2026 12:01:30 GMT', 90_000],
    ['tue, 24 nov 2026 12:01:30 gmt', 90_000],
    ['Tuesday, 24-Nov-26 12:01:30 GMT', 90_000],
    ['Tue Nov 24 12:01:30 2026', 90_000],
    ['Fri Jan  1 00:00:00 2027', undefined],
    ['Tue, 24 Nov 2026 11:59:59 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Thursday, 24-Nov-77 12:00:00 GMT', 0],
    ['Tuesday, 24-Nov-76 12:00:00 GMT', undefined],
    [undefined, undefined],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['soon', undefined],
    ['5 seconds', undefined],
    ['2026-11-24T12:01:30Z', undefined],
    ['Tue, 31 Feb 2026 12:00:00 GMT', undefined],
    ['Tue, 24 Foo 2026 12:00:00 GMT', undefined],
    ['Tue, 24 Nov 2026 25:00:00 GMT', undefined],
    ['Tue, 24 Nov 2026 12:00:00 PST', undefined],
  ])('%j is %j ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });

  it('gives back the distance of any date, for the form that toUTCString writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 86_400 }), (seconds) => {
        const header = new Date(now + seconds * 1000).toUTCString();
        expect(parseRetryAfter(header, now)).toBe(Math.min(Math.max(seconds, 0) * 1000, hourMs));
      }),
    );
  });
});
