import { describe, expect, it } from 'vitest';
import { joined } from '../../../../shared/engine/readings/joined.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { byCursor, hourMs, metadataBytes, readingWalk, refused, window } from './reading-walk.ts';

/** Installed applications, their hosts, and the CVEs of each application. */
function installs(options: {
  count: number;
  applications: number;
  cves?: number;
  pageSize?: number;
  now?: () => number;
}) {
  const { count, applications, cves = 3, pageSize = 200, now = () => window.to } = options;
  const list = Array.from({ length: count }, (_, i): JsonObject => {
    return { id: String(100_000 + i), app: `app${i % applications}`, agentId: `h${i % 50}` };
  });
  const reading = joined({
    list: { path: '/installs', sortBy: 'id', pageSize, everyMs: 24 * hourMs },
    owners: {
      path: '/agents',
      idOf: ({ agentId }) => String(agentId),
      params: { isDecommissioned: 'True,False' },
      select: ({ id, name }) => ({ id: id ?? null, name: name ?? null }),
      refused: 'No hosts.',
    },
    details: {
      groupOf: ({ app }) => (app === 'app0' ? undefined : String(app)),
      read: async ({ app }, { api, signal }) => (await api.list(`/cves/${app}`, {}, signal)).data,
    },
    join: ({ id, app, agentId }, { cve }, agent) => ({
      id: id ?? null,
      app: app ?? null,
      cve: cve ?? null,
      host: agent?.['name'] ?? agentId ?? null,
    }),
  });
  const console = { before: (_: string, __: ListParams): ListPage | undefined => undefined, list };
  const walk = readingWalk(
    reading,
    (path, params) => {
      const instead = console.before(path, params);
      if (instead !== undefined) return instead;
      if (path === '/installs') return byCursor(console.list, params);
      if (path === '/agents')
        return { data: (params['ids']?.split(',') ?? []).map((id) => ({ id, name: `host ${id}` })) };
      return { data: Array.from({ length: cves }, (_, i) => ({ cve: `CVE-${i}` })) };
    },
    { since: window.from, now },
  );
  const wanted = list.flatMap(({ id, app }) =>
    app === 'app0' ? [] : Array.from({ length: cves }, (_, i) => `${id} CVE-${i}`),
  );
  return { reading, console, wanted, ...walk };
}

const pairsOf = (records: readonly unknown[]) =>
  records.map((record) => `${Object(record).id} ${Object(record).cve}`);

describe('a joined list', () => {
  it('joins each record with its details and its owner, and leaves out those that have none', async () => {
    const { read, wanted } = installs({ count: 4, applications: 2 });
    const { records } = await read();
    expect(pairsOf(records)).toStrictEqual(wanted);
    expect(records[0]).toStrictEqual({ id: '100001', app: 'app1', cve: 'CVE-0', host: 'host h1' });
  });

  it('asks once per application, and not per install: 10,000 installs of 200 applications cost 250 requests', async () => {
    const { read, wanted } = installs({ count: 10_000, applications: 200, cves: 4 });
    const { records, calls } = await read();
    expect(pairsOf(records)).toStrictEqual(wanted);
    const to = (path: string) => calls.filter((call) => call.path.startsWith(path)).length;
    expect({ installs: to('/installs'), agents: to('/agents'), cves: to('/cves') }).toStrictEqual({
      installs: 50,
      agents: 1,
      cves: 199,
    });
  });

  it('cuts a page of records with hundreds of details into pages that can be held, asking for nothing twice', async () => {
    const { read, wanted } = installs({ count: 400, applications: 400, cves: 300 });
    const { records, pages, calls } = await read();
    expect(pairsOf(records)).toStrictEqual(wanted);
    expect(Math.max(...pages.map((page) => page.records.length))).toBeLessThanOrEqual(5_000);
    expect(calls.filter(({ path }) => path === '/installs')).toHaveLength(2);
    expect(calls.filter(({ path }) => path.startsWith('/cves'))).toHaveLength(399);
  });

  it('goes on in the midst of a page after a crash, also where the next slot has come', async () => {
    let now = window.to;
    const { read, page, wanted } = installs({ count: 100, applications: 100, cves: 200, now: () => now });
    const first = await page();
    expect(first.end).toBe(false);
    now += 48 * hourMs;
    const { records } = await read(window, first.position);
    expect([...pairsOf(first.records), ...pairsOf(records)]).toStrictEqual(wanted);
  });

  it('joins a page from its start where the record that it stopped at is gone, and says that records come again', async () => {
    const { console, read, page, wanted } = installs({ count: 100, applications: 100, cves: 200 });
    const first = await page();
    const { behind } = Object(first.position);
    console.list.splice(
      console.list.findIndex(({ id }) => id === behind),
      1,
    );
    const { records, pages } = await read(window, first.position);
    expect(pages[0]?.mayRepeat).toBe(true);
    const all = new Set([...pairsOf(first.records), ...pairsOf(records)]);
    expect([...all].sort()).toStrictEqual([...wanted].sort());
  });

  it('costs no request in a window without a slot', async () => {
    const { reading } = installs({ count: 4, applications: 2 });
    const { read } = readingWalk(reading, () => ({ data: [] }), { since: window.from - 1 });
    expect((await read()).calls).toStrictEqual([]);
  });

  it('loses its place without losing records, and has smaller pages where they were too large', async () => {
    const { read, reading, page, wanted } = installs({ count: 500, applications: 7 });
    const first = await page();
    const resumed = reading.resume(first.position, window);
    const { records, pages } = await read(window, resumed);
    expect(pairsOf(records)).toStrictEqual(wanted);
    expect(pages.every(({ mayRepeat }) => mayRepeat)).toBe(true);
    const smaller = await read(window, reading.smallerPages(undefined, window));
    expect(pairsOf(smaller.records)).toStrictEqual(wanted);
    expect(smaller.calls[0]?.params['limit']).toBe('100');
  });

  it('fails as a whole where details fail, and reads the page again', async () => {
    const { console, read, wanted } = installs({ count: 30, applications: 10 });
    console.before = (path) => {
      if (path === '/cves/app7') throw refused('unavailable', 503);
      return undefined;
    };
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' });
    console.before = () => undefined;
    expect(pairsOf((await read()).records)).toStrictEqual(wanted);
  });

  it('has positions that fit into the metadata of an object', async () => {
    const { console, page } = installs({ count: 100, applications: 100, cves: 200 });
    console.before = (path) =>
      path === '/installs' ? { data: console.list, nextCursor: 'c'.repeat(1_200) } : undefined;
    const list = { gte: window.from, repeatFrom: window.from, limit: 100, cursor: 'd'.repeat(1_200) };
    const { position } = await page(window, { list });
    expect(Object.keys(position)).toStrictEqual(['list', 'behind']);
    expect(metadataBytes(position)).toBeLessThanOrEqual(2_048);
  });
});
