import { describe, expect, it } from 'vitest';
import type { Page, PageRequest } from '../../../../shared/engine/reading.ts';
import { dataLakeQuery } from '../../../../shared/engine/readings/data-lake-query.ts';
import type { Position, Window } from '../../../../shared/engine/stream.ts';
import { isObject, type JsonObject } from '../../../../shared/json.ts';
import { fieldAt } from '../../../../shared/records/json-fields.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { pageRequest } from '../../../support/page-request.ts';
import { LakeConsole, row } from './lake-console.ts';
import { failure } from './query-console.ts';
import { hourMs, minuteMs, noon } from './query-walk.ts';

const window: Window = { from: noon, to: noon + 5 * minuteMs };

/** A reading of a data lake in memory; who waits moves the clock. */
function lakeWalk(
  options: { rowCap?: number; options?: JsonObject; scope?: PageRequest['scope']; signal?: AbortSignal } = {},
) {
  const clock = new ManualClock(noon + hourMs);
  const console = new LakeConsole(clock);
  const reading = dataLakeQuery({ filter: "a='b'", rowCap: options.rowCap ?? 5_000 });

  function page(position?: Position, of: Window = window, change: Partial<PageRequest> = {}): Promise<Page> {
    return reading.readPage(
      pageRequest(console, of, {
        position,
        now: () => clock.now(),
        options: options.options ?? {},
        scope: options.scope ?? {},
        sleep: async (ms, signal) => {
          signal.throwIfAborted();
          clock.advance(ms);
        },
        ...change,
      }),
    );
  }

  return {
    clock,
    console,
    reading,
    page,
    async read(of: Window = window, position?: Position) {
      const pages: Page[] = [];
      for (
        let stored = position;
        pages.length < 1_000;
        stored = JSON.parse(JSON.stringify(pages.at(-1)?.position))
      ) {
        const next = await page(stored, of);
        pages.push(next);
        if (next.end) break;
      }
      const ids = pages.flatMap(({ records }) =>
        records.map((record) => isObject(record) && record['event.id']),
      );
      return { pages, ids, position: pages.at(-1)?.position ?? {} };
    },
  };
}

function rows(count: number, ms: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, i) => row(`e${i}`, noon + Math.floor((i * ms) / count)));
}

const lengthsOf = (console: LakeConsole) =>
  console.of('POST').map(({ body }) => {
    const seconds = (name: string) => Number(BigInt(String(fieldAt(body, name))) / 1_000_000_000n);
    return seconds('endTime') - seconds('startTime');
  });

