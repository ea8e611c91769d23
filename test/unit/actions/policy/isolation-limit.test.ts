import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Isolations,
  isolationHourMs,
  reserved,
} from '../../../../shared/actions/policy/isolation-limit.ts';

const minute = 60_000;

it('lets through no more endpoints than the limit in any hour, and none too few', () => {
  const request = fc.record({
    pauseMinutes: fc.integer({ min: 0, max: 45 }),
    agentIds: fc.array(fc.integer({ min: 1, max: 9 }).map(String), { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 30 }), fc.integer({ min: 0, max: 5 }), (requests, most) => {
      let now = 0;
      let isolations: Isolations = {};
      const through: { readonly at: number; readonly id: string }[] = [];
      const within = (from: number) =>
        new Set(through.filter(({ at }) => at > from - isolationHourMs && at <= from).map(({ id }) => id));
      for (const { pauseMinutes, agentIds } of requests) {
        now += pauseMinutes * minute;
        const before = within(now);
        const outcome = reserved(isolations, { agentIds, now, most });
        const size = new Set([...before, ...agentIds]).size;
        expect(outcome.kind).toBe(size <= most ? 'reserved' : 'exhausted');
        if (outcome.kind === 'reserved') {
          isolations = outcome.isolations;
          for (const id of agentIds) through.push({ at: now, id });
          expect(within(now).size).toBeLessThanOrEqual(most);
          // Nothing that is over is kept.
          expect(Object.keys(isolations).sort()).toEqual([...within(now)].sort());
        } else {
          expect(outcome.used).toBe(before.size);
          const { retryAfterMs } = outcome;
          expect(retryAfterMs === undefined).toBe(new Set(agentIds).size > most);
          if (retryAfterMs === undefined) continue;
          const later = (at: number) => reserved(isolations, { agentIds, now: at, most }).kind;
          expect([later(now + retryAfterMs - 1), later(now + retryAfterMs)]).toEqual([
            'exhausted',
            'reserved',
          ]);
        }
      }
    }),
    { numRuns: 500 },
  );
});

it('counts what another clock has written ahead of time', () => {
  expect(reserved({ '1': 5_000 }, { agentIds: ['2'], now: 0, most: 1 })).toStrictEqual({
    kind: 'exhausted',
    used: 1,
    retryAfterMs: isolationHourMs + 5_000,
  });
});
