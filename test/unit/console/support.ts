import { onTestFinished } from 'vitest';
import { type ConsoleOptions, type RunningConsole, startConsole } from '../../../local/console/console.ts';

export const epochMs = Date.UTC(2026, 10, 24, 12);
export const hourMs = 3_600_000;

/** A clock that stands still until it is moved. */
export interface StoppedClock {
  nowMs: number;
  now(): number;
}

export function stoppedClock(nowMs = epochMs): StoppedClock {
  return {
    nowMs,
    now() {
      return this.nowMs;
    },
  };
}

export const worldDefaults = { seed: 7, epochMs, threats: 120, agents: 40, historyMs: 6 * hourMs };

/** A console that is closed when the test ends; its clock stands still and no rate limit is in the way. */
export async function openConsole(options: Partial<ConsoleOptions> = {}): Promise<RunningConsole> {
  const console = await startConsole({
    ...worldDefaults,
    clock: stoppedClock(),
    rateLimitScale: 'off',
    ...options,
  });
  onTestFinished(() => console.close());
  return console;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** GET below /web/api/v2.1 with a token, the admin's by default. */
export async function get(
  console: RunningConsole,
  path: string,
  params: Readonly<Record<string, string>> = {},
  token: string = console.tokens.admin,
): Promise<Reply> {
  const url = new URL(`${console.url}/web/api/v2.1${path}`);
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  const response = await fetch(url, { headers: { authorization: `ApiToken ${token}` } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A record as far as the tests look into it. */
export interface ListedRecord {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface ListPage {
  readonly data: readonly ListedRecord[] | null;
  readonly pagination: { readonly nextCursor?: string | null; readonly totalItems?: number };
}

export async function getPage(
  console: RunningConsole,
  path: string,
  params: Readonly<Record<string, string>> = {},
  token?: string,
): Promise<ListPage> {
  const { status, text } = await get(console, path, params, token);
  if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`);
  return JSON.parse(text);
}

/** The first error of an answer in the vendor's form. */
export function vendorError(reply: Reply): {
  readonly code: number;
  readonly detail: string | null;
  readonly title: string;
} {
  return JSON.parse(reply.text).errors[0];
}

/** Follows the cursors to the end and returns every record. */
export async function walk(
  console: RunningConsole,
  path: string,
  params: Readonly<Record<string, string>>,
  token?: string,
): Promise<ListedRecord[]> {
  const records: ListedRecord[] = [];
  for (let cursor: string | null | undefined; ; ) {
    const page = await getPage(console, path, cursor ? { ...params, cursor } : params, token);
    records.push(...(page.data ?? []));
    cursor = page.pagination.nextCursor;
    if (!cursor) return records;
  }
}
