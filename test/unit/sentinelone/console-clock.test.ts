import { describe, expect, it } from 'vitest';
import { ConsoleClock } from '../../../shared/sentinelone/console-clock.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const start = Date.parse('2026-11-24T10:00:00.500Z');

describe('ConsoleClock', () => {
  it.each([
    ['agrees', 'Tue, 24 Nov 2026 10:00:00 GMT', 0],
    ['is ahead of ours, which cannot lose anything', 'Tue, 24 Nov 2026 10:07:00 GMT', 0],
    ['is a second behind, which the rounding explains', 'Tue, 24 Nov 2026 09:59:59 GMT', 1_000],
    ['is five minutes behind', 'Tue, 24 Nov 2026 09:55:00 GMT', 300_000],
    ['is not told', undefined, 0],
    ['is told in a form that is none', 'soon', 0],
  ])('where the console %s', (_, date, atMost) => {
    const ours = new ManualClock(start);
    const clock = new ConsoleClock(ours);
    // The answer took 200 ms.
    clock.observe(date, start - 200, start);
    const aheadMs = ours.now() - clock.now();
    expect(aheadMs).toBeGreaterThanOrEqual(atMost === 1_000 ? 0 : atMost);
    // Never less cautious than the date allows, and not more than its rounding and the way of the answer.
    expect(aheadMs).toBeLessThanOrEqual(atMost === 0 ? 0 : atMost + 1_200);
  });

  it('believes the last answer', () => {
    const ours = new ManualClock(start);
    const clock = new ConsoleClock(ours);
    clock.observe('Tue, 24 Nov 2026 09:55:00 GMT', start, start);
    clock.observe('Tue, 24 Nov 2026 10:00:00 GMT', start, start);
    expect(clock.now()).toBe(start);
  });
});
