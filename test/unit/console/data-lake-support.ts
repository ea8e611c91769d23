import type { RunningConsole } from '../../../local/console/console.ts';
import { settledMs } from './event-support.ts';
import { hourMs, type Reply } from './support.ts';

export const edr = "dataSource.name='SentinelOne' dataSource.category='security'";
export const lastHour = { tenant: true, startTime: settledMs - hourMs, endTime: settledMs };
export const log = (filter = edr, more = {}) => ({
  ...lastHour,
  queryType: 'LOG',
  log: { filter, limit: 5_000, ascending: true, ...more },
});
export const pq = (query: string) => ({ ...lastHour, queryType: 'PQ', pq: { query, resultType: 'TABLE' } });

export async function ask(
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

export async function launch(console: RunningConsole, body: unknown, token?: string) {
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
export async function run(
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

export async function rowsOf(
  console: RunningConsole,
  clock: { nowMs: number },
  body: unknown,
  token?: string,
) {
  const { matches } = await run(console, clock, body, token);
  return matches.map(({ timestamp, values }: { timestamp: string; values: object }) => ({
    timestamp,
    ...values,
  }));
}
