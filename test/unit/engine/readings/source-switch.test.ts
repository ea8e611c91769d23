import { describe, expect, it } from 'vitest';
import { alternatives } from '../../../../shared/engine/readings/alternatives.ts';
import { dataLakeQuery } from '../../../../shared/engine/readings/data-lake-query.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { SentinelOneApi } from '../../../../shared/ports.ts';
import { textAt } from '../../../../shared/records/json-fields.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { pageRequest } from '../../../support/page-request.ts';
import { readingWorld } from '../../../support/reading-world.ts';
import { LakeConsole, row } from './lake-console.ts';
import { event, failure, gone, QueryConsole } from './query-console.ts';
import { at, hourMs, minuteMs, noon, queriesOf, window } from './query-walk.ts';

const reading = alternatives({
  ways: { dv: queriesOf(), sdl: dataLakeQuery({ filter: "a='b'", rowCap: 5_000 }) },
  auto: ['dv', 'sdl'],
});

const closedBy = [
  ['is retired', gone()],
  ['is not permitted', failure({ code: 'permission_missing', health: 'permission', httpStatus: 403 })],
  ['is not licensed', failure({ code: 'licence_missing', health: 'licence', httpStatus: 403 })],
] as const;

/** Two consoles in one, with the same events; `close` ends the queries that are started, for good. */
function twoWays() {
  const clock = new ManualClock(noon);
  const queries = new QueryConsole(clock);
  queries.paceMs = 75_000;
  const lake = new LakeConsole(clock);
  const api: SentinelOneApi = {
    list: (path, params) => queries.list(path, params),
    request: (request, signal) =>
      request.surface === 'data-lake' ? lake.request(request, signal) : queries.request(request),
  };
  return {
    clock,
    queries,
    dataLake: lake,
    api,
    show(ids: readonly (readonly [string, number])[]) {
      queries.events = ids.map(([id, ms]) => event(id, at(ms)));
      lake.rows = ids.map(([id, ms]) => row(id, noon + ms));
    },
    close(refusal: Error) {
      queries.before = () => {
        throw refusal;
      };
    },
    open() {
      queries.before = () => undefined;
    },
  };
}

/** The engine on both, with a backlog of an hour; an event a minute. */
async function engine(options: JsonObject = {}) {
  const ways = twoWays();
  ways.show(Array.from({ length: 80 }, (_, i) => [`e${i}`, (i - 60) * minuteMs + 500] as const));
  const world = await readingWorld({
    clock: ways.clock,
    api: ways.api,
    reading,
    since: noon - hourMs,
    options,
    identity: (vendor) => ({
      id: textAt(vendor, 'event.id') ?? textAt(vendor, 'id') ?? '',
      revision: textAt(vendor, 'createdAt') ?? '',
    }),
  });
  return {
    ...ways,
    ...world,
    /** The events before the watermark. */
    due: () => from(0, Math.min(79, 60 + Math.ceil((world.stream().watermark - noon - 500) / minuteMs) - 1)),
    /** By which way each event is in the lake, in the order of their entries. */
    found: () =>
      world
        .records()
        .map(
          (record) =>
            `${textAt(record, 'event.id') ?? textAt(record, 'id')} ${isOfLake(record) ? 'sdl' : 'dv'}`,
        ),
  };
}

const isOfLake = (record: JsonObject) => record['event.id'] !== undefined;
const idsIn = (found: readonly string[]) => found.map((text) => text.split(' ')[0]);
const from = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => `e${first + i}`);

