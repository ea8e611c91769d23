import { describe, expect, it } from 'vitest';
import { rateLimiter } from '../../../local/console/server/rate-limits.ts';
import { epochMs, get, openConsole, stoppedClock } from './support.ts';

describe('rate limits', () => {
  it.each([
    ['/threats', 50, 10],
    ['/threats/123/notes', 1_000, 100],
    ['/threats/123/explore/events', 1_000, 100],
    ['/application-management/inventory', 3, 3],
    ['/application-management/risks', 40, 20],
    ['/unifiedalerts/graphql', 40, 20],
    ['/agents', 25, 25],
    ['/agents/count', 25, 25],
    ['/activities', 30, 10],
    ['/sites', 10, 100],
    ['/user', 5, 2],
    ['/users/viewer-auth-check', 80, 40],
    ['/system/status', 1, 1],
    ['/groups', 40, 20],
    ['/dv/query-status', 1, 1],
    ['/dv/events/pq-ping', 4, 4],
    ['/dv/events', 40, 20],
    ['/sdl/v2/api/queries/abc', 3, 3],
  ])('%s: %i at once, then %i a second', (path, burst, perSecond) => {
    const limiter = rateLimiter(1);
    const allowed = (nowMs: number) => {
      let count = 0;
      while (limiter.take('admin', path, nowMs) === undefined) count++;
      return count;
    };
    expect(allowed(epochMs)).toBe(burst);
    expect(allowed(epochMs + 1_000)).toBe(Math.min(burst, perSecond));
    // A long rest fills the burst and no more.
    expect(allowed(epochMs + 3_600_000)).toBe(burst);
  });

  it('let one query start per minute, and say how long to wait', () => {
    const limiter = rateLimiter(1);
    const take = (seconds: number) => limiter.take('admin', '/dv/init-query', epochMs + seconds * 1_000);
    expect(take(0)).toBeUndefined();
    for (const seconds of [0, 7, 20, 59])
      expect(take(seconds)?.headers['retry-after']).toBe(String(60 - seconds));
    expect(take(60)).toBeUndefined();
  });

  it('are per token and per prefix', () => {
    const limiter = rateLimiter(1);
    const status = (token: string, path: string) => limiter.take(token, path, epochMs)?.status ?? 200;
    for (let request = 0; request < 25; request++) expect(status('admin', '/agents')).toBe(200);
    expect(status('admin', '/agents/count')).toBe(429);
    expect(status('viewer', '/agents')).toBe(200);
    expect(status('admin', '/threats')).toBe(200);
  });

  it('can be scaled and switched off', () => {
    const [doubled, off] = [rateLimiter(2), rateLimiter('off')];
    for (let request = 0; request < 50; request++)
      expect(doubled.take('admin', '/agents', epochMs)).toBeUndefined();
    expect(doubled.take('admin', '/agents', epochMs)?.status).toBe(429);
    for (let request = 0; request < 5_000; request++)
      expect(off.take('admin', '/agents', epochMs)).toBeUndefined();
  });

  it('answer with a page of HTML and Retry-After, and let the next second in', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, rateLimitScale: 0.2 });
    const statuses: number[] = [];
    for (let request = 0; request < 6; request++) statuses.push((await get(console, '/agents')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const reply = await get(console, '/agents');
    expect(reply.headers.get('content-type')).toBe('text/html');
    expect(reply.headers.get('retry-after')).toBe('1');
    expect(reply.text).toContain('429 Too Many Requests');
    expect(reply.headers.get('date')).toBe(new Date(epochMs).toUTCString());
    clock.nowMs += 1_000;
    expect((await get(console, '/agents')).status).toBe(200);
  });

  it('do not count requests without a valid token', async () => {
    const console = await openConsole({ rateLimitScale: 0.04 });
    for (let request = 0; request < 3; request++)
      expect((await get(console, '/agents', {}, 'wrong')).status).toBe(401);
    expect((await get(console, '/agents')).status).toBe(200);
    expect((await get(console, '/agents')).status).toBe(429);
  });
});
