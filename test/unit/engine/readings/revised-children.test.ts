import { describe, expect, it } from 'vitest';
import { revisedChildren } from '../../../../shared/engine/readings/revised-children.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import { byCursor, metadataBytes, nextWindow, readingWalk, refused, window } from './reading-walk.ts';

/** Threats with notes; whatever becomes of a note is announced. */
function threats() {
  const reading = revisedChildren({
    announcements: {
      path: '/activities',
      timeField: 'createdAt',
      sortKey: ({ createdAt }) => parseConsoleTime(createdAt),
      params: { activityTypes: '4020' },
    },
    parentKey: ({ threatId }) => String(threatId),
    parents: { path: '/threats', idField: 'id' },
    path: (threat) => `/threats/${threat}/notes`,
    params: { sortBy: 'createdAt' },
    idField: 'id',
    revisionField: 'updatedAt',
    withParent: (note, threatId, threat) => ({ threatId, ...note, ...threat, id: note['id'] ?? null }),
    deleted: (id, { createdAt }) => ({ id, deletedAt: createdAt ?? null }),
    isDeleted: ({ deletedAt }) => deletedAt !== undefined,
    parentKeyField: 'threatId',
  });
  const notes = new Map<string, Map<string, string>>();
  const activities: JsonObject[] = [];
  const console = {
    notes,
    /** Rows of notes that the console gives at once, whatever it is asked for. */
    mostRows: 1000,
    before: (_: string, __: ListParams): ListPage | undefined => undefined,
    /** A note has another revision, or is gone where there is none. */
    note(threat: string, id: string, revision?: string, at = window.from + 1) {
      const of = notes.get(threat) ?? new Map<string, string>();
      notes.set(threat, of);
      if (revision === undefined) of.delete(id);
      else of.set(id, revision);
      activities.push({
        id: `a${activities.length}`,
        threatId: threat,
        createdAt: new Date(at).toISOString(),
      });
    },
  };
  const walk = readingWalk(reading, (path, params) => {
    const instead = console.before(path, params);
    if (instead !== undefined) return instead;
    if (path === '/activities') {
      const from = Date.parse(params['createdAt__gte'] ?? '');
      const to = Date.parse(params['createdAt__lt'] ?? '');
      const isIn = ({ createdAt }: JsonObject) => {
        const at = Date.parse(String(createdAt));
        return at >= from && at < to;
      };
      return byCursor(activities.filter(isIn), params);
    }
    if (path === '/threats') {
      const ids = params['ids']?.split(',') ?? [];
      return byCursor(
        ids.filter((id) => notes.has(id)).map((id) => ({ id, name: `threat ${id}` })),
        params,
      );
    }
    const of = notes.get(path.split('/')[2] ?? '');
    if (of === undefined) throw refused('not_found', 404);
    const limit = String(Math.min(console.mostRows, Number(params['limit'])));
    return byCursor(
      [...of].map(([id, updatedAt]) => ({ id, updatedAt })),
      { ...params, limit },
    );
  });
  return { reading, console, ...walk };
}

const namesOf = (records: readonly JsonObject[]) =>
  records.map(
    ({ threatId, id, updatedAt, deletedAt }) =>
      `${threatId} ${id} ${deletedAt === undefined ? updatedAt : 'deleted'}`,
  );