describe.each(closedBy)('a better way that %s', (_, refusal) => {
  it('from the begin leaves the other one, which is not given up for every window', async () => {
    const { due, close, queries, dataLake, collect, found } = await engine();
    close(refusal);
    await collect(noon + 14 * minuteMs);
    expect(idsIn(found())).toStrictEqual(due());
    expect(found().every((text) => text.endsWith('sdl'))).toBe(true);
    expect(dataLake.of('POST').length).toBeGreaterThan(3);
    // Refused once, and once more to be sure.
    expect(queries.starts).toHaveLength(2);
  });

  it('is tried again after an hour, and used when it is open', async () => {
    const { due, close, open, collect, found, queries, clock } = await engine();
    close(refusal);
    await collect(noon - 2 * minuteMs);
    open();
    expect(queries.starts).toHaveLength(2);
    clock.advance(hourMs);
    await collect(noon + 19 * minuteMs);
    expect(idsIn(found())).toStrictEqual(due());
    expect(found().at(-1)).toBe('e79 dv');
  });

  it('between two windows is left without a gap', async () => {
    const { due, close, collect, found, stream } = await engine();
    await collect(noon - 2 * minuteMs);
    const reached = stream().watermark;
    close(refusal);
    await collect(noon + 14 * minuteMs);
    expect(idsIn(found())).toStrictEqual(due());
    const firstOfLake = found().findIndex((text) => text.endsWith('sdl'));
    expect(firstOfLake).toBe((reached - noon) / minuteMs + 60);
    expect(
      found()
        .slice(firstOfLake)
        .every((text) => text.endsWith('sdl')),
    ).toBe(true);
  });

  it('in the midst of a window, while a query runs, leaves the rest of the window to the other one', async () => {
    const { due, queries, collect, work, found } = await engine();
    expect(await work()).toMatchObject({ kind: 'waiting' });
    queries.before = ({ kind }) => {
      throw kind === 'start' ? refusal : gone();
    };
    await collect(noon - 2 * minuteMs);
    expect(idsIn(found())).toStrictEqual(due());
    expect(found().every((text) => text.endsWith('sdl'))).toBe(true);
  });

  it('in the midst of the results leaves to the other one what was not read, from the very time on', async () => {
    const { close, queries, collect, found, show } = await engine();
    queries.pageRows = 5;
    // The page ends within a group of one time.
    show([
      ...from(0, 8).map((id, i) => [id, (i - 60) * minuteMs] as const),
      ...['x', 'y', 'z'].map((id) => [id, -51 * minuteMs] as const),
      ...from(9, 20).map((id, i) => [id, (i - 50) * minuteMs] as const),
    ]);
    queries.before = ({ params }) => {
      if (params['cursor'] !== 'q0:10') return undefined;
      close(refusal);
      throw gone();
    };
    await collect(noon - 2 * minuteMs);
    const ids = idsIn(found());
    expect(new Set(ids)).toStrictEqual(new Set([...from(0, 20), 'x', 'y', 'z']));
    // Only what has the time of the last row that was read may be there by both ways.
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toStrictEqual(['x']);
    expect(queries.starts.length).toBeGreaterThan(1);
  });

  it('is the failure where the connector names it', async () => {
    const { close, work, dataLake } = await engine({ source: 'dv' });
    close(refusal);
    expect(await work()).toMatchObject({
      kind: 'failed',
      error: { code: refusal.code, health: refusal.health },
    });
    expect(dataLake.requests).toStrictEqual([]);
  });

  it('is the failure where the other one is closed too, once that is sure', async () => {
    const { close, work, dataLake, stream } = await engine();
    close(refusal);
    dataLake.before = () => {
      throw failure({ code: 'licence_missing', health: 'licence', httpStatus: 403, message: 'the second' });
    };
    const kinds = [(await work()).kind, (await work()).kind, (await work()).kind];
    // Refused, not to be asked again yet, refused again.
    expect(kinds).toStrictEqual(['waiting', 'waiting', 'failed']);
    for (let slices = 0; slices < 6; slices++) {
      expect(stream().status).toMatchObject({ code: refusal.code, health: refusal.health });
      await work();
    }
    // Three times it is asked for within minutes, and then hourly.
    expect(stream().status.failures).toBeGreaterThanOrEqual(3);
  });

  it('only once is not left', async () => {
    const { close, open, work, collect, found, due } = await engine();
    close(refusal);
    await work();
    open();
    await collect(noon - 2 * minuteMs);
    expect(idsIn(found())).toStrictEqual(due());
    expect(found().every((text) => text.endsWith('dv'))).toBe(true);
  });
});

describe('a way', () => {
  it('is not changed because of trouble', async () => {
    const { close, work, dataLake } = await engine();
    const trouble = failure({
      code: 'console_error',
      health: 'unavailable',
      httpStatus: 500,
      retryable: true,
    });
    close(trouble);
    expect(await work()).toMatchObject({ kind: 'failed', error: trouble });
    expect(dataLake.requests).toStrictEqual([]);
  });

  it('is not changed because of a token that has expired', async () => {
    const { close, work, dataLake, stream } = await engine();
    close(failure({ code: 'token_refused', health: 'credentials', httpStatus: 401 }));
    await work();
    expect(dataLake.requests).toStrictEqual([]);
    expect(stream().status.health).toBe('credentials');
  });

  it('that the connector names is taken from the next window on', async () => {
    const { due, collect, streams, stream, found, api } = await engine();
    await collect(noon - 2 * minuteMs);
    const { settings } = stream();
    await streams.ensureStream(stream().id, {
      since: stream().since,
      settings: { ...settings, options: { source: 'sdl' } },
      nextDueAt: 0,
      now: 0,
    });
    await collect(noon + 14 * minuteMs);
    expect(idsIn(found())).toStrictEqual(due());
    expect(found().at(-1)).toMatch(/sdl$/);
    expect(api).toBeDefined();
  });

  it('of an unknown name is said to be one', async () => {
    const { work } = await engine({ source: 'constructor' });
    expect(await work()).toMatchObject({
      kind: 'failed',
      error: {
        code: 'option_unknown',
        health: 'misconfigured',
        recommendation: 'Set it to one of: auto, dv, sdl.',
      },
    });
  });

  it('whose first answer is too large is asked for less', async () => {
    const { dataLake, api, clock } = twoWays();
    dataLake.before = (_, index) => {
      if (index === 0) throw failure({ code: 'response_too_large', health: 'unavailable', retryable: true });
      return undefined;
    };
    const request = pageRequest(api, window, { options: { source: 'sdl' }, now: () => clock.now() });
    const { position, end, records } = await reading.readPage(request);
    expect({ position, end, records }).toStrictEqual({
      position: { way: 'sdl', position: { from: noon, to: noon + 150_000, mostRows: 2_500 } },
      end: false,
      records: [],
    });
  });
});