describe('a query of the data lake', () => {
  it('is started, asked after, taken and deleted within one page', async () => {
    const { console, page, clock } = lakeWalk();
    console.rows = [
      row('a', window.from),
      row('b', window.to - 1),
      row('c', window.to),
      row('z', window.from - 1),
    ];
    const begun = clock.now();

    const { records, end } = await page();

    // As the data lake names its fields, with the time beside them.
    expect(records).toStrictEqual([
      { timestamp: `${window.from}000000`, 'event.id': 'a' },
      { timestamp: `${window.to - 1}000000`, 'event.id': 'b' },
    ]);
    expect(end).toBe(true);
    expect(console.requests).toStrictEqual([
      {
        method: 'POST',
        path: '/queries',
        surface: 'data-lake',
        body: {
          queryType: 'LOG',
          tenant: true,
          startTime: `${window.from}000000`,
          endTime: `${window.to}000000`,
          queryPriority: 'LOW',
          log: { filter: "a='b'", limit: 5_000, ascending: true },
        },
      },
      ...[1, 2].map(() => ({
        method: 'GET',
        path: '/queries/0%3D%3D',
        surface: 'data-lake',
        forwardTag: 'tag-0',
        params: { lastStepSeen: '0' },
      })),
      { method: 'DELETE', path: '/queries/0%3D%3D', surface: 'data-lake', forwardTag: 'tag-0' },
    ]);
    expect(clock.now() - begun).toBe(2_000);
    expect(console.alive.size).toBe(0);
  });

  it('that comes too early by the clock of its answer is left alone until then', async () => {
    const { console, page } = lakeWalk();
    const early = await page(undefined, window, { settled: () => window.to - 7_000 });
    expect(early).toMatchObject({ records: [], end: false, resumeInMs: 7_000, position: { ...window } });
    expect(console.requests.map(({ method }) => method)).toStrictEqual(['POST', 'DELETE']);
  });

  it('that is done at once is not asked after', async () => {
    const { console, page } = lakeWalk();
    console.durationOf = () => 0;
    await page();
    expect(console.requests.map(({ method }) => method)).toStrictEqual(['POST', 'DELETE']);
  });

  it('is narrowed by the filter and the scope of the connector, and by nothing else of it', async () => {
    const { console, page } = lakeWalk({
      options: { filter: "event.type = 'x' or event.type = 'y'", query: 'not for it' },
      scope: { siteIds: '1,2', accountIds: '3,4' },
    });
    await page();
    expect(console.requests[0]?.body).toMatchObject({
      tenant: false,
      accountIds: ['3', '4'],
      log: { filter: "a='b' (event.type = 'x' or event.type = 'y') site.id in ('1', '2')" },
    });
  });

  it('never goes half a minute without being asked after, and is given up in time for a worker', async () => {
    const { console, page, clock } = lakeWalk();
    console.durationOf = () => 10 * minuteMs;
    const times: number[] = [];
    console.before = () => {
      times.push(clock.now());
      return undefined;
    };
    const { position, records } = await page();
    expect(Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? 0)))).toBeLessThan(30_000);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(60_000);
    expect(records).toStrictEqual([]);
    // Half of the time is half of the work.
    expect(position).toStrictEqual({ from: noon, to: noon + 150_000 });
    expect(console.alive.size).toBe(0);
  });

  it('that is too slow is halved until it is not', async () => {
    const { console, read } = lakeWalk();
    console.rows = rows(100, 5 * minuteMs);
    console.durationOf = (spanMs) => (spanMs > 100_000 ? 90_000 : 3_000);
    expect((await read()).ids).toHaveLength(100);
    expect(lengthsOf(console).slice(0, 3)).toStrictEqual([300, 150, 75]);
  });

  it('that is too slow for a second is a failure to wait for', async () => {
    const { console, page } = lakeWalk();
    console.durationOf = () => 10 * minuteMs;
    await expect(page({ from: noon, to: noon + 1_000 })).rejects.toMatchObject({
      code: 'query_slow',
      retryable: true,
    });
    expect(console.alive.size).toBe(0);
  });

  it.each([
    ['a message', { message: 'out of memory' }],
    ['a text', 'out of memory'],
  ])('whose answer has an error inside is a failure, with %s', async (_, error) => {
    const { console, page } = lakeWalk();
    console.before = ({ method }) =>
      method === 'GET' ? { id: '0==', stepsTotal: 1, stepsCompleted: 1, data: null, error } : undefined;
    await expect(page()).rejects.toMatchObject({
      code: 'response_malformed',
      retryable: true,
      message: expect.stringContaining('out of memory'),
    });
    expect(console.of('DELETE')).toHaveLength(1);
  });

  it.each([
    ['an error before its end', { id: '0==', stepsTotal: 0, stepsCompleted: 0, data: null, error: 'no' }],
    ['neither an id nor an end', { stepsTotal: 0, stepsCompleted: 0, data: null }],
    ['an end and no data', { id: '0==', stepsTotal: 1, stepsCompleted: 1, data: null }],
    ['an end and data of another form', { id: '0==', stepsTotal: 1, stepsCompleted: 1, data: { rows: [] } }],
  ])('that is answered with %s is a failure at once, and never taken for an empty one', async (_, answer) => {
    const { console, page, clock } = lakeWalk();
    const begun = clock.now();
    console.before = ({ method }) => (method === 'POST' ? answer : undefined);
    await expect(page()).rejects.toMatchObject({ code: 'response_malformed', retryable: true });
    expect(clock.now()).toBe(begun);
  });

  it('that the console has forgotten is lost, and asked for again', async () => {
    const { console, page, reading, clock } = lakeWalk();
    console.before = ({ method }) => {
      // A worker that was asleep.
      if (method === 'GET') clock.advance(40_000);
      return undefined;
    };
    await expect(page()).rejects.toMatchObject({ code: 'query_lost', retryable: true });
    const position = { from: noon, to: noon + 1_000 };
    expect(reading.resume(position, window)).toStrictEqual(position);
  });
});

