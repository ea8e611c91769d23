import { describe, expect, it } from 'vitest';
import { ConsoleClock } from '../../../shared/sentinelone/console-clock.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const start = Date.parse('2026-11-24T10:00:00.500Z');

describe('ConsoleClock', () => {
  it.each([
    ['agrees', 'Tue, 24 Nov 2026 10:00:00 GMT', 0],
    ['is ahead of ours, which cannot lose anything', 'Tue, 24 Nov 2026 10:07:00 GMT', 0],
    ['is two seconds behind, for which the settle time has room', 'Tue, 24 Nov 2026 09:59:58 GMT', 0],
    ['is five minutes behind', 'Tue, 24 Nov 2026 09:55:00 GMT', 300_500],
    ['is half a minute behind, or its answer took so long', 'Tue, 24 Nov 2026 09:59:30 GMT', 30_500],
    ['is not told', undefined, 0],
    ['is told in a form that is none', 'soon', 0],
  ])('where the console %s', (_, date, aheadMs) => {
    const ours = new ManualClock(start);
    const clock = new ConsoleClock(ours);
    clock.observe(date, start);
    expect(ours.now() - clock.now()).toBe(aheadMs);
  });

  it('tells what the console said last, whatever ours says', () => {
    const clock = new ConsoleClock(new ManualClock(start));
    expect(clock.answeredAt()).toBeUndefined();
    clock.observe('Tue, 24 Nov 2026 10:07:00 GMT', start);
    clock.observe('soon', start);
    expect(clock.answeredAt()).toBe(Date.parse('2026-11-24T10:07:00Z'));
  });

  it('believes the last answer, and forgets it after ten minutes', () => {
    const ours = new ManualClock(start);
    const clock = new ConsoleClock(ours);
    clock.observe('Tue, 24 Nov 2026 09:55:00 GMT', start);
    clock.observe('Tue, 24 Nov 2026 10:00:00 GMT', start);
    expect(clock.now()).toBe(start);
    clock.observe('Mon, 23 Nov 2026 10:00:00 GMT', start);
    expect(clock.now()).toBeLessThan(start - 86_000_000);
    ours.advance(600_001);
    expect(clock.now()).toBe(ours.now());
  });
});
