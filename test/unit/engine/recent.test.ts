import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addRecent, type Recent, recentAt } from '../../../shared/engine/recent.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const midnight = Date.parse('2026-11-26T00:00:00Z');

it('is what a list of all that happened says, for every hour and day', () => {
  const event = fc.record({
    afterMs: fc.integer({ min: 0, max: 3 * hourMs }),
    records: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(
      fc.array(event, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 0, max: 3 * dayMs }),
      (events, laterMs) => {
        let now = midnight + 5 * hourMs;
        let recent: Recent | undefined;
        const all: { readonly at: number; readonly records: number }[] = [];
        for (const { afterMs, records } of events) {
          now += afterMs;
          recent = addRecent(recent, now, { records });
          all.push({ at: now, records });
        }
        now += laterMs;
        const seen = recentAt(recent, now);
        const within = (length: number, back: number) =>
          all
            .filter(({ at }) => Math.floor(at / length) === Math.floor(now / length) - back)
            .reduce((sum, { records }) => sum + records, 0);
        expect([seen.thisHour.records, seen.lastHour.records]).toStrictEqual([
          within(hourMs, 0),
          within(hourMs, 1),
        ]);
        expect([seen.today.records, seen.yesterday.records]).toStrictEqual([
          within(dayMs, 0),
          within(dayMs, 1),
        ]);
      },
    ),
  );
});

it('keeps every kind of amount apart, and is nothing at first', () => {
  const empty = { records: 0, bytes: 0, filtered: 0, throttledMs: 0, unavailableMs: 0 };
  expect(recentAt(undefined, midnight)).toStrictEqual({
    hour: midnight,
    thisHour: empty,
    lastHour: empty,
    day: midnight,
    today: empty,
    yesterday: empty,
  });
  const recent = addRecent(addRecent(undefined, midnight, { throttledMs: 5, bytes: 7 }), midnight, {
    unavailableMs: 3,
    filtered: 2,
    records: 1,
  });
  const all = { records: 1, bytes: 7, filtered: 2, throttledMs: 5, unavailableMs: 3 };
  expect([recent.thisHour, recent.today]).toStrictEqual([all, all]);
});

it('counts into the newest hour what a clock that was set back tells', () => {
  const recent = addRecent(addRecent(undefined, midnight + 2 * hourMs, { records: 4 }), midnight + hourMs, {
    records: 1,
  });
  expect(recent).toMatchObject({ hour: midnight + 2 * hourMs, thisHour: { records: 5 } });
});
