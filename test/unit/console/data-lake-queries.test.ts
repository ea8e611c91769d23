import { describe, expect, it } from 'vitest';
import type { RunningConsole } from '../../../local/console/console.ts';
import { readPowerQuery, runPowerQuery } from '../../../local/console/server/power-query.ts';
import { findEvents, settledMs } from './event-support.ts';
import { epochMs, hourMs, openConsole, type Reply, stoppedClock, vendorError } from './support.ts';

const edr = "dataSource.name='SentinelOne' dataSource.category='security'";
const lastHour = { tenant: true, startTime: settledMs - hourMs, endTime: settledMs };
const log = (filter = edr, more = {}) => ({
  ...lastHour,
  queryType: 'LOG',
  log: { filter, limit: 5_000, ascending: true, ...more },
});
const pq = (query: string) => ({ ...lastHour, queryType: 'PQ', pq: { query, resultType: 'TABLE' } });

async function ask(
  console: RunningConsole,
  method: string,
  path: string,
  {
    body,
    tag,
    token = console.tokens.admin,
  }: { body?: unknown; tag?: string | undefined; token?: string } = {},
): Promise<Reply> {
  const response = await fetch(`${console.url}/sdl/v2/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(tag === undefined ? {} : { 'X-Dataset-Query-Forward-Tag': tag }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function launch(console: RunningConsole, body: unknown, token?: string) {
  const reply = await ask(console, 'POST', '/queries', { body, ...(token === undefined ? {} : { token }) });
  if (reply.status !== 200) throw new Error(`POST /queries answered ${reply.status}: ${reply.text}`);
  const answer = JSON.parse(reply.text);
  return {
    answer,
    path: `/queries/${encodeURIComponent(answer.id)}`,
    tag: reply.headers.get('X-Dataset-Query-Forward-Tag') ?? '',
  };
}

/** The data of a query that is polled to its end and deleted. */
async function run(
  console: RunningConsole,
  clock: { nowMs: number },
  body: unknown,
  token = console.tokens.admin,
) {
  const { path, tag } = await launch(console, body, token);
  for (let poll = 0; poll < 20; poll++) {
    clock.nowMs += 1_000;
    const { text } = await ask(console, 'GET', `${path}?lastStepSeen=${poll}`, { tag, token });
    const { stepsTotal, stepsCompleted, data } = JSON.parse(text);
    if (stepsTotal === 0 || stepsCompleted < stepsTotal) continue;
    await ask(console, 'DELETE', path, { tag, token });
    return data;
  }
  throw new Error('The query did not come to an end.');
}

async function rowsOf(console: RunningConsole, clock: { nowMs: number }, body: unknown, token?: string) {
  const { matches } = await run(console, clock, body, token);
  return matches.map(({ timestamp, values }: { timestamp: string; values: object }) => ({
    timestamp,
    ...values,
  }));
}

describe('a long-running query', () => {
  it('advances step by step, has data at its end only, and is gone once it is deleted', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const { answer, path, tag } = await launch(console, log());
    expect(answer).toMatchObject({ stepsCompleted: 0, data: null });
    expect(JSON.parse(Buffer.from(answer.id, 'base64').toString())).toMatchObject({
      token: expect.any(String),
    });
    expect(tag).not.toBe('');
    const seen: number[] = [];
    for (const endMs = clock.nowMs + 10_000; clock.nowMs < endMs; clock.nowMs += 200) {
      const reply = await ask(console, 'GET', path, { tag });
      expect(reply.headers.get('X-Dataset-Query-Forward-Tag')).toBe(tag);
      const { stepsCompleted, stepsTotal, data } = JSON.parse(reply.text);
      expect(data !== null).toBe(stepsTotal > 0 && stepsCompleted === stepsTotal);
      if (seen.at(-1) !== stepsCompleted) seen.push(stepsCompleted);
    }
    expect(seen).toEqual(seen.map((_, step) => step));
    expect(seen.length).toBeGreaterThan(2);
    expect((await ask(console, 'DELETE', path, { tag })).status).toBe(200);
    expect((await ask(console, 'GET', path, { tag })).status).toBe(404);
    expect((await ask(console, 'DELETE', path, { tag })).status).toBe(404);
  });

  it('does not always know at once how many steps it takes', async () => {
    const console = await openConsole();
    const totals = new Set<boolean>();
    for (let query = 0; query < 20; query++) totals.add((await launch(console, log())).answer.stepsTotal > 0);
    expect(totals).toEqual(new Set([true, false]));
  });

  it('answers its span in nanoseconds, digit by digit', async () => {
    const console = await openConsole();
    const reply = await ask(console, 'POST', '/queries', { body: log() });
    expect(reply.text).toContain(
      `"resolvedTimeRange":{"start":${settledMs - hourMs}000000,"end":${settledMs}000000}`,
    );
  });

  it('dies when nobody asks for it in 30 seconds', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const { path, tag } = await launch(console, log());
    for (let poll = 0; poll < 3; poll++) {
      clock.nowMs += 30_000;
      expect((await ask(console, 'GET', path, { tag })).status).toBe(200);
    }
    clock.nowMs += 30_001;
    const reply = await ask(console, 'GET', path, { tag });
    expect([reply.status, JSON.parse(reply.text)]).toEqual([
      404,
      { status: 'error/client/badParam', message: expect.any(String) },
    ]);
  });

  it('is found only with its tag, by its token', async () => {
    const console = await openConsole();
    const { path, tag } = await launch(console, log());
    const statuses = [];
    for (const method of ['GET', 'DELETE'])
      for (const key of [{}, { tag: `${tag}0` }, { tag, token: console.tokens.viewer }])
        statuses.push((await ask(console, method, path, key)).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404]);
    expect((await ask(console, 'GET', path, { tag })).status).toBe(200);
  });

  it('now and then ends with an error on a console with server errors', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const errors: unknown[] = [];
    for (let query = 0; query < 40; query++) {
      console.setProfiles(['server-errors']);
      const reply = await ask(console, 'POST', '/queries', { body: log(edr, { limit: 1 }) }).catch(
        () => undefined,
      );
      console.setProfiles([]);
      if (reply?.status !== 200 || !reply.text.endsWith('}}')) continue;
      clock.nowMs += 10_000;
      const tag = reply.headers.get('X-Dataset-Query-Forward-Tag') ?? '';
      const { text } = await ask(
        console,
        'GET',
        `/queries/${encodeURIComponent(JSON.parse(reply.text).id)}`,
        { tag },
      );
      const { error, data } = JSON.parse(text);
      expect(data === null).toBe(error !== undefined);
      errors.push(error);
    }
    expect(errors).toContain(undefined);
    expect(errors).toContainEqual({ message: expect.any(String) });
  });
});

describe('LOG', () => {
  it('finds what the truth says, at any time, also with late records', async () => {
    for (const profiles of [[], ['late-records', 'mutation']] as const) {
      const clock = stoppedClock();
      const console = await openConsole({ clock, profiles });
      for (const atMs of [epochMs, epochMs + 3 * hourMs]) {
        clock.nowMs = atMs;
        const span = { startTime: new Date(atMs - hourMs).toISOString(), endTime: `${atMs}000000` };
        const rows = await rowsOf(console, clock, { ...log(), ...span });
        const lines = [...console.truth('deep-visibility-sdl', atMs - hourMs, atMs, atMs)];
        expect(rows).toEqual(lines.filter(({ current }) => current).map(({ record }) => record));
        expect(lines.some(({ current }) => !current)).toBe(true);
      }
    }
  });

  it('finds the events of Deep Visibility', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const old = await findEvents(console, clock);
    const rows = await rowsOf(console, clock, log());
    expect(rows.map((row: Record<string, unknown>) => row['event.id'])).toEqual(old.map(({ id }) => id));
  });

  it('takes the begin of its span in and leaves the end out', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const lines = [...console.truth('deep-visibility-sdl', settledMs - hourMs, settledMs)];
    const rows = await rowsOf(console, clock, {
      ...log(),
      startTime: lines[3]?.record['timestamp'],
      endTime: lines[9]?.time,
    });
    expect(rows).toEqual(lines.slice(3, 9).map(({ record }) => record));
  });

  it('cuts off after 5,000 rows and says nothing, the newest first unless told otherwise', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, endpointEvents: 7_000 });
    const all = [...console.truth('deep-visibility-sdl', settledMs - hourMs, settledMs)].map(
      ({ record }) => record,
    );
    expect(all).toHaveLength(7_000);
    expect(await rowsOf(console, clock, log(edr, { limit: 9_000 }))).toEqual(all.slice(0, 5_000));
    expect(await rowsOf(console, clock, log(edr, { limit: 3, ascending: false }))).toEqual(
      all.slice(-3).reverse(),
    );
  });

  it.each([
    ['i.scheme="edr"', /./],
    [`${edr} event.type = 'IP Connect'`, /^IP Connect$/],
    [`event.type in ('Login', "Logout") and i.scheme = 'edr'`, /^Log(in|out)$/],
    [`event.type = 'IP Connect'`, /^$/],
    [`dataSource.name='SentinelOne'`, /^$/],
    [`dataSource.name='Other' dataSource.category='security'`, /^$/],
  ])('understands %s', async (filter, pattern) => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const all = [...console.truth('deep-visibility-sdl', settledMs - hourMs, settledMs)].map(
      ({ record }) => record,
    );
    const rows = await rowsOf(console, clock, log(filter));
    expect(rows).toEqual(all.filter((record) => pattern.test(String(record['event.type']))));
  });

  it('sees the accounts that are named, nothing where none is, and of a bound token its site', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    const all = await rowsOf(console, clock, log());
    const [{ 'account.id': account }] = all;
    const own = all.filter((row: Record<string, unknown>) => row['account.id'] === account);
    expect(await rowsOf(console, clock, { ...log(), tenant: false, accountIds: [account] })).toEqual(own);
    expect(await rowsOf(console, clock, { ...log(), tenant: false })).toEqual([]);
    const bound = await rowsOf(console, clock, log(), console.tokens.siteScoped);
    expect(bound).toEqual(
      all.filter((row: Record<string, unknown>) => row['site.id'] === bound[0]['site.id']),
    );
    expect(bound.length).toBeLessThan(all.length);
  });
});

describe('PQ', () => {
  it('answers the columns that are named, sorted and limited, and how many there were', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, endpointEvents: 2_000 });
    const all = [...console.truth('deep-visibility-sdl', settledMs - hourMs, settledMs)].map(
      ({ record }) => record,
    );
    const table = await run(
      console,
      clock,
      pq(`${edr} | columns id = event.id, tgt.file.path, timestamp | sort timestamp | limit 1500`),
    );
    expect(table).toEqual({
      columns: [{ name: 'id' }, { name: 'tgt.file.path' }, { name: 'timestamp' }],
      values: all
        .slice(0, 1_500)
        .map((record) => [record['event.id'], record['tgt.file.path'] ?? null, record['timestamp']]),
      matchCount: 2_000,
    });
  });

  it('answers 1,000 rows where nothing is said, with every column that any of them has', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock, endpointEvents: 2_000 });
    const { columns, values, matchCount } = await run(console, clock, pq(edr));
    expect([values.length, matchCount]).toEqual([1_000, 2_000]);
    expect(columns).toContainEqual({ name: 'tgt.file.path' });
    expect(new Set(values.map((row: unknown[]) => row.length))).toEqual(new Set([columns.length]));
  });

  it('takes its stages one after the other', () => {
    const rows = (stages: string) =>
      runPowerQuery(readPowerQuery(`x | columns n | ${stages}`), [0, 1, 2, 3], (event) => ({
        n: [30, 4, 100, 5][event],
      })).values.flat();
    expect(rows('limit 2 | sort n')).toEqual([5, 100]);
    expect(rows('sort n | limit 2')).toEqual([4, 5]);
    expect(rows('sort -n')).toEqual([100, 30, 5, 4]);
    expect(rows('sort +timestamp')).toEqual([30, 4, 100, 5]);
  });
});

describe('the data lake refuses', () => {
  it.each([
    ['both kinds of scope', { ...log(), accountIds: ['1'] }, 'accountIds'],
    ['other kinds of query', { ...log(), queryType: 'PLOT' }, 'queryType'],
    ['a query without its part', { ...lastHour, queryType: 'PQ' }, 'pq'],
    ['times that are none', { ...log(), startTime: 'yesterday' }, 'startTime'],
    ['spans that end before they begin', { ...log(), endTime: settledMs - 2 * hourMs }, 'endTime'],
    ['quotes without a partner', log("dataSource.name='SentinelOne"), 'quote'],
    ['a cursor', log(edr, { cursor: 'abc' }), 'cursor'],
    ['commands that it does not know', pq(`${edr} | group count()`), 'group'],
    ['texts that are too long', pq(`${edr} ${'x'.repeat(8_192)}`), '8192'],
  ])('%s', async (_, body, named) => {
    const console = await openConsole();
    const reply = await ask(console, 'POST', '/queries', { body });
    expect([reply.status, JSON.parse(reply.text)]).toEqual([
      400,
      { status: 'error/client/badParam', message: expect.stringContaining(named) },
    ]);
  });

  it('unknown fields and parameters', async () => {
    const console = await openConsole();
    for (const reply of [
      await ask(console, 'POST', '/queries', { body: { ...log(), priority: 'LOW' } }),
      await ask(console, 'POST', '/queries', { body: log(edr, { page: 2 }) }),
      await ask(console, 'GET', '/queries/abc?step=1'),
    ])
      expect([reply.status, vendorError(reply).detail]).toEqual([
        400,
        expect.stringMatching(/Unknown field$/),
      ]);
  });

  it('another scheme, a role without the permission, and the fourth request of a second', async () => {
    const console = await openConsole({ rateLimitScale: 1 });
    const wrong = await fetch(`${console.url}/sdl/v2/api/queries`, {
      method: 'POST',
      headers: { authorization: `ApiToken ${console.tokens.admin}` },
    });
    expect(wrong.status).toBe(500);
    const token = console.tokens.withoutDeepVisibility;
    expect((await ask(console, 'POST', '/queries', { body: log(), token })).status).toBe(403);
    const statuses = [];
    for (const method of ['POST', 'GET', 'DELETE', 'GET'])
      statuses.push(
        (
          await ask(console, method, method === 'POST' ? '/queries' : '/queries/abc', {
            ...(method === 'POST' ? { body: log() } : {}),
          })
        ).status,
      );
    expect(statuses).toEqual([200, 404, 404, 429]);
  });
});
