import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../local/console/console.ts';
import { findEvents, init, lastHour, post, queryStatus, settledMs } from './event-support.ts';
import { epochMs, get, getPage, hourMs, openConsole, stoppedClock, vendorError, walk } from './support.ts';

const ids = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id);
const trueIds = (console: RunningConsole) =>
  [...console.truth('deep-visibility', settledMs - hourMs, settledMs)].map(({ id }) => id);

describe('a Deep Visibility query', () => {
  it('goes through its states and then has its results, for a while', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const queryId = await init(console);
    expect(queryId).toMatch(/^q[0-9a-f]{32}$/);
    const states: string[] = [];
    const totals: (number | undefined)[] = [];
    for (const stopMs = clock.nowMs + 7_000; clock.nowMs < stopMs; clock.nowMs += 100) {
      const { responseState, progressStatus } = await queryStatus(console, queryId);
      expect(progressStatus === 100).toBe(responseState === 'FINISHED');
      if (states.at(-1) === responseState) continue;
      states.push(responseState);
      totals.push((await getPage(console, '/dv/events', { queryId })).pagination.totalItems);
    }
    expect(states).toEqual(['RUNNING', 'PROCESS_RUNNING', 'EVENTS_RUNNING', 'FINISHED']);
    const found = totals.at(-1);
    expect(found).toBeGreaterThan(500);
    expect(totals).toEqual([0, 0, found, found]);
    clock.nowMs += 16 * 60_000;
    expect(await queryStatus(console, queryId)).toMatchObject({ responseState: 'QUERY_EXPIRED' });
    const reply = await get(console, '/dv/events', { queryId });
    expect([reply.status, vendorError(reply).code]).toEqual([404, 4_040_010]);
  });

  it('finds what is visible when it starts, at any time, also with late records and mutation', async () => {
    for (const profiles of [[], ['late-records', 'mutation']] as const) {
      const clock = stoppedClock();
      const console = await openConsole({ clock, profiles, endpointEventBurst: 300 });
      for (const atMs of [epochMs, epochMs + 17 * 60_000 + 5_000, epochMs + 3 * hourMs]) {
        clock.nowMs = atMs;
        const span = { fromDate: atMs - hourMs, toDate: atMs };
        const found = await findEvents(console, clock, span);
        const lines = [...console.truth('deep-visibility', atMs - hourMs, atMs, atMs)];
        expect(found).toEqual(lines.filter(({ current }) => current).map(({ record }) => record));
        expect(lines.some(({ current }) => !current)).toBe(true);
        expect(found.length).toBeGreaterThan(500);
      }
    }
  });

  it('begins strictly after fromDate and ends with toDate', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const lines = [...console.truth('deep-visibility', epochMs - hourMs, epochMs - hourMs / 2)];
    const [first, last] = [lines[3], lines[9]];
    const found = await findEvents(console, clock, { fromDate: first?.time, toDate: last?.time });
    expect(ids(found)).toEqual(lines.slice(4, 10).map(({ id }) => id));
  });

  it('has no more rows than the cap or its limit: some of them, and others the next time', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, dvRowCap: 100 });
    const [one, two] = [await findEvents(console, clock), await findEvents(console, clock)];
    const all = new Set(trueIds(console));
    expect(one).toHaveLength(100);
    expect(ids(one)).not.toEqual(ids(two));
    for (const id of ids(one)) expect(all.has(id)).toBe(true);
    expect(await findEvents(console, clock, { limit: 7 })).toHaveLength(7);
  });

  it.each([
    ['EventType = "IP Connect"', /^IP Connect$/],
    ['ObjectType In ("dns", "ip") AND AgentName IS NOT EMPTY', /^(IP|DNS) /],
    ['ObjectType = "ip" AND EventType In ( "IP Listen" )', /^IP Listen$/],
  ])('understands %s', async (query, pattern) => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const all = await findEvents(console, clock);
    const found = await findEvents(console, clock, { query });
    expect(ids(found)).toEqual(ids(all.filter(({ eventType }) => pattern.test(String(eventType)))));
    expect(found.length).toBeGreaterThan(0);
  });

  it.each([
    'EventType != ""',
    'ObjectType IS NOT EMPTY',
    'AgentName IS NOT EMPTY',
    'SrcProcName Contains "x" OR EventType = "Login"',
  ])('takes %s for a query for everything', async (query) => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    expect(ids(await findEvents(console, clock, { query }))).toEqual(trueIds(console));
  });

  it('sees accounts and sites that are asked for, and a bound token its own site only', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const all = await findEvents(console, clock, { isVerbose: true });
    const own = await findEvents(console, clock, { isVerbose: true }, console.tokens.siteScoped);
    const siteIds = [String(own[0]?.['siteId'])];
    expect(ids(own)).toEqual(ids(all.filter(({ siteId }) => siteId === siteIds[0])));
    expect(own.length).toBeGreaterThan(0);
    expect(ids(await findEvents(console, clock, { siteIds }))).toEqual(ids(own));
    const accountIds = [String(all[0]?.['accountId'])];
    expect(ids(await findEvents(console, clock, { accountIds }))).toEqual(
      ids(all.filter(({ accountId }) => accountId === accountIds[0])),
    );
  });

  it('is paged, sorted and skipped, and its cursors die with it', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const all = await findEvents(console, clock);
    const queryId = await init(console);
    clock.nowMs += 6_000;
    for (const [sortBy, field] of [
      ['pid', 'pid'],
      ['processStartTime', 'processStartTime'],
    ] as const) {
      const sorted = await walk(console, '/dv/events', { queryId, limit: '97', sortBy });
      const keys = sorted.map((record) => (sortBy === 'pid' ? Number(record[field]) : String(record[field])));
      expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      expect(new Set(ids(sorted))).toEqual(new Set(ids(all)));
    }
    expect(ids(await walk(console, '/dv/events', { queryId, limit: '300', sortOrder: 'desc' }))).toEqual(
      ids(all).reverse(),
    );
    const skipped = await getPage(console, '/dv/events', { queryId, skip: '500', limit: '3' });
    expect(ids(skipped.data ?? [])).toEqual(ids(all.slice(500, 503)));
    const { pagination } = await getPage(console, '/dv/events', { queryId });
    const cursor = pagination.nextCursor ?? '';
    const other = await init(console);
    clock.nowMs += 6_000;
    const wrong = await get(console, '/dv/events', { queryId: other, cursor });
    expect([wrong.status, vendorError(wrong).detail]).toEqual([400, 'Invalid cursor value received']);
    clock.nowMs += hourMs;
    expect((await get(console, '/dv/events', { queryId, cursor })).status).toBe(404);
  });

  it('loses nothing on odd pages', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, profiles: ['nulls'] });
    expect(ids(await findEvents(console, clock))).toEqual(trueIds(console));
  });

  it('can be cancelled while it runs, and not when it has finished', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const [running, finished] = [await init(console), await init(console)];
    clock.nowMs += 500;
    const reply = await post(console, '/dv/cancel-query', { queryId: running });
    expect(JSON.parse(reply.text)).toEqual({ data: { success: 'True' } });
    clock.nowMs += 6_000;
    await post(console, '/dv/cancel-query', { queryId: finished });
    expect((await queryStatus(console, running)).responseState).toBe('QUERY_CANCELLED');
    expect((await queryStatus(console, finished)).responseState).toBe('FINISHED');
    expect((await getPage(console, '/dv/events', { queryId: running })).pagination.totalItems).toBe(0);
  });

  it('now and then fails on a console with server errors, before anything can be read', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const end = async (profiles: Parameters<RunningConsole['setProfiles']>[0]) => {
      const states = new Set<string>();
      for (let query = 0; query < 30; query++) {
        console.setProfiles(profiles);
        const reply = await post(console, '/dv/init-query', lastHour).catch(() => undefined);
        console.setProfiles([]);
        const queryId =
          reply?.status === 200 && reply.text.endsWith('}}}') ? JSON.parse(reply.text).data.queryId : '';
        if (queryId === '') continue;
        clock.nowMs += 6_000;
        const { responseState, responseError } = await queryStatus(console, queryId);
        states.add(responseState);
        if (responseState === 'FAILED') expect(responseError).toEqual(expect.any(String));
        if (responseState !== 'FINISHED')
          expect((await getPage(console, '/dv/events', { queryId })).data).toEqual([]);
      }
      return states;
    };
    expect(await end([])).toEqual(new Set(['FINISHED']));
    expect((await end(['server-errors'])).size).toBeGreaterThan(2);
  });
});
