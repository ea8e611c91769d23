import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDueAt } from '../../../../shared/actions/run/next-due.ts';
import { isFinal, targetStates } from '../../../../shared/actions/run/transitions.ts';
import { action, hourMs, minuteMs, now, target } from './fixtures.ts';

/** Nothing to bring or to tell. */
const quiet = { archived: 1, told: 1 };

describe('nextDueAt', () => {
  it('is never where everything is over, in the lake, and told', () => {
    expect(nextDueAt(action([target('1', { state: 'done' })], quiet), now)).toBeUndefined();
  });

  it.each([
    ['what is to be sent, at once', action([target('1')], quiet), now],
    [
      'what is to be sent, when the console may be asked again',
      action([target('1')], { ...quiet, resumeAt: now + minuteMs }),
      now + minuteMs,
    ],
    [
      'what is to be sent, before it expires',
      action([target('1')], { ...quiet, resumeAt: now + 2 * hourMs }),
      now + hourMs,
    ],
    [
      'an approval, when it runs out',
      action([target('1', { state: 'waiting_approval' })], quiet),
      now + hourMs,
    ],
    [
      'a look, when it is time to',
      action([target('1', { state: 'sent' })], { ...quiet, lookAt: now + 7_000 }),
      now + 7_000,
    ],
    [
      'a look, when the console may be asked again',
      action([target('1', { state: 'sent' })], { ...quiet, lookAt: now + 7_000, resumeAt: now + minuteMs }),
      now + minuteMs,
    ],
    ['the lake, at once', action([target('1', { state: 'done' })], { archived: 0, told: 1 }), now],
    ['who is to be told, at once', action([target('1', { state: 'done' })], { archived: 1, told: 0 }), now],
    [
      'who could not be told, later',
      action([target('1', { state: 'done' })], { archived: 1, told: 0, tellAt: now + minuteMs }),
      now + minuteMs,
    ],
  ])('is for %s', (_, one, at) => {
    expect(nextDueAt(one, now)).toBe(at);
  });

  it('law: whatever is not over is due some time', () => {
    const states = fc.array(fc.constantFrom(...targetStates), { minLength: 1, maxLength: 5 });
    const times = fc.record(
      { lookAt: fc.nat(9e5), resumeAt: fc.nat(9e5), tellAt: fc.nat(9e5) },
      { requiredKeys: [] },
    );
    void fc.assert(
      fc.property(states, times, (all, { lookAt, resumeAt }) => {
        const targets = all.map((state, index) => target(String(index), { state }));
        const due = nextDueAt(
          action(targets, {
            ...quiet,
            ...(lookAt === undefined ? {} : { lookAt: now + lookAt }),
            ...(resumeAt === undefined ? {} : { resumeAt: now + resumeAt }),
          }),
          now,
        );
        expect(due === undefined).toBe(all.every(isFinal));
        if (due !== undefined) expect(due).toBeGreaterThanOrEqual(now);
      }),
    );
  });
});
