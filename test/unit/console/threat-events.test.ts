import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../local/console/console.ts';
import type { Story } from '../../../local/console/world/threat-events.ts';
import { truth } from '../../../local/console/world/truth-sources.ts';
import { build } from '../../../local/console/world/world.ts';
import type { JsonObject } from '../../../shared/json.ts';
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
  worldDefaults,
} from './support.ts';

const ids = (records: readonly ListedRecord[]) => records.map(({ id }) => id);
const pathOf = (threatId: string) => `/threats/${threatId}/explore/events`;

interface ToldStory {
  readonly threatId: string;
  /** As the truth has them, but for the threat's id. */
  readonly events: readonly JsonObject[];
}

/** The threats with events, the longest stories first. */
function stories(console: RunningConsole): readonly ToldStory[] {
  const lines = [...console.truth('threat-events', 0, epochMs + 1, epochMs)].filter(({ current }) => current);
  const byThreat = Map.groupBy(lines, ({ record }) => String(record['threatId']));
  return [...byThreat]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([threatId, own]) => ({
      threatId,
      events: own.map(({ record: { threatId: _, ...event } }) => event),
    }));
}

/** A story of so many events at most. */
function storyOf(console: RunningConsole, most: number): ToldStory {
  const story = stories(console).find(({ events }) => events.length <= most);
  if (story === undefined) throw new Error('No threat has a story that is short enough.');
  return story;
}

