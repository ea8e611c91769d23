import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../local/console/console.ts';
import {
  epochMs,
  get,
  getPage,
  hourMs,
  type ListedRecord,
  openConsole,
  stoppedClock,
  vendorError,
  walk,
} from './support.ts';

const large = { threats: 1_500, agents: 50 };
const noteTypes = { activityTypes: '4020,4021,4022', limit: '1000', sortBy: 'createdAt' };

const notesOf = (console: RunningConsole, threatId: string, params: Readonly<Record<string, string>> = {}) =>
  walk(console, `/threats/${threatId}/notes`, { limit: '1000', ...params });

/** The notes of all threats that ever had any, by threat. */
async function allNotes(console: RunningConsole): Promise<ReadonlyMap<string, readonly ListedRecord[]>> {
  const announced = await walk(console, '/activities', noteTypes);
  const notes = new Map<string, readonly ListedRecord[]>();
  for (const threatId of new Set(announced.map((activity) => String(activity['threatId'])))) {
    const reply = await get(console, `/threats/${threatId}/notes`, { limit: '1000' });
    notes.set(threatId, reply.status === 200 ? JSON.parse(reply.text).data : []);
  }
  return notes;
}

describe('GET /threats/{id}/notes', () => {
  it('lists the notes of few threats, which are those that can be asked for by noteExists', async () => {
    const console = await openConsole(large);
    const noted = (await walk(console, '/threats', { noteExists: 'true', limit: '1000' })).map(
      ({ id }) => id,
    );
    const others = await walk(console, '/threats', { noteExists: 'false', limit: '1000' });
    expect(noted.length).toBeGreaterThan(20);
    expect(noted.length).toBeLessThan(150);
    expect(noted.length + others.length).toBe(1_500);
    const notes = await allNotes(console);
    expect(
      [...notes]
        .filter(([, list]) => list.length > 0)
        .map(([id]) => id)
        .sort(),
    ).toEqual(noted.sort());
    for (const { id } of others.slice(0, 20)) expect(await notesOf(console, id)).toEqual([]);
  });

  it('tells no threat, and what was edited and when', async () => {
    const notes = [...(await allNotes(await openConsole(large))).values()].flat();
    expect(new Set(notes.map(({ id }) => id)).size).toBe(notes.length);
    expect(new Set(notes.map((note) => Object.keys(note).join()))).toEqual(
      new Set(['createdAt,creator,creatorId,edited,id,text,updatedAt']),
    );
    for (const { edited, createdAt, updatedAt } of notes)
      expect(String(updatedAt) > String(createdAt)).toBe(edited);
    expect(new Set(notes.map(({ edited }) => edited))).toEqual(new Set([true, false]));
    const texts = notes.map(({ text }) => text);
    expect(texts).toContain('');
    for (const pattern of [/\n/, /📎/u, /.{4000}/, /再現/])
      expect(texts.some((text) => pattern.test(String(text)))).toBe(true);
    expect(notes.some(({ creator, creatorId }) => creator === null && creatorId === null)).toBe(true);
  });

  it('comes in pages by creation or last change, and a cursor is good for one threat only', async () => {
    const console = await openConsole(large);
    const lists = [...(await allNotes(console))].sort(([, a], [, b]) => b.length - a.length);
    const [[longest = '', list = []] = [], [second = ''] = []] = lists;
    expect(list.length).toBeGreaterThan(10);
    for (const sortBy of ['createdAt', 'updatedAt']) {
      const ascending = await notesOf(console, longest, { sortBy, limit: '4' });
      const times = ascending.map((note) => String(note[sortBy]));
      expect(times).toEqual([...times].sort());
      expect(ascending.map(({ id }) => id).sort()).toEqual(list.map(({ id }) => id).sort());
      const descending = await notesOf(console, longest, { sortBy, sortOrder: 'desc', limit: '3' });
      expect(descending).toEqual(ascending.toReversed());
    }
    expect(await notesOf(console, longest)).toEqual(await notesOf(console, longest, { sortBy: 'createdAt' }));
    const { pagination } = await getPage(console, `/threats/${longest}/notes`, { limit: '2' });
    const cursor = pagination.nextCursor ?? '';
    expect((await get(console, `/threats/${longest}/notes`, { limit: '2', cursor })).status).toBe(200);
    expect((await get(console, `/threats/${second}/notes`, { limit: '2', cursor })).status).toBe(400);
  });

  it.each([
    [{ updatedAt__gte: '2026-11-24T00:00:00Z' }, "dict_values(['updatedAt__gte']): Unknown field"],
    [{ sortBy: 'id' }, 'sortBy: '],
    [{ limit: '1001' }, 'limit: '],
  ])('refuses %j', async (params, detail) => {
    const console = await openConsole();
    const [threat] = (await getPage(console, '/threats')).data ?? [];
    const reply = await get(console, `/threats/${threat?.id}/notes`, params);
    expect([reply.status, vendorError(reply).detail?.startsWith(detail)]).toEqual([400, true]);
  });
});

