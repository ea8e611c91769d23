import { describe, expect, it } from 'vitest';
import { growingChildren } from '../../../shared/engine/readings/growing-children.ts';
import type { LogFilter } from '../../../shared/filters/log-filter.ts';
import { noIncludeFilter } from '../../../shared/filters/record-filter.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { StreamStore } from '../../../shared/ports.ts';
import { parseConsoleTime } from '../../../shared/sentinelone/console-time.ts';
import { answerList, answerSkipping } from '../../laws/simulation/sim-list.ts';
import { engineWorld, itemStream, items } from '../../support/engine-world.ts';
import { listOnly } from '../../support/list-only.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { cursorRefused } from '../../support/memory/memory-console.ts';
import { readingWorld } from '../../support/reading-world.ts';
import { start, unlike } from './slice-helpers.ts';

const endsWith = (name: string, end: string): LogFilter => ({
  name,
  action: 'exclude',
  conditions: [{ field: 'id', operator: 'ends_with', value: end }],
});
const everything: LogFilter = {
  name: 'everything',
  action: 'exclude',
  conditions: [{ field: 'id', operator: 'exists' }],
};

async function filteredWorld(filters: readonly LogFilter[], options: object = {}) {
  const world = await engineWorld({ ...start, ...options });
  const setFilters = (next: readonly LogFilter[]) => {
    const row = world.streams.rows.get('acme/edr/items');
    if (row === undefined) throw new Error('The stream is gone.');
    row.stream = { ...row.stream, settings: { ...row.stream.settings, filters: next } };
  };
  setFilters(filters);
  return {
    ...world,
    setFilters,
    ledger: () => world.streams.ledgerOf(itemStream),
    headers: () =>
      [...world.lake.entries.values()].filter(({ id }) => id.index === 'syslog').map(({ header }) => header),
  };
}