describe('GET /threats/{threatId}/explore/events', () => {
  it('answers the events of the threat by their ids, none of which says which threat it is', async () => {
    const console = await openConsole();
    const { threatId, events } = storyOf(console, 30);
    const found = await walk(console, pathOf(threatId), { limit: '7' });
    expect(found).toEqual(JSON.parse(JSON.stringify(events)));
    expect(found.length).toBeGreaterThan(10);
    for (const event of found) {
      expect(event).not.toHaveProperty('threatId');
      expect(event.id).toMatch(/^\d{18,19}$/);
    }
    const numbers = ids(found).map(BigInt);
    expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('uses the same ids for several threats', async () => {
    const console = await openConsole();
    const [one, two] = stories(console).slice(-2);
    expect(one?.events[0]?.['id']).toBe(two?.events[0]?.['id']);
    const lines = [...console.truth('threat-events', 0, epochMs + 1, epochMs)];
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
  });

  it('has stories of thousands of events, read in pages of a thousand and behind any number of them', async () => {
    const console = await openConsole({ threats: 900, threatEventsPerThreat: 40 });
    const [{ threatId, events } = storyOf(console, 0)] = stories(console);
    expect(events.length).toBeGreaterThan(3_000);
    const params = { sortBy: 'id', sortOrder: 'asc', limit: '1000' };
    const found = await walk(console, pathOf(threatId), params);
    expect(ids(found)).toEqual(events.map(({ id }) => id));
    const skipped = await getPage(console, pathOf(threatId), { ...params, skip: '2990', limit: '3' });
    expect(ids(skipped.data ?? [])).toEqual(ids(found.slice(2_990, 2_993)));
    const beyond = await getPage(console, pathOf(threatId), { ...params, skip: '1000000' });
    expect(beyond).toMatchObject({ data: [], pagination: { nextCursor: null, totalItems: events.length } });
    expect((await get(console, pathOf(threatId), { ...params, skip: '1000001' })).status).toBe(400);
  });

  it.each(['id', 'createdAt', 'eventType', 'pid', 'processName', 'fileSize', 'registryPath'])(
    'sorted by %s is the same backwards, page by page',
    async (sortBy) => {
      const console = await openConsole({ threatEventsPerThreat: 30 });
      const { threatId } = storyOf(console, 40);
      const sorted = await walk(console, pathOf(threatId), { sortBy, limit: '1000' });
      expect(ids(await walk(console, pathOf(threatId), { sortBy, limit: '3' }))).toEqual(ids(sorted));
      expect(ids(await walk(console, pathOf(threatId), { sortBy, limit: '5', sortOrder: 'desc' }))).toEqual(
        ids(sorted).reverse(),
      );
      const keys = sorted.map((record) =>
        ['pid', 'fileSize'].includes(sortBy) ? Number(record[sortBy] ?? 0) : String(record[sortBy] ?? ''),
      );
      if (sortBy !== 'id') expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    },
  );

  it('filters by type, by the spelling of the type, by process and by a part of its name', async () => {
    const console = await openConsole({ threatEventsPerThreat: 200 });
    const { threatId } = storyOf(console, 900);
    const all = await walk(console, pathOf(threatId), { limit: '1000' });
    const matching = async (params: Record<string, string>, test: (event: ListedRecord) => boolean) => {
      const expected = ids(all.filter(test));
      expect(expected.length, JSON.stringify(params)).toBeGreaterThan(0);
      expect(ids(await walk(console, pathOf(threatId), { ...params, limit: '1000' }))).toEqual(expected);
      const count = await getPage(console, pathOf(threatId), { ...params, countOnly: 'true' });
      expect(count.pagination.totalItems).toBe(expected.length);
    };
    await matching({ eventTypes: 'events' }, () => true);
    await matching({ eventTypes: 'file,dns' }, ({ objectType }) =>
      ['file', 'dns'].includes(String(objectType)),
    );
    await matching({ eventSubTypes: 'FILERNAME' }, ({ eventType }) => eventType === 'File Rename');
    await matching({ eventSubTypes: 'TCPV4,TCPV4LISTEN' }, ({ objectType }) => objectType === 'ip');
    const name = String(all[0]?.['processName']).slice(0, 3);
    await matching({ processName__like: name.toUpperCase() }, ({ processName }) =>
      String(processName).toLowerCase().includes(name.toLowerCase()),
    );
    const key = String(all[1]?.['processUniqueKey']);
    await matching({ eventId: key }, (event) =>
      [event['processUniqueKey'], event['parentProcessUniqueKey']].includes(key),
    );
  });

  it.each([
    [{ createdAt__gte: '2026-01-01T00:00:00Z' }, "dict_values(['createdAt__gte']): Unknown field"],
    [{ ids: '1' }, "dict_values(['ids']): Unknown field"],
    [{ eventTypes: 'process,cross_process' }, 'eventTypes: '],
    [{ eventSubTypes: 'File Rename' }, 'eventSubTypes: '],
    [{ sortBy: 'updatedAt' }, 'sortBy: '],
    [{ limit: '1001' }, 'limit: '],
  ])('refuses %o', async (params, detail) => {
    const console = await openConsole();
    const reply = await get(console, pathOf(storyOf(console, 30).threatId), params);
    expect([reply.status, vendorError(reply).detail?.startsWith(detail)]).toEqual([400, true]);
  });

  it('binds a cursor to the threat, the order and the filters', async () => {
    const console = await openConsole();
    const { threatId } = storyOf(console, 30);
    const page = await getPage(console, pathOf(threatId), { limit: '2' });
    const cursor = page.pagination.nextCursor ?? '';
    const other = console.truth('threats', 0, epochMs);
    const otherId = [...other].find(({ id }) => id !== threatId)?.id ?? '';
    for (const [id, params] of [
      [threatId, { sortOrder: 'desc' }],
      [threatId, { sortBy: 'pid' }],
      [threatId, { eventTypes: 'file' }],
      [otherId, {}],
    ] as const) {
      const reply = await get(console, pathOf(id), { limit: '2', cursor, ...params });
      expect([reply.status, vendorError(reply).detail]).toEqual([400, 'Invalid cursor value received']);
    }
  });

  it('loses nothing on odd pages', async () => {
    const console = await openConsole({ profiles: ['nulls'] });
    const { threatId, events } = storyOf(console, 30);
    expect(ids(await walk(console, pathOf(threatId), { limit: '4' }))).toEqual(events.map(({ id }) => id));
  });

  it('is not for a token that lacks the permission, nor for one of another site', async () => {
    const console = await openConsole({ limits: { refused: ['Threats.view'] } });
    const { threatId } = storyOf(console, 30);
    expect((await get(console, pathOf(threatId), {}, console.tokens.limited)).status).toBe(403);
    const own = new Set(ids(await walk(console, '/threats', { limit: '1000' }, console.tokens.siteScoped)));
    for (const { id } of await walk(console, '/threats', { limit: '1000' })) {
      const { status } = await get(console, pathOf(id), { limit: '1' }, console.tokens.siteScoped);
      expect(status).toBe(own.has(id) ? 200 : 404);
    }
  });
});

describe('a deleted threat', () => {
  it('has no events some minutes before it leaves the list; the refusal comes with and without its wrapper', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, deletedThreats: 2, threats: 60, threatEventsPerThreat: 2 });
    const bodies = new Set<string>();
    let gone = 0;
    for (let minutes = 0; minutes < 240; minutes += 12) {
      clock.nowMs = epochMs + minutes * 60_000;
      const listed = await walk(console, '/threats', { limit: '1000' });
      const required = new Set(
        [...console.truth('threat-events', 0, clock.nowMs + 1)].flatMap(({ current, record }) =>
          current ? [record['threatId']] : [],
        ),
      );
      for (const { id } of listed) {
        const { status, text } = await get(console, pathOf(id), { limit: '1', skipCount: 'true' });
        if (status === 200) continue;
        expect(status).toBe(404);
        expect(required.has(id)).toBe(false);
        bodies.add(text);
        gone += 1;
      }
    }
    const refusal = { code: 4_040_010, detail: null, title: 'Requested resource was not found' };
    expect(bodies).toEqual(new Set([JSON.stringify({ errors: [refusal] }), JSON.stringify(refusal)]));
    expect(gone).toBeGreaterThan(3);
  });
});

