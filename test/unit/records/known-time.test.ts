import { describe, expect, it } from 'vitest';
import { knownTime } from '../../../shared/records/known-time.ts';

describe('a time', () => {
  it.each(['1988-10-01T00:00:00Z', '1999-12-31T23:59:59Z', '2026-11-24T08:15:22Z', '2099-12-31T23:59:59Z'])(
    'is known at %s',
    (text) => {
      expect(knownTime(Date.parse(text))).toBe(Date.parse(text));
    },
  );

  it.each(['1601-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '1980-01-01T00:00:00Z', '2185-01-02T00:00:00Z'])(
    'is not known at %s',
    (text) => {
      expect(knownTime(Date.parse(text))).toBeUndefined();
    },
  );

  it('is not known where there is none', () => {
    expect(knownTime(undefined)).toBeUndefined();
    expect(knownTime(Number.NaN)).toBeUndefined();
  });
});
