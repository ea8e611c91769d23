import { afterEach, describe, expect, it } from 'vitest';
import type { Stream } from '../../shared/engine/stream.ts';
import type { JsonObject } from '../../shared/json.ts';
import { textAt } from '../../shared/records/json-fields.ts';
import { type ConsoleWorldOptions, consoleWorld, hourMs } from '../support/console-world.ts';
import { Death, type MortalCall, mortal } from '../support/mortal.ts';

const type = 'deep-visibility';
const minuteMs = 60_000;

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

interface Sizes {
  /** An hour, and once an hour within a second on top. */
  readonly events: number;
  readonly burst?: number;
  readonly options?: JsonObject;
}

/** A console with its rate limits and its cap of 20,000, and a connector that keeps to them. */
async function visibility(
  { events, burst = 1, options = {} }: Sizes,
  more: Omit<ConsoleWorldOptions, 'options'> = {},
) {
  const world = await consoleWorld({
    isPaced: true,
    pageSize: 1000,
    options: { [type]: options },
    dependencies: () => ({ batchLimits: { bytes: 8_000_000, pages: 10 } }),
    ...more,
    console: {
      agents: 60,
      threats: 5,
      endpointEvents: events,
      endpointEventBurst: burst,
      rateLimitScale: 1,
      ...more.console,
    },
  });
  let isClosed = false;
  close = async () => {
    if (!isClosed) await world.close();
    isClosed = true;
  };
  const requests = (path: string) =>
    world.simulator.requests.filter((request) => request.path.endsWith(path));
  /** Milliseconds between one query and the next. */
  function startGaps(): readonly number[] {
    const times = requests('/dv/init-query').map(({ time }) => time);
    return times.slice(1).map((time, i) => time - (times[i] ?? 0));
  }
  return { ...world, close, requests, startGaps };
}

/** By which interface each event is in the lake, by its id. */
function waysById(records: readonly JsonObject[]): ReadonlyMap<string, readonly string[]> {
  const ways = new Map<string, string[]>();
  for (const record of records) {
    const dataLakeId = textAt(record, 'event.id');
    const id = dataLakeId ?? textAt(record, 'id') ?? '';
    ways.set(id, [...(ways.get(id) ?? []), dataLakeId === undefined ? 'dv' : 'sdl']);
  }
  return ways;
}

function trueIds(
  world: Awaited<ReturnType<typeof visibility>>,
  { since, watermark }: Stream,
): ReadonlySet<string> {
  return new Set([...world.simulator.truth(type, since, watermark)].map(({ id }) => id));
}

describe('more events than one query gives, and thousands of them in one second', () => {
  const sizes = { events: 24_000, burst: 5_000 };

  it('are all in the lake once, and a query is started once a minute at most', async () => {
    const world = await visibility({ ...sizes, options: { source: 'dv' } });
    const begun = world.clock.now();
    await world.connect([type], begun - hourMs);
    await world.collect([type], begun - 3 * minuteMs);

    const { problems, lines } = await world.compare(type);
    expect(problems).toStrictEqual([]);
    expect(lines).toBeGreaterThan(27_000);
    expect(Math.min(...world.startGaps())).toBeGreaterThanOrEqual(minuteMs);
    expect(world.simulator.requests.filter(({ status }) => status !== 200)).toStrictEqual([]);
    // The hour is halved once; then three queries do for it.
    expect(world.requests('/dv/init-query').length).toBeLessThanOrEqual(5);
    expect(world.requests('/dv/events').length).toBeLessThanOrEqual(2 * Math.ceil(lines / 1_000));
  });

  it('are all in the lake once by the data lake too, which is asked and left as it wants to be', async () => {
    const world = await visibility({ events: 7_000, burst: 2_000, options: { source: 'sdl' } });
    const begun = world.clock.now();
    await world.connect([type], begun - hourMs);
    await world.collect([type], begun - 3 * minuteMs);

    const { problems, lines } = await world.compare(type, 'deep-visibility-sdl');
    expect(problems).toStrictEqual([]);
    expect(lines).toBeGreaterThan(8_000);
    expect(world.simulator.requests.filter(({ status }) => status !== 200)).toStrictEqual([]);
    const of = (method: string) => world.simulator.requests.filter((request) => request.method === method);
    expect(of('DELETE').length).toBe(of('POST').length);
    expect(world.requests('/dv/init-query')).toStrictEqual([]);
    const times = world.simulator.requests.map(({ time }) => time);
    for (const [i, time] of times.entries())
      expect((times[i + 3] ?? Number.POSITIVE_INFINITY) - time).toBeGreaterThanOrEqual(1_000);
  });
});

