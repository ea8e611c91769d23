import type { JsonObject } from '../json.ts';
import { filtersFor } from './filters-for.ts';
import type { LogFilter } from './log-filter.ts';
import { compileFilters } from './record-filter.ts';

/** What filters would do to given records. */
export interface DropReport {
  readonly records: number;
  readonly dropped: number;
  /** By the names that the ledger would count them under; only what is above 0. The sum is `dropped`. */
  readonly droppedBy: Readonly<Record<string, number>>;
}

/**
 * Tries filters on records of the lake, for whoever wants to know before saving them. Records that are not in the lake, because
 * filters of today drop them, cannot be tried.
 * @param filters valid ones, of the whole connector
 * @param ownerId for records of a companion: the content type that names it
 */
export function dropReport(
  filters: readonly LogFilter[],
  contentTypeId: string,
  records: Iterable<JsonObject>,
  ownerId?: string,
): DropReport {
  const ids = ownerId === undefined ? [contentTypeId] : [contentTypeId, ownerId];
  const filter = compileFilters(filtersFor(filters, ...ids));
  const counts = new Map<string, number>();
  let read = 0;
  let dropped = 0;
  for (const record of records) {
    read += 1;
    const name = filter?.droppedBy(record);
    if (name === undefined) continue;
    dropped += 1;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { records: read, dropped, droppedBy: Object.fromEntries(counts) };
}
