import { describe, expect, it } from 'vitest';
import { eventTimeAt, timeAt } from '../../../shared/content-types/parts/times.ts';

const record = (time: string | null) => ({ info: { time } });

describe('a time of a record', () => {
  it.each([
    ['2026-11-24T08:30:00.123456Z', Date.UTC(2026, 10, 24, 8, 30, 0, 123)],
    ['2026-11-24T08:30:00Z', Date.UTC(2026, 10, 24, 8, 30)],
    ['', undefined],
    [null, undefined],
  ])('%j is %j, whatever it is asked for', (text, time) => {
    expect(timeAt('info', 'time')(record(text))).toBe(time);
    expect(eventTimeAt('info', 'time')(record(text))).toBe(time);
  });

  it.each(['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '2185-07-21T23:34:33.709552Z'])(
    '%s sorts a record, but nothing happened then',
    (text) => {
      expect(timeAt('info', 'time')(record(text))).toBe(Date.parse(text));
      expect(eventTimeAt('info', 'time')(record(text))).toBeUndefined();
    },
  );
});
