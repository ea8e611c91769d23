import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGivenUp, tellPauseMs } from '../../../../shared/actions/callbacks/tell-pause.ts';

const hourMs = 3_600_000;
const longest = () => 0;
const shortest = () => 0.999_999;

describe('the pause after a failed try to tell somebody', () => {
  it('doubles from 10 seconds to an hour', () => {
    const pauses = Array.from({ length: 11 }, (_, index) => tellPauseMs(index + 1, longest) / 1000);
    expect(pauses).toStrictEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
  });

  it('is up to half shorter by chance, but never below 10 seconds', () => {
    expect([1, 2, 3, 10].map((failures) => Math.round(tellPauseMs(failures, shortest) / 1000))).toStrictEqual(
      [10, 10, 20, 1800],
    );
  });

  it('is what the receiver asked for where that is more', () => {
    expect(tellPauseMs(1, longest, 120_000)).toBe(120_000);
    expect(tellPauseMs(10, longest, 120_000)).toBe(hourMs);
  });

  it('is always from 10 seconds to an hour', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        chance,
        fc.nat({ max: hourMs }),
        (failures, random, asked) => {
          const pause = tellPauseMs(failures, () => random, asked);
          expect(pause).toBeGreaterThanOrEqual(Math.max(10_000, asked));
          expect(pause).toBeLessThanOrEqual(hourMs);
        },
      ),
    );
  });
});

describe('giving up', () => {
  it.each([
    [24, 24 * hourMs, true],
    [24, 24 * hourMs - 1, false],
    // The engine was away: nobody has tried.
    [23, 24 * 30 * hourMs, false],
    [1_000, 23 * hourMs, false],
  ])('after %i failures and %i ms: %s', (failures, age, given) => {
    expect(isGivenUp(failures, 1_000, 1_000 + age)).toBe(given);
  });

  it('comes within an hour after the day is over, for a step that was told of at once', () => {
    for (const random of [longest, shortest]) {
      let now = 0;
      let failures = 1;
      while (!isGivenUp(failures, 0, now)) {
        now += tellPauseMs(failures, random);
        failures += 1;
      }
      expect(now).toBeGreaterThanOrEqual(24 * hourMs);
      expect(now).toBeLessThan(25 * hourMs);
    }
  });
});