describe('a question after a query that is refused', () => {
  const throttled = failure({ code: 'throttled', health: 'throttled', retryable: true, retryAfterMs: 4_000 });
  const down = failure({ code: 'console_error', health: 'unavailable', retryable: true });

  it.each([
    ['throttled', throttled, 4_000 + 1_000],
    ['met by a console that fails', down, 2 * 1_000],
  ])('is asked again while the query lives: %s', async (_, error, waitedMs) => {
    const { console, page, clock } = lakeWalk();
    console.rows = rows(3, 5 * minuteMs);
    const begun = clock.now();
    console.before = (__, index) => {
      if (index === 1) throw error;
      return undefined;
    };
    expect((await page()).records).toHaveLength(3);
    expect(clock.now() - begun).toBe(waitedMs);
    expect(console.of('POST')).toHaveLength(1);
  });

  it('is a failure when the query would be gone by then', async () => {
    const { console, page, clock } = lakeWalk();
    const begun = clock.now();
    console.before = ({ method }) => {
      if (method === 'GET') throw down;
      return undefined;
    };
    await expect(page()).rejects.toBe(down);
    expect(clock.now() - begun).toBeLessThan(30_000);
    expect(console.alive.size).toBe(0);
  });

  it.each([
    [
      'a pause that outlasts the query',
      failure({ code: 'paused', health: 'throttled', retryable: true, retryAfterMs: 60_000 }),
    ],
    ['a token that has expired', failure({ code: 'token_refused', health: 'credentials', httpStatus: 401 })],
  ])('is a failure at once with %s', async (_, error) => {
    const { console, page } = lakeWalk();
    console.before = ({ method }) => {
      if (method === 'GET') throw error;
      return undefined;
    };
    await expect(page()).rejects.toBe(error);
    expect(console.of('GET')).toHaveLength(1);
    expect(console.alive.size).toBe(0);
  });
});

describe('the end of a query', () => {
  it('is told to the console also where the page is given up', async () => {
    const { console, page } = lakeWalk();
    const giveUp = new AbortController();
    console.before = ({ method }) => {
      if (method === 'GET') giveUp.abort(new Error('The slice ends.'));
      return undefined;
    };
    await expect(page(undefined, window, { signal: giveUp.signal })).rejects.toThrow();
    expect(console.requests.map(({ method }) => method)).toStrictEqual(['POST', 'GET', 'DELETE']);
    expect(console.alive.size).toBe(0);
  });

  it('is no matter of its rows: they are good although the console does not hear of it', async () => {
    const { console, page } = lakeWalk();
    console.rows = rows(3, 5 * minuteMs);
    console.before = ({ method }) => {
      if (method === 'DELETE') throw failure({ code: 'throttled', health: 'throttled', httpStatus: 429 });
      return undefined;
    };
    expect((await page()).records).toHaveLength(3);
  });
});

describe('the row cap of the data lake', () => {
  it('halves the span, and what follows is as long as the rows suggest, also in the next window', async () => {
    const { console, read } = lakeWalk({ rowCap: 50 });
    console.rows = rows(200, 10 * minuteMs);
    const { ids, pages, position } = await read();
    expect(ids).toStrictEqual(Array.from({ length: 100 }, (_, i) => `e${i}`));
    expect(pages.some(({ incomplete }) => incomplete !== undefined)).toBe(false);
    expect(lengthsOf(console)).toStrictEqual([300, 150, 75, 90, 90, 45]);

    const next = await read({ from: window.to, to: window.to + 5 * minuteMs }, position);
    expect(next.ids).toHaveLength(100);
    expect(lengthsOf(console).slice(6)).toStrictEqual([90, 90, 90, 30]);
  });

  it('is said where one second holds more', async () => {
    const { console, read } = lakeWalk({ rowCap: 50 });
    console.rows = Array.from({ length: 80 }, (_, i) => row(`b${i}`, noon + 100_000 + i));
    const { ids, pages } = await read();
    expect(ids).toHaveLength(50);
    expect(pages.flatMap(({ incomplete }) => incomplete?.code ?? [])).toStrictEqual(['row_cap_reached']);
  });

  it('is lower from then on where the answers are too large to be taken', async () => {
    const { console, page, reading } = lakeWalk();
    console.rows = rows(100, 5 * minuteMs);
    let smaller = reading.smallerPages(undefined, window);
    expect(smaller).toStrictEqual({ from: noon, to: noon + 150_000, mostRows: 2_500 });
    smaller = reading.smallerPages(smaller, window);
    expect(smaller).toStrictEqual({ from: noon, to: noon + 75_000, mostRows: 1_250 });
    expect((await page(smaller)).position).toMatchObject({ from: noon + 75_000, mostRows: 1_250 });
    expect(reading.smallerPages({ from: noon, to: noon + 1_000 }, window)).toBeUndefined();
  });

  it('has no use for the place of another window but how long a query may be', async () => {
    const { console, page } = lakeWalk();
    await page({ from: noon - hourMs, to: noon - minuteMs });
    await page({ lengthMs: 60_000 });
    await page({ lengthMs: 10 * hourMs });
    expect(lengthsOf(console)).toStrictEqual([300, 60, 300]);
  });
});
