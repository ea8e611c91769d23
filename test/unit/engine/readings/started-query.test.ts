import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../../shared/errors.ts';
import { budgetTakenError, pausedError } from '../../../../shared/sentinelone/pacing-errors.ts';
import { event, failure, gone } from './query-console.ts';
import { at, minuteMs, queryWalk, window } from './query-walk.ts';

const someEvents = [event('a', at(1_000)), event('b', at(2_000)), event('c', at(3_000))];

/** A walk whose query is started, and the position in which it waits. */
async function started(options: Parameters<typeof queryWalk>[0] = {}) {
  const walk = queryWalk(options);
  walk.console.events = someEvents;
  const { position } = await walk.page();
  return { ...walk, position };
}

describe('a query', () => {
  it('is started for its window, waited for, and read page by page', async () => {
    const { console, clock, read } = queryWalk();
    console.events = someEvents;
    console.pageRows = 2;
    const begun = clock.now();

    const { ids, pages } = await read();

    expect(ids).toStrictEqual(['a', 'b', 'c']);
    expect(console.calls.map(({ kind, at: time }) => [kind, time - begun])).toStrictEqual([
      ['start', 0],
      ['status', 3_000],
      ['status', 6_000],
      ['results', 6_000],
      ['results', 6_000],
    ]);
    expect(console.calls.at(-1)?.params).toStrictEqual({
      queryId: 'q0',
      limit: '1000',
      sortBy: 'createdAt',
      sortOrder: 'asc',
      cursor: 'q0:2',
    });
    expect(pages.at(-1)).toMatchObject({ end: true, consoleTotal: 3 });
  });

  it('is for all events of the window, in the words of the console', async () => {
    const { console } = await started();
    expect(console.of('start').map(({ body }) => body)).toStrictEqual([
      {
        query: 'everything',
        fromDate: '2026-11-24T11:59:59.999999Z',
        toDate: '2026-11-24T12:04:59.999999Z',
        limit: 20_000,
        queryType: ['events'],
      },
    ]);
  });

  it('is what the connector says it is', async () => {
    const { console } = await started({
      options: { query: 'EventType = "Login"', isVerbose: 'true' },
      scope: { siteIds: '1,2', accountIds: '3' },
    });
    expect(console.calls[0]?.body).toMatchObject({
      query: 'EventType = "Login"',
      isVerbose: true,
      siteIds: ['1', '2'],
      accountIds: ['3'],
    });
  });

  it('is not verbose where the connector says so', async () => {
    const { console } = await started({ options: { isVerbose: 'false' } });
    expect(console.calls[0]?.body).not.toHaveProperty('isVerbose');
  });

  it('is in the position before it is waited for, so that nobody starts it again', async () => {
    const { position, page, console, clock } = await started();
    expect(position).toMatchObject({ queryId: 'q0', startedAt: clock.now() });
    expect(position).not.toHaveProperty('finished');

    for (let death = 0; death < 3; death++) await page(position);

    expect(console.starts).toHaveLength(1);
    expect(console.of('status').map(({ params }) => params)).toStrictEqual(Array(3).fill({ queryId: 'q0' }));
  });

  it.each(['RUNNING', 'PROCESS_RUNNING', 'EVENTS_RUNNING', 'PLANNING', 'QUERY_RUNNING', 'A_NEW_ONE', null])(
    'that is %s is waited for, longer and longer',
    async (state) => {
      const { console, clock, page, position } = await started();
      console.stateOf = () => state;
      const waits: (number | undefined)[] = [];
      for (let poll = 0; poll < 8; poll++) {
        const waiting = await page(position);
        waits.push(waiting.resumeInMs);
        expect(waiting).toMatchObject({ position, records: [], end: false });
        clock.advance(waiting.resumeInMs ?? 0);
      }
      expect(waits).toStrictEqual([3_000, 3_000, 3_000, 4_500, 6_750, 10_125, 15_187.5, 22_781.25]);
      clock.advance(60_000);
      expect((await page(position)).resumeInMs).toBe(30_000);
      expect(console.of('results')).toStrictEqual([]);
    },
  );

  it.each(['EMPTY_RESULTS', 'Empty results'])(
    'that says %s is read without another request',
    async (state) => {
      const { console, read } = queryWalk();
      console.stateOf = () => state;
      const { ids } = await read();
      expect(ids).toStrictEqual([]);
      expect(console.calls.map(({ kind }) => kind)).toStrictEqual(['start', 'status']);
    },
  );

  it('whose start names no query is a failure to wait for', async () => {
    const { console, page } = queryWalk();
    console.before = () => ({ data: {} });
    await expect(page()).rejects.toMatchObject({ code: 'response_malformed', retryable: true });
  });
});