describe('revised children', () => {
  it('reads what is announced: what is new, what is changed, and of what is gone that it is', async () => {
    const { console, read } = threats();
    console.note('t1', 'n1', 'r1');
    console.note('t1', 'n2', 'r1');
    const first = await read();
    expect(first.records).toStrictEqual([
      { threatId: 't1', id: 'n1', updatedAt: 'r1', name: 'threat t1' },
      { threatId: 't1', id: 'n2', updatedAt: 'r1', name: 'threat t1' },
    ]);
    console.note('t1', 'n1', 'r2', nextWindow.from);
    console.note('t1', 'n2', undefined, nextWindow.from + 1);
    console.note('t1', 'n3', 'r1', nextWindow.from + 2);
    expect(namesOf((await read(nextWindow)).records)).toStrictEqual([
      't1 n1 r2',
      't1 n3 r1',
      't1 n2 deleted',
    ]);
    // Whatever is announced afterwards: nothing of it a second time.
    console.note('t1', 'n4', 'r1', nextWindow.to);
    const later = { from: nextWindow.to, to: nextWindow.to + 1_000 };
    expect(namesOf((await read(later)).records)).toStrictEqual(['t1 n4 r1']);
  });

  it('costs one request where nothing was announced, and one per threat else', async () => {
    const { console, read } = threats();
    console.notes.set('quiet', new Map([['n1', 'r1']]));
    expect((await read()).calls).toHaveLength(1);
    for (let t = 0; t < 25; t++) console.note(`t${t}`, 'n1', 'r1', nextWindow.from + t);
    const { records, calls } = await read(nextWindow);
    expect(records).toHaveLength(25);
    // Three pages of activities, the threats of each of them, and their notes.
    expect(calls).toHaveLength(3 + 3 + 25);
  });

  it('reads lists of many pages, and does not take what is on a later one for deleted', async () => {
    const { console, read } = threats();
    console.mostRows = 3;
    for (let n = 0; n < 20; n++) console.note('t1', `n${n}`, 'r1');
    // The activities fill two pages, and the threat is on both.
    const { records } = await read();
    expect(new Set(namesOf(records)).size).toBe(20);
    console.note('t1', 'n7', 'r2', nextWindow.from);
    expect(namesOf((await read(nextWindow)).records)).toStrictEqual(['t1 n7 r2']);
  });

  it('does not write of a note that it is deleted where the list is cut, and says so', async () => {
    const { console, read } = threats();
    for (let n = 0; n < 4; n++) console.note('t1', `n${n}`, 'r1');
    await read();
    console.note('t1', 'n9', 'r1', nextWindow.from);
    console.before = (path) =>
      path.endsWith('/notes')
        ? {
            data: [
              { id: 'n9', updatedAt: 'r1' },
              { id: 'n0', updatedAt: 'r1' },
            ],
            totalItems: 5,
          }
        : undefined;
    const { records, pages, calls } = await read(nextWindow);
    expect(namesOf(records)).toStrictEqual(['t1 n9 r1']);
    expect(pages[0]?.incomplete).toMatchObject({ code: 'list_cut' });
    expect(calls.filter(({ path }) => path.endsWith('/notes'))).toHaveLength(2);
  });

  it('believes a list that was cut once and is whole the second time', async () => {
    const { console, read } = threats();
    for (let n = 0; n < 3; n++) console.note('t1', `n${n}`, 'r1');
    await read();
    console.note('t1', 'n0', undefined, nextWindow.from);
    let lists = 0;
    console.before = (path) =>
      path.endsWith('/notes') && ++lists === 1
        ? { data: [{ id: 'n1', updatedAt: 'r1' }], totalItems: 2 }
        : undefined;
    const { records, pages } = await read(nextWindow);
    expect(namesOf(records)).toStrictEqual(['t1 n0 deleted']);
    expect(pages[0]?.incomplete).toBeUndefined();
  });

  it('reads the first pages of a list without end, and says that it is too long', async () => {
    const { console, read } = threats();
    console.note('t1', 'n0', 'r1');
    let rows = 0;
    console.before = (path) =>
      path.endsWith('/notes')
        ? { data: [{ id: `m${++rows}`, updatedAt: 'r1' }], nextCursor: `c${rows}` }
        : undefined;
    const { records, pages } = await read();
    expect(records).toHaveLength(50);
    expect(pages[0]?.incomplete).toMatchObject({ code: 'list_too_long' });
  });

  it('is done with a threat that is deleted, and reads the others', async () => {
    const { console, read, notes } = threats();
    console.note('t1', 'n1', 'r1');
    console.note('t2', 'n1', 'r1');
    console.notes.delete('t1');
    expect(namesOf((await read()).records)).toStrictEqual(['t2 n1 r1']);
    expect(notes).toHaveLength(1);
  });

  it('does not take a missing endpoint for deleted threats', async () => {
    const { console, read } = threats();
    console.note('t1', 'n1', 'r1');
    console.before = (path) => {
      if (path.endsWith('/notes')) throw refused('endpoint_missing', 404);
      return undefined;
    };
    await expect(read()).rejects.toMatchObject({ code: 'endpoint_missing' });
  });

  it('remembers of a note that the log says it is deleted, also where the console still lists it as that', async () => {
    const { console, read } = threats();
    console.note('t1', 'n1', 'r1');
    await read();
    console.note('t1', 'n1', 'r1', nextWindow.from);
    const deleted = { id: 'n1', updatedAt: 'r1', deletedAt: '2026-11-24T12:05:00Z' };
    console.before = (path) => (path.endsWith('/notes') ? { data: [deleted] } : undefined);
    expect(namesOf((await read(nextWindow)).records)).toStrictEqual(['t1 n1 deleted']);
    console.before = () => undefined;
    console.note('t1', 'n1', undefined, nextWindow.to);
    expect((await read({ from: nextWindow.to, to: nextWindow.to + 1_000 })).records).toStrictEqual([]);
  });

  it('goes on after a refused cursor, and with smaller pages, without writing anything twice', async () => {
    const { console, page, read, reading, remember } = threats();
    for (let t = 0; t < 25; t++) console.note(`t${t % 13}`, `n${t}`, 'r1', window.from + t);
    const first = await page();
    await remember(window, 0, first.records);
    const resumed = reading.resume(JSON.parse(JSON.stringify(first.position)), window);
    const smaller = reading.smallerPages(resumed, window);
    const { records, calls } = await read(window, smaller);
    const all = namesOf([...first.records.map((record) => Object(record)), ...records]);
    expect(new Set(all).size).toBe(25);
    expect(all).toHaveLength(25);
    expect(calls.find(({ path }) => path.endsWith('/notes'))?.params['limit']).toBe('500');
    expect(metadataBytes(first.position)).toBeLessThan(1_000);
  });
});