describe('a worker that dies on a query', () => {
  /** One window in the present, read by workers of which one dies. */
  async function read(fate: (call: MortalCall, index: number) => 'live' | 'before' | 'after' = () => 'live') {
    const life = mortal();
    const world = await visibility(
      { events: 3_000, options: { source: 'dv' } },
      {
        pageSize: 100,
        console: { agents: 20, threats: 1 },
        dependencies: (usual) => ({
          ...life.dependencies(usual),
          batchLimits: { bytes: 8_000_000, pages: 2 },
          openConsole: async (stream) => {
            const session = await usual.openConsole(stream);
            return { ...session, api: life.api(session.api) };
          },
        }),
      },
    );
    const begun = world.clock.now();
    await world.connect([type], begun - 12 * minuteMs);
    life.decide(fate);
    for (let slices = 0; world.stream(type).watermark < begun - 2 * minuteMs; slices++) {
      if (slices > 50) throw new Error(`It has no end: ${JSON.stringify(world.stream(type))}`);
      try {
        await world.work(type);
        world.clock.time = world.nextAt(type);
      } catch (error) {
        if (!(error instanceof Death)) throw error;
        life.revive();
        world.clock.time = Math.max(world.clock.now(), world.stream(type).nextDueAt ?? 0);
      }
    }
    const { problems, lines } = await world.compare(type);
    await world.close();
    const { position } = world.stream(type);
    const read = new Set(world.requests('/dv/events').map(({ params }) => params['queryId']));
    const atHand = textAt(position ?? {}, 'position', 'queryId');
    const isRead = atHand === undefined || read.has(atHand);
    return {
      problems,
      lines,
      // Queries that were started, and neither read nor at hand.
      lost: world.requests('/dv/init-query').length - read.size - (isRead ? 0 : 1),
      calls: life.calls,
    };
  }

  const isWrite = ({ name }: MortalCall) => /^state\.(acquire|update)$/.test(name);
  const isRequest = (call: MortalCall | undefined, path: string) =>
    JSON.stringify(call?.args[0] ?? null).includes(path);

  /** True where a death at the call comes between a query's start and the write that notes it. */
  function isBetween(calls: readonly MortalCall[], k: number, moment: 'before' | 'after'): boolean {
    const done = calls.slice(0, moment === 'before' ? k : k + 1);
    const start = done.findLastIndex((call) => isRequest(call, '/dv/init-query'));
    return start >= 0 && !done.slice(start).some(isWrite);
  }

  it.each(['before', 'after'] as const)(
    '%s any of its calls loses and doubles nothing, and leaves no query unread but one that nobody had noted',
    async (moment) => {
      const whole = await read();
      expect(whole).toMatchObject({ problems: [], lost: 0 });
      expect(whole.lines).toBeGreaterThan(400);
      const { calls } = whole;
      expect(calls.some((call) => isRequest(call, '/dv/query-status'))).toBe(true);
      expect(calls.filter((call) => isRequest(call, '/dv/events')).length).toBeGreaterThan(4);
      for (const [k, call] of calls.entries()) {
        if (/\.(header|lines|read|get|page)$/.test(call.name)) continue;
        const died = await read((_, index) => (index === k ? moment : 'live'));
        expect(died.problems, `${moment} ${call.name}, call ${k}`).toStrictEqual([]);
        const isUnnoted = isBetween(calls, k, moment);
        expect(died.lost, `${moment} ${call.name}, call ${k}`).toBe(isUnnoted ? 1 : 0);
      }
    },
  );
});

describe('source auto', () => {
  const sunsets = [
    ['before anything is read', -minuteMs],
    ['while the first query runs', 2_000],
    ['between two queries', 60_000],
    ['some windows later', 21 * minuteMs],
  ] as const;

  it.each(sunsets)('goes on by the data lake when Deep Visibility ends %s', async (_, sunsetMs) => {
    const epochMs = Date.parse('2026-11-24T12:00:00Z');
    const world = await visibility({ events: 1_200 }, { console: { dvSunset: epochMs + sunsetMs } });
    await world.connect([type], epochMs - 40 * minuteMs);
    await world.collect([type], epochMs + 40 * minuteMs);

    const stream = world.stream(type);
    expect(stream.status).toMatchObject({ failures: 0 });
    const ways = waysById(world.recordsOf(type));
    const wanted = trueIds(world, stream);
    expect(wanted.size).toBeGreaterThan(1_000);
    expect([...wanted].filter((id) => !ways.has(id))).toStrictEqual([]);
    expect([...ways].filter(([, found]) => found.length > 1)).toStrictEqual([]);
    const all = new Set([...ways.values()].flat());
    expect(all).toStrictEqual(sunsetMs < 10_000 ? new Set(['sdl']) : new Set(['dv', 'sdl']));
    // What is over is not asked for again and again.
    const refused = world.requests('/dv/init-query').filter(({ status }) => status === 404);
    expect(refused.length).toBeLessThanOrEqual(2);
  });
});

describe('a token', () => {
  it.each([
    ['expired', 'credentials', 'token_refused'],
    ['withoutDeepVisibility', 'permission', 'permission_missing'],
  ] as const)('that is %s is told by the word %s, whatever the source', async (token, health, code) => {
    for (const source of ['auto', 'dv', 'sdl']) {
      const world = await visibility({ events: 120, options: { source } }, { token });
      await world.connect([type], world.clock.now() - 10 * minuteMs);
      while (world.stream(type).status.failures === 0) {
        await world.work(type);
        world.clock.time = world.nextAt(type);
      }
      expect(world.stream(type).status).toMatchObject({ health, code, failures: 1 });
      expect(world.recordsOf(type)).toStrictEqual([]);
      await world.close();
    }
  });

  it.each(['dv', 'sdl'])('of a site sees the events of its site alone, by %s', async (source) => {
    const world = await visibility({ events: 600, options: { source } }, { token: 'siteScoped' });
    const begun = world.clock.now();
    await world.connect([type], begun - hourMs);
    await world.collect([type], begun - 3 * minuteMs);
    const sites = world
      .recordsOf(type)
      .map((record) => textAt(record, 'siteId') ?? textAt(record, 'site.id'));
    expect(sites.length).toBeGreaterThan(20);
    expect(new Set(sites).size).toBe(1);
  });
});
