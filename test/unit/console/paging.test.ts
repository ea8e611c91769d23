import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startConsole } from '../../../local/console/console.ts';
import {
  epochMs,
  get,
  getPage,
  hourMs,
  openConsole,
  stoppedClock,
  vendorError,
  walk,
  worldDefaults,
} from './support.ts';

describe('a page', () => {
  it('has ten records unless asked otherwise, and tells the total', async () => {
    const page = await getPage(await openConsole(), '/threats');
    expect(page.data).toHaveLength(10);
    expect(page.pagination).toEqual({ nextCursor: expect.any(String), totalItems: 120 });
  });

  it('leaves out the total with skipCount, and the records with countOnly', async () => {
    const console = await openConsole();
    expect((await getPage(console, '/threats', { skipCount: 'true' })).pagination).not.toHaveProperty(
      'totalItems',
    );
    expect(await getPage(console, '/threats', { countOnly: 'true' })).toEqual({
      data: [],
      pagination: { nextCursor: null, totalItems: 120 },
    });
  });

  it('skips records', async () => {
    const console = await openConsole();
    const first = await getPage(console, '/threats', { limit: '7' });
    const skipped = await getPage(console, '/threats', { limit: '4', skip: '3' });
    expect(skipped.data).toEqual(first.data?.slice(3));
  });

  it('ends with nextCursor null', async () => {
    expect(
      (await getPage(await openConsole(), '/threats', { limit: '120' })).pagination.nextCursor,
    ).toBeNull();
  });

  it('of sites has its own envelope', async () => {
    const page: unknown = await getPage(await openConsole(), '/sites', { limit: '2' });
    expect(page).toMatchObject({
      data: { allSites: { totalLicenses: 0 }, sites: [{ siteType: 'Paid' }, {}] },
      pagination: { totalItems: 5 },
    });
  });
});

describe('sorting', () => {
  it.each([
    ['/threats', 'updatedAt'],
    ['/threats', 'createdAt'],
    ['/threats', 'id'],
    ['/agents', 'updatedAt'],
    ['/agents', 'lastActiveDate'],
    ['/agents', 'computerName'],
    ['/activities', 'createdAt'],
    ['/groups', 'name'],
  ])('%s by %s is the same backwards, page by page', async (path, sortBy) => {
    const console = await openConsole({ burst: 9 });
    const ids = async (sortOrder: string, limit: string) =>
      (await walk(console, path, { sortBy, sortOrder, limit })).map(({ id }) => id);
    const ascending = await ids('asc', '1000');
    expect(ascending.length).toBeGreaterThan(10);
    expect(new Set(ascending).size).toBe(ascending.length);
    expect(await ids('asc', '4')).toEqual(ascending);
    expect(await ids('desc', '7')).toEqual(ascending.toReversed());
  });
});