describe('a stream with log filters', () => {
  it('counts what it drops, by filter, and writes and derives only the rest', async () => {
    const world = await filteredWorld([
      endsWith('three', '3'),
      endsWith('thirty-three', '33'),
      endsWith('seven', '7'),
    ]);
    world.console.records = items(50, '2026-11-24T09:00:00Z', 1_000);

    expect((await world.slice()).kind).toBe('done');

    const kept = items(50, '2026-11-24T09:00:00Z', 1_000)
      .map(({ id }) => id)
      .filter((id) => !/[37]$/.test(id));
    expect(world.idsInLake()).toStrictEqual(kept);
    expect(world.idsInLake('alerts')).toStrictEqual(kept);
    const filteredBy = { three: 5, seven: 5 };
    expect(world.ledger()).toMatchObject([{ read: 50, written: 40, filtered: 10, filteredBy }]);
    expect(world.stream().totals).toMatchObject({ records: 40, filtered: 10, filteredBy });
    for (const { read, written, filtered } of world.headers()) expect(read).toBe(written + filtered);
  });

  it('counts by no filter where there is none', async () => {
    const world = await engineWorld(start);
    world.console.records = items(5, '2026-11-24T09:00:00Z', 1_000);
    await world.slice();
    expect(world.stream().totals).not.toHaveProperty('filteredBy');
    expect(world.streams.ledgerOf(itemStream)[0]).not.toHaveProperty('filteredBy');
  });

  it('closes a window whose records are all dropped with an empty entry, and notes it', async () => {
    const include: LogFilter = { ...endsWith('none', 'x'), action: 'include' };
    const world = await filteredWorld([include]);
    world.console.records = items(25, '2026-11-24T09:00:00Z', 1_000);

    await world.slice();

    expect(world.idsInLake()).toStrictEqual([]);
    expect(world.headers().map(({ read, written, end }) => [read, written, end])).toStrictEqual([
      [20, 0, false],
      [5, 0, true],
    ]);
    expect(world.ledger()).toMatchObject([
      { read: 25, written: 0, filtered: 25, batches: 2, filteredBy: { [noIncludeFilter]: 25 } },
    ]);
    expect(world.stream()).toMatchObject({ watermark: Date.parse('2026-11-24T10:00:00Z') });
  });

  it('takes a window of a few dropped records for no empty one', async () => {
    const world = await filteredWorld([everything]);
    world.console.records = items(3, '2026-11-24T09:30:00Z', 1_000);
    await world.slice();
    expect(world.headers()).toMatchObject([{ read: 3, written: 0, filtered: 3, end: true }]);
    expect(world.ledger()).toMatchObject([{ read: 3, written: 0, filtered: 3 }]);
  });

  it('counts dropped records once when a slice goes on after a refused cursor', async () => {
    const world = await filteredWorld([everything]);
    // One heap: the walk goes on at its time, and sees all of it again.
    world.console.records = items(30, '2026-11-24T09:00:00Z', 0);
    world.console.before = (call) => {
      if (call.params['cursor'] === undefined) return undefined;
      world.console.before = () => undefined;
      throw cursorRefused();
    };

    expect((await world.slice()).kind).toBe('done');

    expect(world.ledger()).toMatchObject([{ read: 30, written: 0, filtered: 30 }]);
  });

  it('does not begin again for ever at a heap that it drops and that the console never gives whole', async () => {
    const world = await filteredWorld([everything]);
    world.console.records = items(30, '2026-11-24T09:00:00Z', 0);
    world.console.before = (call) => {
      if (call.params['cursor'] !== undefined) throw cursorRefused();
      return undefined;
    };
    expect(await world.slice()).toMatchObject({ kind: 'failed', error: { code: 'cursor_refused' } });
    expect(world.headers()).toHaveLength(1);
  });

  it('may count dropped records again in a later slice, as read and as filtered, and writes none twice', async () => {
    const world = await filteredWorld([endsWith('even', '2')]);
    world.console.records = items(30, '2026-11-24T09:00:00Z', 0);
    let refusals = 0;
    world.console.before = (call) => {
      if (call.params['cursor'] === undefined || ++refusals > 5) return undefined;
      throw cursorRefused();
    };
    expect((await world.slice()).kind).toBe('failed');
    world.clock.advance(60_000);
    expect((await world.slice()).kind).toBe('done');

    expect(world.idsInLake()).toHaveLength(27);
    expect(new Set(world.idsInLake()).size).toBe(27);
    // One of the first page was counted by both slices.
    expect(world.ledger()).toMatchObject([{ read: 31, written: 27, filtered: 4, filteredBy: { even: 4 } }]);
  });

  it('takes changed filters from the next slice on, and folds the counts of those that are gone', async () => {
    const world = await filteredWorld([endsWith('old', '2')]);
    world.console.records = items(30, '2026-11-24T09:00:00Z', 1_000);
    world.console.before = () => {
      world.setFilters([endsWith('new', '5')]);
      return undefined;
    };
    await world.slice();
    expect(world.idsInLake()).toHaveLength(27);
    expect(world.stream().totals.filteredBy).toStrictEqual({ old: 3 });

    world.console.records.push(...items(10, '2026-11-24T10:01:00Z', 1_000, 'later'));
    world.clock.advance(600_000);
    await world.slice();
    expect(world.idsInLake()).toHaveLength(27 + 9);
    expect(world.stream().totals.filteredBy).toStrictEqual({ '(former filters)': 3, new: 1 });
  });

  it("counts what another worker's entry dropped without saying by which filter", async () => {
    const world = await filteredWorld([endsWith('two', '2')]);
    world.console.records = items(10, '2026-11-24T09:00:00Z', 1_000);
    let updates = 0;
    const dying: StreamStore = unlike(world.streams, {
      update: () => {
        updates += 1;
        throw new Error('The worker is gone.');
      },
    });
    await expect(world.slice({ streams: dying })).rejects.toThrow('The worker is gone.');
    expect(updates).toBeGreaterThan(0);
    expect(world.headers()).toMatchObject([{ read: 10, written: 9, filtered: 1 }]);

    world.clock.advance(300_000);
    expect((await world.slice()).kind).toBe('done');
    expect(world.ledger()[0]).toMatchObject({
      read: 10,
      written: 9,
      filtered: 1,
      filteredBy: { '(unknown)': 1 },
    });
  });

  it('reads nothing with filters that this version cannot apply, and says so', async () => {
    const newer = { ...everything, conditions: [{ field: 'id', operator: 'sounds_like', value: 'x' }] };
    const world = await filteredWorld([JSON.parse(JSON.stringify(newer))]);
    world.console.records = items(10, '2026-11-24T09:00:00Z', 1_000);
    expect(await world.slice()).toMatchObject({ kind: 'failed', error: { code: 'filters_unreadable' } });
    expect(world.console.calls).toStrictEqual([]);
    expect(world.stream().status).toMatchObject({
      health: 'misconfigured',
      message: expect.stringContaining('filters[0].conditions[0].operator is no operator.'),
    });
  });

  it('does not read children that it drops again when their parent changes, and reads the others once', async () => {
    const clock = new ManualClock('2026-11-24T10:01:00Z');
    const parents = [{ id: 'p', updatedAt: '2026-11-24T09:30:00Z' }];
    const children = Array.from({ length: 20 }, (_, i) => ({ id: String(1_000 + i) }));
    const asked: (string | undefined)[] = [];
    const api = listOnly(async (path, params) => {
      if (path !== '/parents') {
        asked.push(params['skip']);
        return answerSkipping(children, params);
      }
      return answerList(parents, params);
    });
    const reading = growingChildren({
      parents: {
        path: '/parents',
        timeField: 'updatedAt',
        sortKey: ({ updatedAt }) => parseConsoleTime(updatedAt),
      },
      parentKey: ({ id }) => String(id),
      path: (parent) => `/parents/${parent}/children`,
      idField: 'id',
      pageSize: 100,
      withParent: (child, parent) => ({ parent, ...child }),
      parentKeyField: 'parent',
    });
    const identity = ({ id }: JsonObject) => ({ id: String(id), revision: '' });
    const since = Date.parse('2026-11-24T09:00:00Z');
    const world = await readingWorld({ clock, api, reading, since, identity });
    const row = world.streams.rows.get('acme/edr/items');
    if (row === undefined) throw new Error('The stream is gone.');
    row.stream = {
      ...row.stream,
      settings: { ...row.stream.settings, filters: [endsWith('last', '9'), endsWith('five', '5')] },
    };
    await world.collect(clock.now() - 60_000);
    children.push({ id: '1020' });
    parents[0] = { id: 'p', updatedAt: new Date(clock.now()).toISOString() };
    await world.collect(clock.now() + 60_000);

    expect(asked).toStrictEqual([undefined, '19']);
    expect(world.stream().totals).toMatchObject({ records: 17, filtered: 4 });
  });
});
