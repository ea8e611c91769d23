import { describe, expect, it } from 'vitest';
import { publishedRateLimits, rateLimitFor } from '../../../shared/sentinelone/rate-limits.ts';
import { sharePlan } from '../../../shared/sentinelone/share-plan.ts';

const planFor = (path: string) => sharePlan(rateLimitFor(path));
const shared = publishedRateLimits.filter((limit) => sharePlan(limit).most > 1);
const oneByOne = publishedRateLimits.filter((limit) => sharePlan(limit).most === 1);

describe('sharePlan', () => {
  it.each([
    // Three a second for seven seconds, and half of the burst at most at the same moment.
    ['/threats', { fewest: 3, most: 20, durationMs: 7_000, requestMs: 125, hasRoom: true }],
    ['/agents', { fewest: 13, most: 20, durationMs: 7_000, requestMs: 50, hasRoom: true }],
    ['/rogues', { fewest: 14, most: 20, durationMs: 7_000, requestMs: 125, hasRoom: true }],
    ['/service-users', { fewest: 7, most: 10, durationMs: 7_000, requestMs: 250, hasRoom: true }],
    // Too slow for shares: every request has its turn.
    ['/dv/events/pq', { fewest: 1, most: 1, requestMs: 312.5, earlyMs: 0, hasRoom: false }],
    ['/dv/query-status', { fewest: 1, most: 1, requestMs: 1_250, earlyMs: 0, hasRoom: false }],
    ['/dv/init-query', { fewest: 1, most: 1, requestMs: 75_000, earlyMs: 0, hasRoom: false }],
    // A burst of 30, of which 24 are given.
    ['/export', { fewest: 1, most: 1, requestMs: 1_250, earlyMs: 23 * 1_250, hasRoom: false }],
  ])('divides %s', (path, expected) => {
    const plan = planFor(path);
    for (const [name, value] of Object.entries(expected)) {
      const actual: unknown = Reflect.get(plan, name);
      if (typeof value === 'number') expect(actual, name).toBeCloseTo(value, 6);
      else expect(actual, name).toBe(value);
    }
  });

  it.each(shared)('lets few enough shares of $prefix run at once', (limit) => {
    const plan = sharePlan(limit);
    const atOnce = 1 + plan.durationMs / (plan.fewest * plan.requestMs);
    const allowed = limit.burst > 1 ? limit.burst : limit.requestsPerSecond;
    expect(atOnce).toBeLessThanOrEqual(Math.max(5, allowed / 2) + 1e-9);
    expect(plan.most).toBeGreaterThanOrEqual(plan.fewest);
  });

  it.each(oneByOne)(
    'keeps requests of $prefix as far apart as published, also when one is late and the next is not',
    (limit) => {
      const plan = sharePlan(limit);
      expect(plan.requestMs - plan.durationMs).toBeCloseTo(1000 / limit.requestsPerSecond, 3);
    },
  );
});
