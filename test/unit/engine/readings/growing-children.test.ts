import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growingChildren } from '../../../../shared/engine/readings/growing-children.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import {
  byCursor,
  type Call,
  idsOf,
  metadataBytes,
  nextWindow,
  noon,
  readingWalk,
  refused,
  skipping,
  window,
} from './reading-walk.ts';

const idOf = (i: number) => String(1_000_000_000_000_000_000n + BigInt(i));
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, i) => idOf(from + i));

/** Threats and their events. A threat that is changed is in the window of that time. */
function threats(options: { pageSize?: number } = {}) {
  const reading = growingChildren({
    parents: {
      path: '/threats',
      timeField: 'updatedAt',
      sortKey: ({ updatedAt }) => parseConsoleTime(updatedAt),
    },
    parentKey: ({ id }) => String(id),
    path: (threat) => `/threats/${threat}/events`,
    idField: 'id',
    pageSize: options.pageSize ?? 1000,
    withParent: (event, threatId, { name }) => ({
      threatId,
      ...event,
      ...(name === undefined ? {} : { name }),
    }),
    parentKeyField: 'threatId',
  });
  const events = new Map<string, string[]>();
  const changedAt = new Map<string, number>();
  const console = {
    events,
    /** Runs before each answer, and may give another one. */
    before: (_: string, __: ListParams): ListPage | undefined => undefined,
    change(threat: string, all: readonly string[], at = window.from + 1) {
      events.set(threat, [...all]);
      changedAt.set(threat, at);
    },
    delete: (threat: string) => void events.delete(threat),
  };
  const walk = readingWalk(reading, (path, params) => {
    const instead = console.before(path, params);
    if (instead !== undefined) return instead;
    const [, , id, list] = path.split('/');
    if (list === 'events') {
      const all = events.get(id ?? '');
      if (all === undefined) throw refused('not_found', 404);
      return skipping(
        all.map((event) => ({ id: event })),
        params,
      );
    }
    return byCursor(listed(params), params);
  });

  function listed({
    updatedAt__gte: from,
    updatedAt__lt: to,
    ids: wanted,
  }: ListParams): readonly JsonObject[] {
    return [...changedAt]
      .filter(([id, at]) => events.has(id) && (wanted?.split(',').includes(id) ?? true) && isIn(at, from, to))
      .sort(([, a], [, b]) => a - b)
      .map(([id, at]) => ({ id, updatedAt: new Date(at).toISOString() }));
  }

  return { reading, console, ...walk };
}

function isIn(at: number, from = '1970-01-01T00:00:00Z', to = '2100-01-01T00:00:00Z'): boolean {
  return at >= Date.parse(from) && at < Date.parse(to);
}

const eventCalls = (calls: readonly Call[]) => calls.filter(({ path }) => path.endsWith('/events'));
const sorted = (texts: readonly unknown[]) => texts.map(String).sort();

