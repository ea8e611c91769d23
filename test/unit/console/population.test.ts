import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../local/console/world/micro-time.ts';
import { population } from '../../../local/console/world/population.ts';

describe('a population', () => {
  it('counts what a scan counts, at any time, groups included', () => {
    const epochUs = 1_000 * micros.hour;
    const counted = fc.property(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 60 }),
      (seed, count, burst, perMinute) => {
        const { createdUs, countAt } = population({
          seed,
          purpose: 1,
          count,
          burst,
          startUs: epochUs - micros.hour,
          endUs: epochUs,
          epochUs,
          newPerUs: perMinute / micros.minute,
        });
        const times = Array.from({ length: count + 80 }, (_, index) => createdUs(index));
        expect(times).toEqual([...times].sort((a, b) => a - b));
        // The last ones may share their time with others that were not made.
        for (const us of times.slice(0, -10)) {
          expect(countAt(us)).toBe(times.filter((time) => time <= us).length);
          expect(countAt(us - 1)).toBe(times.filter((time) => time < us).length);
        }
      },
    );
    fc.assert(counted, { numRuns: 60 });
  });
});