describe('a query that cannot be started yet', () => {
  const now = window.to + 2 * minuteMs;
  const pauseOf = (httpStatus: 429 | 503) => pausedError('/start', { until: now + 40_000, httpStatus }, now);

  it.each([
    ['by our own pacing', budgetTakenError('/start', now + 75_000, now), 75_000],
    ['by the console', failure({ code: 'throttled', health: 'throttled', retryAfterMs: 31_000 }), 31_000],
    ['by the console, without a time', failure({ code: 'throttled', health: 'throttled' }), 60_000],
    [
      'for so short a time that a message would be there before',
      budgetTakenError('/start', now + 20, now),
      1_000,
    ],
    ['because another worker was told to wait', pauseOf(429), 40_000],
  ])('is waited for: refused %s', async (_, refusal, waitMs) => {
    const { console, read, page } = queryWalk();
    console.events = someEvents;
    console.before = (__, index) => {
      if (index === 0) throw refusal;
      return undefined;
    };

    const refused = await page();

    expect(refused).toMatchObject({ records: [], end: false, resumeInMs: waitMs });
    expect(refused.position).not.toHaveProperty('queryId');
    expect((await read(window, refused.position)).ids).toStrictEqual(['a', 'b', 'c']);
  });

  it.each([
    ['a console under maintenance', pauseOf(503)],
    ['a console that fails', failure({ code: 'console_error', health: 'unavailable', retryable: true })],
    ['an expired token', failure({ code: 'token_refused', health: 'credentials', httpStatus: 401 })],
    ['a missing permission', failure({ code: 'permission_missing', health: 'permission', httpStatus: 403 })],
    ['a query that is wrong', failure({ code: 'query_refused', health: 'misconfigured', httpStatus: 400 })],
    ['a retired endpoint', failure({ code: 'not_found', health: 'retired', httpStatus: 404 })],
  ])('is a failure with %s', async (_, refusal) => {
    const { console, page } = queryWalk();
    console.before = () => {
      throw refusal;
    };
    await expect(page()).rejects.toBe(refusal);
  });
});

describe('a query that comes to nothing', () => {
  it.each([
    'FAILED',
    'FAILED_CLIENT',
    'ERROR',
    'QUERY_CANCELLED',
    'QUERY_CANCEL',
    'TIMED_OUT',
    'QUERY_EXPIRED',
    'QUERY_NOT_FOUND',
  ])('with %s is followed by others, each for half of it', async (state) => {
    const { console, read } = queryWalk();
    console.events = someEvents;
    console.stateOf = (query) => (query === 0 ? state : 'FINISHED');
    const { ids } = await read();
    expect(ids).toStrictEqual(['a', 'b', 'c']);
    expect(console.of('start').map(({ body }) => [body['fromDate'], body['toDate']])).toStrictEqual([
      [at(-1, '999'), at(299_999, '999')],
      [at(-1, '999'), at(149_999, '999')],
      [at(149_999, '999'), at(299_999, '999')],
    ]);
  });

  it('because it runs for twenty minutes is given up', async () => {
    const { console, read } = queryWalk();
    console.events = someEvents;
    console.stateOf = (query) => (query === 0 ? 'RUNNING' : 'FINISHED');
    const { ids, pages } = await read();
    expect(ids).toStrictEqual(['a', 'b', 'c']);
    const [first = 0, second = 0] = console.starts;
    expect(second - first).toBeGreaterThan(20 * minuteMs);
    expect(second - first).toBeLessThan(21 * minuteMs);
    expect(pages.find(({ position }) => position['losses'] === 1)?.position).toMatchObject({
      lostAs: expect.stringMatching(/^RUNNING AFTER 20.* MINUTES$/),
    });
  });

  it.each([
    ['while it is waited for', 'status'],
    ['when it is to be read', 'results'],
  ])('because the console has forgotten it %s', async (_, kind) => {
    const { console, read } = queryWalk();
    console.events = someEvents;
    let forgotten = 0;
    console.before = (call) => {
      if (call.kind === kind && forgotten++ === 0) throw gone();
      return undefined;
    };
    expect((await read()).ids).toStrictEqual(['a', 'b', 'c']);
    expect(forgotten).toBeGreaterThan(1);
    expect(console.starts).toHaveLength(3);
  });

  it.each([
    ['is gone', gone()],
    [
      'has a cursor that is refused',
      failure({ code: 'cursor_refused', health: 'unavailable', httpStatus: 400 }),
    ],
    [
      'is refused in other words',
      failure({ code: 'request_refused', health: 'misconfigured', httpStatus: 400 }),
    ],
  ])(
    'because it %s half way is asked for again from the newest time on, and what was read is marked',
    async (_, error) => {
      const { console, read } = queryWalk();
      console.events = someEvents;
      console.pageRows = 2;
      console.before = ({ params }) => {
        if (params['cursor'] === 'q0:2') throw error;
        return undefined;
      };

      const { ids, pages } = await read();

      // The engine drops the second b, because the pages say that it may come.
      expect(ids).toStrictEqual(['a', 'b', 'b', 'c']);
      expect(console.of('start')[1]?.body).toMatchObject({
        fromDate: at(1_999, '999'),
        toDate: at(150_999, '999'),
      });
      const second = pages.filter(({ records }) => records.length > 0).slice(1);
      expect(second.map(({ mayRepeat }) => mayRepeat)).toStrictEqual(second.map(() => true));
    },
  );

  it.each([
    failure({ code: 'unknown_parameter', health: 'misconfigured', httpStatus: 400 }),
    failure({ code: 'console_error', health: 'unavailable', httpStatus: 500, retryable: true }),
    failure({ code: 'throttled', health: 'throttled', httpStatus: 429, retryable: true }),
    failure({ code: 'token_refused', health: 'credentials', httpStatus: 401 }),
  ])('is not what $code means', async (error) => {
    const { console, page, clock, position } = await started();
    clock.advance(5_000);
    const { position: finished } = await page(position);
    console.before = () => {
      throw error;
    };
    await expect(page(position)).rejects.toBe(error);
    await expect(page(finished)).rejects.toBe(error);
  });

  it('three times is a failure, and another one is tried when five minutes are over', async () => {
    const { console, page, clock } = queryWalk();
    console.events = someEvents;
    console.stateOf = (query) => (query < 4 ? 'FAILED_CLIENT' : 'FINISHED');
    let position = (await page()).position;
    const outcomes: string[] = [];
    for (let turn = 0; turn < 20; turn++) {
      try {
        const next = await page(position);
        position = next.position;
        clock.advance(next.resumeInMs ?? 0);
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        expect(error).toMatchObject({ code: 'queries_fail', health: 'unavailable', retryable: true });
        expect(error.message).toContain('FAILED_CLIENT');
        outcomes.push(`${console.starts.length} started, again in ${(error.retryAfterMs ?? 0) / minuteMs}`);
        clock.advance(error.retryAfterMs ?? 0);
      }
      if (position['exhausted'] === true) break;
    }
    expect(outcomes).toStrictEqual(['3 started, again in 5', '4 started, again in 5']);
    expect(position).not.toHaveProperty('losses');
  });

  it('does not count once one of them is read', async () => {
    const { console, read } = queryWalk({ rowCap: 2 });
    console.cap = 2;
    console.events = someEvents;
    // Every second one fails: with the halves for a, b and c there are more than three of them.
    console.stateOf = (query) => (query % 2 === 0 ? 'FAILED' : 'FINISHED');
    const { ids } = await read();
    expect(new Set(ids)).toStrictEqual(new Set(['a', 'b', 'c']));
    expect(console.starts.length).toBeGreaterThan(6);
  });
});

