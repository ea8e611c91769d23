import type { JsonObject } from '../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../shared/ports.ts';
import { parseConsoleTime } from '../../../shared/sentinelone/console-time.ts';
import { cursorRefused, filtersOf } from '../../support/memory/memory-console.ts';

/** A record of a list: sorted by its time or by its id. */
export interface Listed {
  readonly id: string;
  readonly updatedAt: string;
}

/** Where a list goes on: behind this record. */
interface Place {
  readonly filters: string;
  readonly key: number;
  readonly id: string;
}

/**
 * A list as the console answers it: filtered by `updatedAt` and `ids`, sorted by `updatedAt` or `id`, with cursors that say
 * behind which record to go on and are bound to their filters.
 */
export function answerList(records: Iterable<Listed>, params: ListParams): ListPage {
  const from = parseConsoleTime(params['updatedAt__gte']) ?? Number.NEGATIVE_INFINITY;
  const to = parseConsoleTime(params['updatedAt__lt']) ?? Number.POSITIVE_INFINITY;
  const ids = params['ids']?.split(',');
  const isById = params['sortBy'] === 'id';
  const matching = [...records]
    .map((record) => ({ record, time: Date.parse(record.updatedAt), id: record.id }))
    .filter(({ time, id }) => time >= from && time < to && (ids === undefined || ids.includes(id)))
    .map(({ record, time, id }) => ({ record, key: isById ? 0 : time, id }))
    .sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1));
  const after = params['cursor'] === undefined ? undefined : readCursor(params['cursor'], params);
  const rest =
    after === undefined
      ? matching
      : matching.filter(({ key, id }) => key > after.key || (key === after.key && id > after.id));
  const page = rest.slice(0, Number(params['limit']));
  const last = page.at(-1);
  const filters = filtersOf(params);
  return {
    data: page.map(({ record }): JsonObject => ({ ...record })),
    ...(last !== undefined && rest.length > page.length
      ? { nextCursor: writeCursor({ filters, key: last.key, id: last.id }) }
      : {}),
    ...(params['skipCount'] === 'true' ? {} : { totalItems: matching.length }),
  };
}

/** A part of a list by the number of records to skip. */
export function answerSkipping(records: readonly JsonObject[], params: ListParams): ListPage {
  const skip = Number(params['skip'] ?? 0);
  const data = records.slice(skip, skip + Number(params['limit']));
  return {
    data,
    ...(skip + data.length < records.length ? { nextCursor: 'more' } : {}),
    totalItems: records.length,
  };
}

/** A page without records, and a cursor that leads to where these parameters lead already. */
export function answerGap(params: ListParams, random: number): ListPage {
  const cursor = params['cursor'];
  const place: unknown =
    cursor === undefined
      ? { filters: filtersOf(params), key: -1, id: '' }
      : JSON.parse(Buffer.from(cursor, 'base64').toString());
  return { data: [], nextCursor: writeCursor({ ...Object(place), again: random }) };
}

function writeCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64');
}

function readCursor(text: string, params: ListParams): Place {
  const place: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
  if (!isPlace(place) || place.filters !== filtersOf(params)) throw cursorRefused();
  return place;
}

function isPlace(place: unknown): place is Place {
  return typeof place === 'object' && place !== null && 'filters' in place && 'key' in place && 'id' in place;
}
