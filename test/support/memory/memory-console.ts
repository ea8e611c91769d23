import { ConnectorError } from '../../../shared/errors.ts';
import { isObject, type Json, type JsonObject } from '../../../shared/json.ts';
import type { ListPage, ListParams, SentinelOneApi } from '../../../shared/ports.ts';
import { parseConsoleTime } from '../../../shared/sentinelone/console-time.ts';

/** One call that the console got. */
export interface ConsoleCall {
  readonly path: string;
  readonly params: ListParams;
}

/**
 * A list endpoint in memory, walked by `updatedAt` with keyset cursors that are bound to their filters, as the vendor's are.
 * `before` runs ahead of each answer: it may change the records, throw, or answer in the console's place.
 */
export class MemoryConsole implements SentinelOneApi {
  records: Json[] = [];
  readonly calls: ConsoleCall[] = [];
  before: (call: ConsoleCall, index: number) => ListPage | undefined | Promise<ListPage | undefined> = () =>
    undefined;

  async list(path: string, params: ListParams, signal?: AbortSignal): Promise<ListPage> {
    const call = { path, params };
    const index = this.calls.push(call) - 1;
    const instead = await this.before(call, index);
    signal?.throwIfAborted();
    if (instead !== undefined) return instead;

    const from = parseConsoleTime(params['updatedAt__gte']) ?? Number.NEGATIVE_INFINITY;
    const to = parseConsoleTime(params['updatedAt__lt']) ?? Number.POSITIVE_INFINITY;
    const matching = this.records
      .filter((record): record is JsonObject => isObject(record))
      .map((record) => ({
        record,
        key: parseConsoleTime(record['updatedAt']) ?? 0,
        id: String(record['id']),
      }))
      .filter(({ key }) => key >= from && key < to)
      .sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1));
    const after = this.readCursor(params);
    const rest =
      after === undefined
        ? matching
        : matching.filter(({ key, id }) => key > after.key || (key === after.key && id > after.id));
    const limit = Number(params['limit']);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    const more = rest.length > page.length && last !== undefined;
    return {
      data: page.map(({ record }) => record),
      ...(more ? { nextCursor: writeCursor(params, last) } : {}),
      ...(params['skipCount'] === 'true' ? {} : { totalItems: matching.length }),
    };
  }

  request(): Promise<never> {
    return Promise.reject(new Error('Only lists are asked for here.'));
  }

  private readCursor(params: ListParams): { key: number; id: string } | undefined {
    const text = params['cursor'];
    if (text === undefined) return undefined;
    const { filters, key, id } = JSON.parse(Buffer.from(text, 'base64').toString());
    if (filters !== filtersOf(params)) throw cursorRefused();
    return { key, id };
  }
}

export function filtersOf(params: ListParams): string {
  const { cursor: _, skipCount: __, ...filters } = params;
  return JSON.stringify(Object.entries(filters).sort());
}

function writeCursor(params: ListParams, last: { key: number; id: string }): string {
  return Buffer.from(JSON.stringify({ filters: filtersOf(params), key: last.key, id: last.id })).toString(
    'base64',
  );
}

export function cursorRefused(): ConnectorError {
  return new ConnectorError({
    code: 'cursor_refused',
    message: 'The console refused the cursor.',
    health: 'unavailable',
    retryable: true,
    recommendation: 'None: the walk goes on by itself.',
    httpStatus: 400,
  });
}

export function throttled(retryAfterMs?: number): ConnectorError {
  return new ConnectorError({
    code: 'throttled',
    message: 'The console asked to slow down.',
    health: 'throttled',
    retryable: true,
    recommendation: 'None.',
    httpStatus: 429,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