describe('a cursor', () => {
  const sort = { sortBy: 'updatedAt', sortOrder: 'asc', limit: '10' };
  const since = '2026-11-24T06:00:00.000Z';

  it('is base64 text that has to be encoded in a URL', async () => {
    const console = await openConsole();
    const cursors = new Set<string>();
    for (let limit = 1; limit <= 30; limit++) {
      const { nextCursor } = (
        await getPage(console, '/agents', { sortBy: 'computerName', limit: String(limit) })
      ).pagination;
      if (nextCursor) cursors.add(nextCursor);
    }
    for (const cursor of cursors) expect(Buffer.from(cursor, 'base64').toString('base64')).toBe(cursor);
    expect([...cursors].some((cursor) => cursor.endsWith('='))).toBe(true);
  });

  it.each([
    ['another lower bound', { updatedAt__gte: '2026-11-24T06:00:00.001Z' }],
    ['one filter more', { updatedAt__gte: since, noteExists: 'true' }],
    ['one filter less', {}],
    ['another order', { updatedAt__gte: since, sortOrder: 'desc' }],
    ['another sort key', { updatedAt__gte: since, sortBy: 'createdAt' }],
  ])('is refused with %s', async (_, params) => {
    const console = await openConsole();
    const page = await getPage(console, '/threats', { ...sort, updatedAt__gte: since });
    const reply = await get(console, '/threats', {
      ...sort,
      ...params,
      cursor: page.pagination.nextCursor ?? '',
    });
    expect(reply.status).toBe(400);
    expect(vendorError(reply)).toEqual({
      code: 4_000_010,
      title: 'Validation Error',
      detail: 'Invalid cursor value received',
    });
  });

  it.each(['garbage', '', 'dXBkYXRlZEF0OltdOg=='])('is refused when it is %j', async (cursor) => {
    expect((await get(await openConsole(), '/threats', { ...sort, cursor })).status).toBe(400);
  });

  it('is refused at another endpoint', async () => {
    const console = await openConsole();
    const page = await getPage(console, '/threats', sort);
    expect(
      (await get(console, '/agents', { ...sort, cursor: page.pagination.nextCursor ?? '' })).status,
    ).toBe(400);
  });

  it('is good with another limit and without the total', async () => {
    const console = await openConsole();
    const page = await getPage(console, '/threats', sort);
    const params = { ...sort, limit: '3', skipCount: 'true', cursor: page.pagination.nextCursor ?? '' };
    expect((await getPage(console, '/threats', params)).data).toHaveLength(3);
  });

  it('goes on behind records that changed meanwhile: ascending by updatedAt none is lost', async () => {
    const clock = stoppedClock(epochMs + hourMs);
    const console = await openConsole({ clock, profiles: ['mutation'] });
    const before = new Set(
      [...console.truth('threats', 0, clock.nowMs)].filter((line) => line.current).map((line) => line.id),
    );
    const seen = new Set<string>();
    let pages = 0;
    for (let cursor: string | null | undefined; ; ) {
      const page = await getPage(console, '/threats', {
        ...sort,
        limit: '30',
        ...(cursor ? { cursor } : {}),
      });
      for (const { id } of page.data ?? []) seen.add(id);
      cursor = page.pagination.nextCursor;
      clock.nowMs += 500;
      pages++;
      if (!cursor) break;
    }
    expect([...before].filter((id) => !seen.has(id))).toEqual([]);
    expect(pages).toBeGreaterThan(4);
  });
});

describe('a full walk in windows', () => {
  it.each(['threats', 'agents', 'activities'] as const)('returns exactly what is true: %s', async (type) => {
    const timeField = type === 'activities' ? 'createdAt' : 'updatedAt';
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom(1, 5, 30),
      fc.integer({ min: 1, max: 5 }),
      async (seed, limit, burst, windows) => {
        const nowMs = epochMs + hourMs;
        const options = { ...worldDefaults, seed, threats: 60, agents: 30, burst };
        const console = await startConsole({ ...options, clock: stoppedClock(nowMs), rateLimitScale: 'off' });
        try {
          // Given windows that cover the history and the hour after it
          const startMs = epochMs - worldDefaults.historyMs - 1_000;
          const edges = Array.from(
            { length: windows + 1 },
            (_, index) => startMs + Math.floor(((nowMs + 1 - startMs) * index) / windows),
          );
          // When each of them is walked
          const found: unknown[] = [];
          for (const [index, from] of edges.slice(0, -1).entries()) {
            const bounds = {
              [`${timeField}__gte`]: new Date(from).toISOString(),
              [`${timeField}__lt`]: new Date(edges[index + 1] ?? 0).toISOString(),
            };
            found.push(
              ...(await walk(console, `/${type}`, {
                ...bounds,
                sortBy: timeField,
                sortOrder: 'asc',
                limit: String(limit),
              })),
            );
          }
          // Then the current revisions were returned, each once and in order
          const expected = [...console.truth(type, startMs, nowMs + 1)]
            .filter((line) => line.current)
            .map((line) => line.record);
          expect(found).toEqual(JSON.parse(JSON.stringify(expected)));
        } finally {
          await console.close();
        }
      },
    );
    await fc.assert(property, { numRuns: 8 });
  });
});

describe('a restarted console', () => {
  it('gives the same answers, accepts the same tokens and the cursors of the one before it', async () => {
    const clock = stoppedClock(epochMs + 2 * hourMs);
    const first = await openConsole({ clock });
    const params = { sortBy: 'updatedAt', limit: '20' };
    const page = await get(first, '/threats', params);
    const { nextCursor } = JSON.parse(page.text).pagination;
    const next = await get(first, '/threats', { ...params, cursor: nextCursor });

    const second = await openConsole({ clock });
    expect(second.tokens).toEqual(first.tokens);
    expect((await get(second, '/threats', params)).text).toBe(page.text);
    expect((await get(second, '/threats', { ...params, cursor: nextCursor })).text).toBe(next.text);
  });
});
