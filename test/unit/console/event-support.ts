import type { RunningConsole } from '../../../local/console/console.ts';
import { epochMs, get, hourMs, type ListedRecord, type Reply, type StoppedClock, walk } from './support.ts';

/** POST below /web/api/v2.1 with a token, the admin's by default. */
export async function post(
  console: RunningConsole,
  path: string,
  body: unknown,
  token: string = console.tokens.admin,
): Promise<Reply> {
  const response = await fetch(`${console.url}/web/api/v2.1${path}`, {
    method: 'POST',
    headers: { authorization: `ApiToken ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** By the epoch everything before this time can be found. */
export const settledMs = epochMs - 60_000;

/** An hour in which nothing comes up any more. */
export const lastHour = {
  query: 'EventType != ""',
  fromDate: new Date(settledMs - hourMs).toISOString(),
  toDate: new Date(settledMs).toISOString(),
};

/** Starts a Deep Visibility query and returns its id. */
export async function init(
  console: RunningConsole,
  body: Readonly<Record<string, unknown>> = {},
  token?: string,
): Promise<string> {
  const { status, text } = await post(console, '/dv/init-query', { ...lastHour, ...body }, token);
  if (status !== 200) throw new Error(`init-query answered ${status}: ${text}`);
  return JSON.parse(text).data.queryId;
}

export async function queryStatus(
  console: RunningConsole,
  queryId: string,
): Promise<{
  readonly responseState: string;
  readonly progressStatus: number;
  readonly responseError: unknown;
}> {
  const { status, text } = await get(console, '/dv/query-status', { queryId });
  if (status !== 200) throw new Error(`query-status answered ${status}: ${text}`);
  return JSON.parse(text).data;
}

/** Longer than any query takes. */
const queryMs = 6_000;

/** All events that a query finds; the clock is moved on until it has finished. */
export async function findEvents(
  console: RunningConsole,
  clock: StoppedClock,
  body: Readonly<Record<string, unknown>> = {},
  token?: string,
): Promise<ListedRecord[]> {
  const queryId = await init(console, body, token);
  clock.nowMs += queryMs;
  return walk(console, '/dv/events', { queryId, limit: '1000' }, token);
}