describe('the story of a threat', () => {
  it('grows with revisions only, changes none of its events, and hides a few until the next revision', () => {
    const grows = fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (seed) => {
      const world = build({ ...worldDefaults, seed, threats: 12, agents: 5, threatEventsPerThreat: 30 });
      world.setMutation(true, epochMs);
      const untilUs = (epochMs + 20_000) * 1_000;
      const { revisions } = world.shown(world.threats, epochMs + 20_000).timeline;
      for (let threat = 0; threat < 12; threat++) {
        const known = new Set<number>();
        let before: Story | undefined;
        for (
          let row = revisions.first(threat);
          row >= 0 && revisions.us(row) < untilUs;
          row = revisions.next(row)
        ) {
          const story = world.threatEvents.story(row);
          const events = Array.from({ length: story.count }, (_, place) => story.event(place));
          expect(events).toEqual([...new Set(events)].sort((a, b) => a - b));
          expect(events.every(story.has)).toBe(true);
          for (const event of events) known.add(event);
          expect(known.size).toBe(events.length);
          const [some] = events.slice(Math.floor(events.length / 3));
          if (before !== undefined && some !== undefined && before.has(some))
            expect(story.record(some)).toEqual(before.record(some));
          before = story;
        }
      }
    });
    fc.assert(grows, { numRuns: 5 });
  });

  it('has late events now and then, as many as are asked for in the mean, and none where none are wanted', () => {
    const world = build({ ...worldDefaults, threats: 5_000, threatEventsPerThreat: 40 });
    const shown = world.shown(world.threats, epochMs);
    let total = 0;
    let empty = 0;
    let late = 0;
    for (let threat = 0; threat < 5_000; threat++) {
      const story = world.threatEvents.story(shown.rowOf(threat));
      total += story.count;
      if (story.count === 0) empty += 1;
      if (story.count > 0 && story.event(story.count - 1) !== story.count - 1) late += 1;
    }
    expect(total).toBeGreaterThan(150_000);
    expect(total).toBeLessThan(260_000);
    expect(empty).toBeGreaterThan(300);
    expect(late).toBeGreaterThan(20);
    const none = build({ ...worldDefaults, threatEventsPerThreat: 0 });
    expect([...truth(none, 'threat-events', 0, epochMs + hourMs, epochMs + hourMs)]).toEqual([]);
  });

  it('is told once in the truth, with the time of the newest change in the span', () => {
    const world = build(worldDefaults);
    world.setMutation(true, epochMs);
    const atMs = epochMs + 600_000;
    const lines = [...truth(world, 'threat-events', epochMs - hourMs, atMs, atMs)];
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    const newest = new Map(
      [...truth(world, 'threats', epochMs - hourMs, atMs, atMs)].map(({ id, time }) => [id, time]),
    );
    for (const { time, record } of lines) expect(time).toBe(newest.get(String(record['threatId'])));
    // What changed later is not current in an earlier span.
    const early = [...truth(world, 'threat-events', epochMs - hourMs, epochMs, atMs)];
    const moved = early.filter(({ current }) => !current);
    expect(moved.length).toBeGreaterThan(0);
    for (const { record } of moved)
      expect((newest.get(String(record['threatId'])) ?? '') >= new Date(epochMs).toISOString()).toBe(true);
  });
});

describe('the fields of threat events', () => {
  const world = build({ ...worldDefaults, threats: 300, threatEventsPerThreat: 20 });
  const records = [...truth(world, 'threat-events', 0, epochMs, epochMs)].map(({ record }) => record);
  const texts = records.map((record) => JSON.stringify(record));

  it.each([
    ['real booleans', /"relatedToThreat":(true|false),.*"hasActiveContent":(true|false)/],
    ['ports as numbers', /"srcPort":\d+,.*"dstPort":\d+/],
    ['other numbers as strings', /"pid":"\d+"/],
    ['times with six digits', /"createdAt":"[\dT:-]+\.\d{6}Z"/],
    ['times that end in zeros', /"createdAt":"[\dT:-]+\.\d{3}000Z"/],
    ['start times with three digits', /"processStartTime":"[\dT:-]+\.\d{3}Z"/],
    ['no name of the host', /"agentName":null/],
    ['an empty command line', /"processCmd":""/],
    ['an emoji', /📊/u],
    ['a type that nobody knows', /"objectType":"named_pipe"/],
    ['a field that nobody knows', /"eventWeights"/],
  ])('hold %s', (_, pattern) => {
    expect(texts.some((text) => pattern.test(text))).toBe(true);
  });

  it('tell the storyline and the host of their threat', () => {
    const threats = new Map(
      [...truth(world, 'threats', 0, epochMs, epochMs)].map(({ id, record }) => [id, record]),
    );
    for (const { threatId, storyline, agentId, siteId } of records)
      expect(threats.get(String(threatId))).toMatchObject({
        threatInfo: { storyline },
        agentRealtimeInfo: { agentId, siteId },
      });
  });
});