describe('a threat that is not there', () => {
  const wrapped = { errors: [{ code: 4_040_010, detail: null, title: 'Requested resource was not found' }] };

  it.each([
    ['1234567890123456788', wrapped],
    ['1234567890123456789', wrapped.errors[0]],
    ['nobody', expect.anything()],
  ])('is answered with 404: %s', async (id, body) => {
    const reply = await get(await openConsole(), `/threats/${id}/notes`);
    expect([reply.status, JSON.parse(reply.text)]).toEqual([404, body]);
  });

  it('may have been deleted: it is in no list any more, and its notes went with it unannounced', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ ...large, clock, deletedThreats: 5 });
    const listed = async () =>
      new Set((await walk(console, '/threats', { limit: '1000' })).map(({ id }) => id));
    const before = await listed();
    expect((await get(console, `/threats/${[...before][0]}/notes`)).status).toBe(200);
    clock.nowMs += 6 * hourMs;
    const after = await listed();
    const gone = [...before].filter((id) => !after.has(id));
    expect(gone.length).toBeGreaterThan(100);
    const forms = new Set<boolean>();
    for (const id of gone) {
      const reply = await get(console, `/threats/${id}/notes`);
      expect(reply.status).toBe(404);
      forms.add('errors' in JSON.parse(reply.text));
    }
    expect(forms).toEqual(new Set([true, false]));
    // Nothing required of them is true any more.
    const current = [...console.truth('threats', 0, clock.nowMs)].filter((line) => line.current);
    expect(current.length).toBe(after.size);
    // Somebody had written to some of them right before: an announcement leads to nothing.
    const announced = await walk(console, '/activities', noteTypes);
    const lost = announced.filter(({ threatId }) => gone.includes(String(threatId)));
    expect(lost.length).toBeGreaterThan(20);
    expect(announced.length).toBeGreaterThan(lost.length);
  });

  it('may belong to another site', async () => {
    const console = await openConsole(large);
    const { siteScoped } = console.tokens;
    const own = new Set((await walk(console, '/threats', { limit: '1000' }, siteScoped)).map(({ id }) => id));
    const statuses = new Map<boolean, Set<number>>();
    for (const { id } of (await walk(console, '/threats', { limit: '1000' })).slice(0, 60)) {
      const { status } = await get(console, `/threats/${id}/notes`, {}, siteScoped);
      statuses.set(own.has(id), (statuses.get(own.has(id)) ?? new Set()).add(status));
    }
    expect(statuses).toEqual(
      new Map([
        [true, new Set([200])],
        [false, new Set([404])],
      ]),
    );
  });
});