describe('growing children', () => {
  it('reads the children of a parent that changed, once, and only what is new when it changes again', async () => {
    const { console, read } = threats();
    console.change('t1', ids(3));
    const first = await read();
    expect(first.records).toStrictEqual(ids(3).map((id) => ({ threatId: 't1', id })));
    console.change('t1', ids(5), nextWindow.from);
    const second = await read(nextWindow);
    expect(idsOf(second.records)).toStrictEqual(ids(2, 3));
    expect(second.calls.at(-1)?.params).toStrictEqual({
      sortBy: 'id',
      sortOrder: 'asc',
      limit: '1000',
      skip: '2',
    });
  });

  it('asks in proportion to what has changed: 5,000 threats with 200,000 events cost two requests per ten changes and one each', async () => {
    const { console, read } = threats();
    for (let t = 0; t < 5_000; t++) console.change(`t${t}`, ids(40), window.from + t);
    const first = await read();
    expect(first.records.length).toBe(200_000);
    expect(first.calls.length).toBe(500 + 5_000);
    for (let t = 0; t < 100; t++) console.change(`t${t}`, ids(41), nextWindow.from + t);
    const second = await read(nextWindow);
    expect(idsOf(second.records)).toStrictEqual(Array.from({ length: 100 }, () => idOf(40)));
    expect(second.calls.length).toBe(10 + 100);
  });

  it('reads more children than fit on a page, and asks for the page of parents once', async () => {
    const { console, read } = threats({ pageSize: 100 });
    console.change('t1', ids(950));
    console.change('t2', ids(7));
    const { records, calls } = await read();
    expect(sorted(idsOf(records))).toStrictEqual(sorted([...ids(950), ...ids(7)]));
    expect(calls.filter(({ path }) => path === '/threats')).toHaveLength(1);
    expect(eventCalls(calls)).toHaveLength(1 + 10);
  });

  it('keeps a page small enough to be held: it goes on with its other parents later', async () => {
    const { console, read } = threats();
    for (let t = 0; t < 10; t++) console.change(`t${t}`, ids(1_000), window.from + t);
    const { records, pages } = await read();
    expect(records).toHaveLength(10_000);
    expect(Math.max(...pages.map((page) => page.records.length))).toBeLessThanOrEqual(5_000);
  });

  it('finds children that came late, with ids below those that were seen, and no other a second time', async () => {
    const { console, read } = threats({ pageSize: 10 });
    const old = ids(30).filter((_, i) => i !== 4 && i !== 17);
    console.change('t1', old);
    await read();
    console.change('t1', ids(32), nextWindow.from);
    const { records } = await read(nextWindow);
    expect(sorted(idsOf(records))).toStrictEqual(sorted([idOf(4), idOf(17), idOf(30), idOf(31)]));
  });

  it('finds them also while the list is read, whatever is inserted where', async () => {
    const places = fc.array(fc.nat({ max: 400 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        places,
        fc.integer({ min: 1, max: 7 }),
        fc.nat({ max: 40 }),
        async (late, pageSize, known) => {
          const { console, read } = threats({ pageSize });
          // Even ids are there, odd ones come late.
          const even = ids(101).map((_, i) => idOf(4 * i));
          console.change('t1', even.slice(0, known));
          if (known > 0) await read();
          console.change('t1', even, nextWindow.from);
          const inserted = new Set<string>();
          console.before = (path) => {
            const place = path.endsWith('/events') ? late[inserted.size] : undefined;
            if (place !== undefined) inserted.add(idOf(2 * place + 1));
            console.events.set('t1', sorted([...even, ...inserted]));
            return undefined;
          };
          const seen = new Set(known > 0 ? even.slice(0, known) : []);
          const { records } = await read(nextWindow);
          for (const id of idsOf(records)) seen.add(String(id));
          // What came behind the reading's back is announced by another change.
          console.before = () => undefined;
          console.change('t1', console.events.get('t1') ?? [], nextWindow.to);
          const { records: rest } = await read({ from: nextWindow.to, to: nextWindow.to + 1_000 });
          for (const id of idsOf(rest)) seen.add(String(id));
          expect([...seen].sort()).toStrictEqual(sorted([...even, ...inserted]));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('does not depend on how the console sorts ids of different lengths', async () => {
    const { console, read } = threats();
    // By their text: 10 before 9. A new one is neither above nor behind what is known.
    console.change('t1', ['10', '9']);
    expect(idsOf((await read()).records)).toStrictEqual(['10', '9']);
    console.change('t1', ['1', '10', '9'], nextWindow.from);
    expect(idsOf((await read(nextWindow)).records)).toStrictEqual(['1']);
  });

  it('goes on with new ones where children were deleted on the console', async () => {
    const { console, read } = threats();
    console.change('t1', ids(10));
    await read();
    console.change('t1', ids(9, 3), nextWindow.from);
    expect(idsOf((await read(nextWindow)).records)).toStrictEqual(ids(2, 10));
    console.change('t1', [], nextWindow.to);
    const { records, calls } = await read({ from: nextWindow.to, to: nextWindow.to + 1_000 });
    expect(records).toStrictEqual([]);
    expect(eventCalls(calls)).toHaveLength(2);
  });

  it('is done with a parent that is deleted, notes it, and reads the others', async () => {
    const { console, read, notes } = threats();
    for (const threat of ['t1', 't2', 't3']) console.change(threat, ids(2));
    console.before = (path) => {
      // In the midst of the page.
      if (path.startsWith('/threats/t1')) console.delete('t2');
      return undefined;
    };
    const { records } = await read();
    expect(new Set(records.map(({ threatId }) => threatId))).toStrictEqual(new Set(['t1', 't3']));
    expect(notes).toStrictEqual(['The console no longer has a parent; its children are done.']);
  });

  it('does not take a missing endpoint for deleted parents', async () => {
    const { console, read } = threats();
    console.change('t1', ids(2));
    console.before = (path) => {
      if (path.endsWith('/events')) throw refused('endpoint_missing', 404);
      return undefined;
    };
    await expect(read()).rejects.toMatchObject({ code: 'endpoint_missing' });
  });

  it('keeps what the other parents of a page gave where one fails, and fails when only that one is left', async () => {
    const { console, page, read, remember } = threats();
    for (const threat of ['t1', 't2', 't3']) console.change(threat, ids(2));
    console.before = (path) => {
      if (path.startsWith('/threats/t2')) throw refused('unavailable', 503);
      return undefined;
    };
    const first = await page();
    expect(first.records.map((record: Json) => Object(record).threatId)).toStrictEqual([
      't1',
      't1',
      't3',
      't3',
    ]);
    expect(first.end).toBe(false);
    await remember(window, 0, first.records);
    await expect(page(window, first.position)).rejects.toMatchObject({ code: 'unavailable' });
    console.before = () => undefined;
    const { records, calls } = await read(window, first.position);
    expect(records).toStrictEqual(ids(2).map((id) => ({ threatId: 't2', id })));
    expect(eventCalls(calls)).toHaveLength(1);
  });

  it('reads a parent that comes onto the page of parents while it is worked on, and lets go of one that leaves it', async () => {
    const { console, page, read, remember } = threats({ pageSize: 2 });
    for (let t = 0; t < 12; t++) console.change(`t${t}`, ids(t === 0 ? 9 : 1), window.from + t);
    const first = await page();
    await remember(window, 0, first.records);
    // The worker dies; meanwhile some change again and leave the window.
    for (const threat of ['t3', 't4']) console.change(threat, ids(1), nextWindow.from);
    const { records } = await read(window, first.position);
    const all = [...first.records, ...records].map((record) => {
      const { threatId, id } = Object(record);
      return `${threatId} ${id}`;
    });
    expect(all).toHaveLength(new Set(all).size);
    expect(new Set(all)).toStrictEqual(
      new Set([
        ...ids(9).map((id) => `t0 ${id}`),
        ...Array.from({ length: 11 }, (_, i) => `t${i + 1} ${idOf(0)}`),
      ]),
    );
  });

  it('goes on after a refused cursor without reading children again', async () => {
    const { console, page, read, reading, remember } = threats();
    for (let t = 0; t < 25; t++) console.change(`t${t}`, ids(2), window.from + Math.floor(t / 4));
    const first = await page();
    await remember(window, 0, first.records);
    const again = reading.resume(JSON.parse(JSON.stringify(first.position)), window);
    const { records } = await read(window, again);
    expect(first.records.length + records.length).toBe(50);
  });

  it('asks for fewer children at once where pages were too large, down to one', async () => {
    const { console, reading, read } = threats({ pageSize: 8 });
    console.change('t1', ids(5));
    await read();
    console.change('t1', ids(9), nextWindow.from);
    let position = reading.smallerPages(undefined, nextWindow);
    for (let i = 0; i < 2; i++) position = reading.smallerPages(position, nextWindow);
    expect(reading.smallerPages(position, nextWindow)).toBeUndefined();
    const { records, calls } = await read(nextWindow, position);
    expect(idsOf(records)).toStrictEqual(ids(4, 5));
    expect(eventCalls(calls).every(({ params }) => Number(params['limit']) <= 2)).toBe(true);
  });

  it('goes by the count where the console gives no cursor to those who skip', async () => {
    const { console, read } = threats({ pageSize: 10 });
    console.change('t1', ids(35));
    console.before = (path, params) => {
      if (!path.endsWith('/events')) return undefined;
      const { nextCursor: _, ...page } = skipping(
        ids(35).map((id) => ({ id })),
        params,
      );
      return page;
    };
    expect(idsOf((await read()).records)).toStrictEqual(ids(35));
  });

  it('and by the cursor where it does not count, or its count is capped', async () => {
    for (const totalItems of [undefined, 12]) {
      const { console, read } = threats({ pageSize: 10 });
      console.change('t1', ids(35));
      console.before = (path, params) => {
        if (!path.endsWith('/events')) return undefined;
        const { totalItems: _, ...page } = skipping(
          ids(35).map((id) => ({ id })),
          params,
        );
        return { ...page, ...(totalItems === undefined ? {} : { totalItems }) };
      };
      expect(idsOf((await read()).records)).toStrictEqual(ids(35));
    }
  });

  it('comes no further where the console does not skip, and says so, so that the engine can give up', async () => {
    const { console, page, remember } = threats({ pageSize: 10 });
    console.change('t1', ids(35));
    console.before = (path, { skip: _, ...params }) =>
      path.endsWith('/events')
        ? skipping(
            ids(35).map((id) => ({ id })),
            params,
          )
        : undefined;
    let position: JsonObject | undefined;
    const advances: unknown[] = [];
    for (let batch = 0; batch < 5; batch++) {
      const { records, ...rest } = await page(window, position);
      await remember(window, batch, records);
      position = rest.position;
      advances.push(rest.advances);
      expect(rest.end).toBe(false);
    }
    expect(advances).toStrictEqual([true, false, false, false, false]);
  });

  it('says so, and goes on with the others, where a list is longer than the console lets anybody skip', async () => {
    const { console, page } = threats();
    console.change('t1', ids(3));
    console.change('t2', ids(3));
    const position = { open: { t1: { passed: 1_000_001, last: idOf(1_000_000) } } };
    const { records, incomplete, end } = await page(window, position);
    expect(records.map((record: Json) => Object(record).threatId)).toStrictEqual(['t2', 't2', 't2']);
    expect(incomplete).toMatchObject({ code: 'list_too_long' });
    expect(end).toBe(true);
  });

  it('has positions that fit into the metadata of an object, at their worst', async () => {
    const keys = Array.from({ length: 10 }, (_, i) => `01234567-89ab-cdef-0123-4567890abcd${i}`);
    const last = '9'.repeat(19);
    const { console, page } = threats();
    console.before = (path) =>
      path === '/threats'
        ? {
            data: keys.map((id) => ({ id, updatedAt: new Date(noon + 1).toISOString() })),
            nextCursor: 'c'.repeat(400),
          }
        : { data: [{ id: last }, { id: last }], nextCursor: 'more' };
    const parents = { gte: noon, lastKey: noon, repeatFrom: noon, limit: 5, cursor: 'c'.repeat(399) };
    const open = Object.fromEntries(keys.map((key) => [key, { passed: 999_999, last, whole: true }]));
    const { position } = await page(window, { parents, limit: 500, open });
    expect(Object.keys(Object(position['open']))).toHaveLength(10);
    expect(metadataBytes(position)).toBeLessThanOrEqual(2_048);
  });
});
