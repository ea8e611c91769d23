import type { ConsoleOptions, RunningConsole } from '../../../../local/console/console.ts';
import {
  epochMs,
  getPage,
  type ListedRecord,
  openConsole,
  type Reply,
  type StoppedClock,
  stoppedClock,
  walk,
} from '../support.ts';

/** Everything at once where a test is not about time. */
export const atOnce = {
  activityDelayMs: 0,
  reactionMs: 0,
  networkMs: 0,
  scanMs: 0,
  restartMs: 0,
  mitigationMs: 0,
  logsMs: 0,
};

/** A console whose clock the test moves. */
export async function consoleWithClock(
  options: Partial<ConsoleOptions> = {},
): Promise<{ readonly console: RunningConsole; readonly clock: StoppedClock }> {
  const clock = stoppedClock();
  return { console: await openConsole({ clock, ...options }), clock };
}

/** Sends a body below /web/api/v2.1 with a token, the admin's by default. */
export async function sendBody(
  console: RunningConsole,
  method: 'POST' | 'DELETE',
  path: string,
  body: unknown,
  token: string = console.tokens.admin,
): Promise<Reply> {
  const response = await fetch(`${console.url}/web/api/v2.1${path}`, {
    method,
    headers: { authorization: `ApiToken ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export interface ActionAnswer {
  readonly affected: number;
  readonly details?: readonly Readonly<Record<string, unknown>>[];
}

/** The `data` of the answer to an action that the console takes. */
export async function act(
  console: RunningConsole,
  path: string,
  filter: unknown,
  data: unknown = {},
  token?: string,
): Promise<ActionAnswer> {
  const { status, text } = await sendBody(console, 'POST', path, { filter, data }, token);
  if (status !== 200) throw new Error(`POST ${path} answered ${status}: ${text}`);
  return JSON.parse(text).data;
}

/** The listed hosts that still take commands. */
export async function hosts(
  console: RunningConsole,
  params: Readonly<Record<string, string>> = {},
): Promise<readonly ListedRecord[]> {
  const inService = { isDecommissioned: 'False', isUninstalled: 'False' };
  return await walk(console, '/agents', { limit: '1000', ...inService, ...params });
}

/** A host that is online and connected. */
export async function onlineHost(
  console: RunningConsole,
  params: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [host] = await hosts(console, { isActive: 'true', networkStatuses: 'connected', ...params });
  if (host === undefined) throw new Error('The world has no host that is online.');
  return host.id;
}

/** The record with this id, as its list shows it. */
export async function recordOf(console: RunningConsole, path: string, id: string): Promise<ListedRecord> {
  const { data } = await getPage(console, path, { ids: id });
  const [record] = data ?? [];
  if (record === undefined) throw new Error(`${path} does not show ${id}.`);
  return record;
}

export async function hostOf(console: RunningConsole, id: string): Promise<ListedRecord> {
  return await recordOf(console, '/agents', id);
}

/** The types of the activities since the epoch that a parameter selects, with the times at which they came. */
export async function activitiesOf(
  console: RunningConsole,
  params: Readonly<Record<string, string>>,
): Promise<readonly ListedRecord[]> {
  const since = new Date(epochMs).toISOString();
  return await walk(console, '/activities', {
    limit: '1000',
    sortBy: 'createdAt',
    createdAt__gte: since,
    ...params,
  });
}

/** The threats of hosts that still take commands, of one operating system where it is named. */
export async function threatsOn(console: RunningConsole, osType?: string): Promise<readonly string[]> {
  const serving = new Set((await hosts(console, { isActive: 'true' })).map(({ id }) => id));
  const threats = await walk(console, '/threats', { limit: '1000' });
  return threats
    .filter((threat) => {
      const host = Object(threat['agentRealtimeInfo']);
      return (
        serving.has(Reflect.get(host, 'agentId')) &&
        (osType === undefined || Reflect.get(host, 'agentOsType') === osType)
      );
    })
    .map(({ id }) => id);
}

/** The first of a list; fails where there is none. */
export function first<T>(list: readonly T[]): T {
  const [item] = list;
  if (item === undefined) throw new Error('There is none.');
  return item;
}
