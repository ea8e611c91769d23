import { describe, expect, it } from 'vitest';
import { init, lastHour, post } from './event-support.ts';
import { epochMs, get, hourMs, openConsole, stoppedClock, vendorError } from './support.ts';

const dayMs = 24 * hourMs;

describe('Deep Visibility refuses', () => {
  it.each([
    [{ query: '' }, 4_000_040, 'not valid'],
    [{ query: 'EventType = "Login' }, 4_000_040, 'not valid'],
    [{ query: undefined }, 4_000_010, 'query: Missing data for required field.'],
    [{ fromDate: undefined }, 4_000_010, 'fromDate: Missing'],
    [{ toDate: 'soon' }, 4_000_010, 'toDate: Not a valid datetime.'],
    [{ toDate: '2026-11-24T10:00:00Z' }, 4_000_010, 'toDate: '],
    [{ fromDate: epochMs - 15 * dayMs }, 4_000_010, 'retains data for 14 days'],
    [{ limit: 100_001 }, 4_000_010, 'limit: '],
    [{ isVerbose: 'yes' }, 4_000_010, 'isVerbose: '],
    [{ siteIds: 'all' }, 4_000_010, 'siteIds: '],
    [{ queryType: ['threats'] }, 4_000_010, 'queryType: '],
    [{ tenant: true }, 4_000_010, "dict_values(['tenant']): Unknown field"],
  ])('%j', async (body, code, detail) => {
    const console = await openConsole();
    const reply = await post(console, '/dv/init-query', { ...lastHour, ...body });
    expect(reply.status).toBe(400);
    expect(vendorError(reply)).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it.each([
    ['/dv/events', { countOnly: 'true' }, 400],
    ['/dv/events', { skipCount: 'true' }, 400],
    ['/dv/events', { limit: '1001' }, 400],
    ['/dv/events', { skip: '100001' }, 400],
    ['/dv/events', { sortBy: 'id' }, 400],
    ['/dv/events', { queryId: 'q123' }, 404],
    ['/dv/query-status', { queryId: 'q123' }, 404],
    ['/dv/query-status', { queryId: '' }, 400],
  ] as const)('%s with %j', async (path, params, status) => {
    const console = await openConsole();
    const reply = await get(console, path, { queryId: await init(console), ...params });
    expect([reply.status, vendorError(reply).code]).toEqual([status, status * 10_000 + 10]);
  });

  it("another token's query, and tokens whose role may not ask", async () => {
    const console = await openConsole();
    const queryId = await init(console);
    expect((await get(console, '/dv/query-status', { queryId }, console.tokens.viewer)).status).toBe(404);
    const reply = await post(console, '/dv/init-query', lastHour, console.tokens.withoutDeepVisibility);
    expect([reply.status, vendorError(reply).code]).toEqual([403, 4_030_010]);
  });

  it('a second start within a minute, and a second look within a second', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, rateLimitScale: 1 });
    const queryId = await init(console);
    clock.nowMs += 20_000;
    const early = await post(console, '/dv/init-query', lastHour);
    expect([early.status, early.headers.get('content-type'), early.headers.get('retry-after')]).toEqual([
      429,
      'text/html',
      '40',
    ]);
    clock.nowMs += 40_000;
    expect((await post(console, '/dv/init-query', lastHour)).status).toBe(200);
    const statuses = [];
    for (let look = 0; look < 2; look++)
      statuses.push((await get(console, '/dv/query-status', { queryId })).status);
    expect(statuses).toEqual([200, 429]);
  });

  it('everything from its sunset on', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, dvSunset: epochMs + 1_000 });
    const queryId = await init(console);
    clock.nowMs += 1_000;
    for (const reply of [
      await post(console, '/dv/init-query', lastHour),
      await post(console, '/dv/cancel-query', { queryId }),
      await get(console, '/dv/query-status', { queryId }),
      await get(console, '/dv/events', { queryId }),
    ])
      expect([reply.status, vendorError(reply)]).toMatchObject([
        404,
        { code: 4_040_010, detail: 'Deep Visibility queries were retired' },
      ]);
  });
});