describe('the place of a query', () => {
  it('fits into the metadata of an object, whatever is in it', async () => {
    const { console, page, clock } = queryWalk();
    console.events = someEvents;
    console.pageRows = 2;
    console.before = ({ kind }) =>
      kind === 'start' ? { data: { queryId: `q0${'x'.repeat(198)}` } } : undefined;
    console.page = (answer) => ({ ...answer, nextCursor: 'c'.repeat(900) });
    const { position } = await page();
    const full = {
      ...position,
      queryId: `q${'x'.repeat(199)}`,
      finished: true,
      isShared: true,
      rows: 19_000,
      total: 19_999,
      lastKey: clock.now(),
      limit: 500,
      repeats: true,
      losses: 100,
      lostAt: clock.now(),
      lostAs: 'X'.repeat(60),
      cursor: 'c'.repeat(900),
    };
    expect(
      JSON.stringify({ way: 'dv', position: full, isHandedOn: true, chosenAt: clock.now() }).length,
    ).toBeLessThan(1_600);
  });

  it.each([
    ['cursor', (c: string) => ({ cursor: c }), 901],
    ['cursor outside ASCII', (c: string) => ({ cursor: c.replaceAll('c', 'ö') }), 151],
  ])('is refused with a %s that is too long for it', async (_, change, length) => {
    const { console, page, clock, position } = await started();
    console.page = (answer) => ({ ...answer, nextCursor: change('c'.repeat(length)).cursor });
    clock.advance(5_000);
    const { position: finished } = await page(position);
    await expect(page(finished)).rejects.toMatchObject({ code: 'cursor_too_long' });
  });

  it('is not left where the console answers with the cursor that it was asked with', async () => {
    const { console, page, clock, position } = await started();
    console.page = (answer) => ({ ...answer, nextCursor: 'q0:1' });
    clock.advance(5_000);
    const { position: finished } = await page(position);
    const { position: second } = await page(finished);
    await expect(page(second)).rejects.toMatchObject({ code: 'repeated_cursor' });
  });

  it('has smaller pages where full ones are too large, until there are none', async () => {
    const { reading, console, page, clock, position } = await started();
    clock.advance(5_000);
    const { position: finished } = await page(position);
    let smaller = reading.smallerPages(finished, window);
    await page(smaller);
    expect(console.calls.at(-1)?.params).toMatchObject({ queryId: 'q0', limit: '500' });
    for (const limit of [250, 125, 62, 31, 15, 7, 3, 1]) {
      smaller = reading.smallerPages(smaller, window);
      expect(smaller).toMatchObject({ limit });
    }
    expect(reading.smallerPages(smaller, window)).toBeUndefined();
    expect(reading.smallerPages(undefined, window)).toBeUndefined();
  });
});