describe('activities about notes', () => {
  it('announce every change right after it, and nothing else does', async () => {
    // Given all notes of two moments
    const clock = stoppedClock();
    const console = await openConsole({ ...large, clock, deletedThreats: 0 });
    const before = await allNotes(console);
    const threatsBefore = await walk(console, '/threats', { limit: '1000' });
    const since = new Date(clock.nowMs).toISOString();
    clock.nowMs += hourMs;
    const after = await allNotes(console);
    const announced = await walk(console, '/activities', { ...noteTypes, createdAt__gte: since });

    // Then what differs between them is what was announced in between
    const revisions = (notes: typeof after) =>
      new Map(
        [...notes].flatMap(([threatId, list]) =>
          list.map((note) => [`${threatId} ${note.id}`, note] as const),
        ),
      );
    const [was, is] = [revisions(before), revisions(after)];
    const changed = new Set<string>();
    for (const key of new Set([...was.keys(), ...is.keys()])) {
      if (was.get(key)?.['updatedAt'] !== is.get(key)?.['updatedAt']) changed.add(key.split(' ')[0] ?? '');
    }
    const threatIds = new Set(announced.map(({ threatId }) => String(threatId)));
    expect([...changed].filter((id) => !threatIds.has(id))).toEqual([]);
    expect(changed.size).toBeGreaterThan(3);
    const types = new Set(announced.map(({ activityType }) => activityType));
    expect(types).toEqual(new Set([4020, 4021, 4022]));
    for (const { data } of announced) expect(Object.keys(Object(data))).toContain('fileDisplayName');
    // A threat's own time does not tell.
    const now = new Map(
      (await walk(console, '/threats', { limit: '1000' })).map((threat) => [threat.id, threat]),
    );
    const updatedAt = (threat: unknown) =>
      Reflect.get(Object(Reflect.get(Object(threat), 'threatInfo')), 'updatedAt');
    const quiet = threatsBefore
      .filter(({ id }) => changed.has(id))
      .filter((threat) => updatedAt(now.get(threat.id)) === updatedAt(threat));
    expect(quiet.length).toBeGreaterThan(0);
    // They lie among the other activities in the order of times and ids.
    const all = await walk(console, '/activities', { limit: '1000', sortBy: 'createdAt' });
    const ids = all.map(({ id }) => BigInt(id));
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('of one note tell of its addition, its changes and its end', async () => {
    const console = await openConsole({ ...large, clock: stoppedClock(epochMs + hourMs), deletedThreats: 0 });
    const lines = [...console.truth('threat-notes', 0, epochMs + hourMs)];
    const count = async (type: string) =>
      (await getPage(console, '/activities', { activityTypes: type, countOnly: 'true' })).pagination
        .totalItems;
    const notes = new Set(lines.map(({ id }) => id));
    expect(await count('4020')).toBe(notes.size);
    const edits = lines.filter(({ closes, record }) => !closes && record['edited'] === true);
    expect(await count('4021')).toBe(edits.length);
    const ended = new Set(lines.filter(({ closes }) => closes).map(({ id }) => id));
    expect(await count('4022')).toBe(ended.size);
  });
});

describe('the truth about notes', () => {
  it('tells what is listed now, with the threat, and of others that they are gone', async () => {
    const console = await openConsole({
      ...large,
      clock: stoppedClock(epochMs + hourMs),
      deletedThreats: 10,
    });
    const listed = [...(await allNotes(console))].flatMap(([threatId, list]) =>
      list.map((note) => ({ threatId, ...note })),
    );
    const lines = [...console.truth('threat-notes', 0, epochMs + hourMs)];
    const current = lines.filter((line) => line.current).map(({ record }) => record);
    const byId = (a: { readonly id?: unknown }, b: { readonly id?: unknown }) =>
      String(a.id) < String(b.id) ? -1 : 1;
    expect(current.toSorted(byId)).toEqual(listed.toSorted(byId));
    const closing = lines.filter(({ closes }) => closes);
    expect(closing.length).toBeGreaterThan(5);
    const currentIds = new Set(current.map(({ id }) => id));
    for (const { id, record, time } of closing) {
      expect(Object.keys(record)).toEqual(['threatId', 'id', 'deletedAt']);
      expect(currentIds.has(id)).toBe(false);
      expect(time <= new Date(epochMs + hourMs).toISOString()).toBe(true);
    }
  });

  it('knows the notes that are older than the span and still there', async () => {
    const console = await openConsole({ ...large, clock: stoppedClock(epochMs + hourMs) });
    const all = [...console.truth('threat-notes', 0, epochMs + hourMs)].filter((line) => line.current);
    const late = [...console.truth('threat-notes', epochMs, epochMs + hourMs)].filter((line) => line.current);
    expect(late).toEqual(all);
  });
});
