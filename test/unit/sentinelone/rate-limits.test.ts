import { describe, expect, it } from 'vitest';
import { publishedRateLimits, rateLimitFor } from '../../../shared/sentinelone/rate-limits.ts';

describe('rateLimitFor', () => {
  it.each([
    ['/threats', '/threats', 10, 50],
    ['/threats/1392053568582758390/notes', '/threats/', 100, 1000],
    ['/agents', '/agents', 25, 1],
    ['/agents/count', '/agents', 25, 1],
    ['/activities', '/activities', 10, 30],
    ['/activities/types', '/activities', 10, 30],
    ['/user', '/user', 2, 5],
    ['/users', '/users', 40, 80],
    ['/users/login/by-token', '/users/login', 1, 1],
    ['/user-groups', '/user-groups', 15, 50],
    ['/dv/init-query', '/dv/init-query', 1 / 60, 1],
    ['/dv/query-status', '/dv/query-status', 1, 1],
    ['/dv/events/pq', '/dv/events/pq', 4, 1],
    ['/dv/events/pq-ping', '/dv/events/pq-ping', 4, 1],
    ['/dv/events', '/dv', 10, 10],
    ['/cloud-detection/rules', '/cloud-detection/rules', 0.5, 1],
    ['/cloud-detection/alerts', '/cloud-detection', 10, 10],
    ['/application-management/risks', '/application-management', 10, 10],
    ['/rogues/table-view', '/rogues', 10, 10],
    ['/groups', '/groups', 10, 10],
    ['/threatsandmore', '/threatsandmore', 10, 10],
    ['/', '/', 10, 10],
  ])('%s draws on %s: %d per second, %d at once', (path, prefix, requestsPerSecond, burst) => {
    expect(rateLimitFor(path)).toEqual({ prefix, requestsPerSecond, burst });
  });

  it('has each prefix once, and only limits that can be met', () => {
    const prefixes = publishedRateLimits.map(({ prefix }) => prefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const limit of publishedRateLimits) {
      expect(limit.requestsPerSecond).toBeGreaterThan(0);
      expect(limit.burst).toBeGreaterThanOrEqual(1);
    }
  });
});
