import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextWindow,
  type Progress,
  passed,
  splitBacklog,
  type Track,
} from '../../../shared/engine/progress.ts';
import type { Window } from '../../../shared/engine/stream.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const at = (clock: string) => Date.parse(`2026-11-24T${clock}Z`);
const plain = (watermark: number, horizon: number) =>
  nextWindow({ watermark }, { horizon, intervalMs: 5 * minuteMs, previous: undefined })?.window;

describe('nextWindow', () => {
  it.each([
    ['ends at the hour', '08:20:00', '12:00:00', ['08:20:00', '09:00:00']],
    ['ends at the horizon', '08:20:00', '08:29:00', ['08:20:00', '08:29:00']],
    ['begins a new hour', '09:00:00', '12:00:00', ['09:00:00', '10:00:00']],
    ['is not due at the horizon', '08:20:00', '08:20:00', undefined],
    ['is not due in the future', '09:20:00', '08:21:00', undefined],
  ])('%s', (_, watermark, horizon, expected) => {
    expect(plain(at(watermark), at(horizon))).toStrictEqual(
      expected && { from: at(expected[0] ?? ''), to: at(expected[1] ?? '') },
    );
  });

  it('gives what is new a turn beside an old backlog', () => {
    const horizon = at('12:20:00');
    let progress = splitBacklog({ watermark: at('09:30:00') }, horizon);
    const windows: string[] = [];
    let previous: Track | undefined;
    for (;;) {
      const next = nextWindow(progress, { horizon, intervalMs: 5 * minuteMs, previous });
      if (next === undefined) break;
      previous = next.track;
      progress = passed(progress, next.window);
      windows.push(`${next.track} ${new Date(next.window.from).toISOString().slice(11, 16)}`);
    }
    expect(windows).toStrictEqual(['new 12:00', 'old 09:30', 'old 10:00', 'old 11:00']);
    expect(progress).toStrictEqual({ watermark: horizon });
  });

  it('lets the old have every second turn however fast the new comes', () => {
    const horizon = at('12:20:00');
    const progress: Progress = {
      watermark: at('01:00:00'),
      ahead: { from: at('08:00:00'), to: at('09:00:00') },
    };
    const turn = (previous: Track | undefined) =>
      nextWindow(progress, { horizon, intervalMs: 5 * minuteMs, previous })?.track;
    expect([turn(undefined), turn('new'), turn('old')]).toStrictEqual(['new', 'old', 'new']);
  });
});

describe('splitBacklog', () => {
  it.each([
    ['a stream that is current', '12:15:00', '12:20:00', undefined],
    ['a stream two hours behind', '10:20:00', '12:20:00', undefined],
    ['a stream further behind', '10:19:59', '12:20:00', { from: at('12:00:00'), to: at('12:00:00') }],
  ])('of %s', (_, watermark, horizon, ahead) => {
    expect(splitBacklog({ watermark: at(watermark) }, at(horizon)).ahead).toStrictEqual(ahead);
  });
});

describe('passed', () => {
  it('refuses a span that leaves a gap', () => {
    const progress = { watermark: 10, ahead: { from: 30, to: 40 } };
    expect(() => passed(progress, { from: 11, to: 12 })).toThrow('does not follow');
    expect(() => passed(progress, { from: 10, to: 31 })).toThrow('does not follow');
    expect(() => passed(progress, { from: 41, to: 42 })).toThrow('does not follow');
    expect(passed(progress, { from: 40, to: 45 })).toStrictEqual({
      ...progress,
      ahead: { from: 30, to: 45 },
    });
    expect(passed(progress, { from: 10, to: 30 })).toStrictEqual({ watermark: 40 });
  });
});

describe('whatever the outages', () => {
  const time = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') });

  it('the windows tile the time without gap or overlap, never over an hour, never beyond the horizon', () => {
    fc.assert(
      fc.property(
        time,
        // How long each slice comes after the one before, and how many windows it has time for.
        fc.array(fc.tuple(fc.nat({ max: 30 * hourMs }), fc.nat({ max: 12 })), {
          minLength: 1,
          maxLength: 20,
        }),
        (since, slices) => {
          let progress: Progress = { watermark: since };
          let horizon = since;
          const read: Window[] = [];
          for (const [age, budget] of [...slices, [0, Number.POSITIVE_INFINITY] as const]) {
            horizon += age;
            progress = splitBacklog(progress, horizon);
            let previous: Track | undefined;
            for (let i = 0; i < budget; i++) {
              const next = nextWindow(progress, { horizon, intervalMs: 5 * minuteMs, previous });
              if (next === undefined) break;
              previous = next.track;
              read.push(next.window);
              progress = passed(progress, next.window);
            }
          }
          expect(progress).toMatchObject({ watermark: horizon });
          expect(progress.ahead).toBeUndefined();
          let end = since;
          for (const { from, to } of read.sort((a, b) => a.from - b.from)) {
            expect(from).toBe(end);
            expect(to).toBeGreaterThan(from);
            expect(Math.floor(from / hourMs)).toBe(Math.floor((to - 1) / hourMs));
            end = to;
          }
          expect(end).toBe(horizon);
        },
      ),
    );
  });
});
