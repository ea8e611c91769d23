import type { RecordSet } from '../world/record-set.ts';
import type { Bounds, Shown } from '../world/shown.ts';
import type { Position } from './cursor.ts';

/**
 * What a list can be sorted by. Ties are always in the order of the ids.
 * - `axis`: the time of the revision, for which there is an index;
 * - `record`: the order of creation, which is that of the ids;
 * - a function of the row.
 */
export type SortKey = 'axis' | 'record' | ((row: number) => number | string);

/** The rows that a request selects. */
export interface Selection {
  readonly records: RecordSet;
  readonly shown: Shown;
  readonly bounds: Bounds;
  /** The only records that are looked at, by their numbers; undefined for all of them. */
  readonly among: ReadonlySet<number> | undefined;
  /** Asked only for rows that are shown and within the bounds. */
  readonly matches: (row: number) => boolean;
}

/** How many rows are selected. */
export function count(selection: Selection): number {
  let total = 0;
  for (const _ of selectedRows(selection)) total++;
  return total;
}

/** The selected rows in the order of their times, or in none where only some records are looked at. */
function* selectedRows({ records, shown, bounds, among, matches }: Selection): Generator<number> {
  if (among === undefined) {
    const { from, to } = shown.rows(bounds);
    for (let row = from; row < to; row++) if (shown.isShown(row) && matches(row)) yield row;
    return;
  }
  const { revisions } = records.timeline;
  for (const record of among) {
    const row = record < 0 ? -1 : shown.rowOf(record);
    if (row < 0) continue;
    const us = revisions.us(row);
    if (us >= bounds.fromUs && us < bounds.toUs && matches(row)) yield row;
  }
}

/** The selected rows in order, behind the position. */
export function rowsInOrder(
  selection: Selection,
  sort: SortKey,
  descending: boolean,
  behind: Position | null,
): Iterable<number> {
  if (selection.among === undefined && sort === 'axis') return byAxis(selection, descending, behind);
  if (selection.among === undefined && sort === 'record') return byRecord(selection, descending, behind);
  return byKey(selection, sort, descending, behind);
}

/** The sort key of a row, as a cursor carries it. */
export function sortKeyOf({ records }: Selection, sort: SortKey, row: number): number | string {
  const { revisions } = records.timeline;
  if (sort === 'axis') return revisions.us(row);
  return sort === 'record' ? records.createdUs(revisions.record(row)) : sort(row);
}

function* byAxis(
  { records, shown, bounds, matches }: Selection,
  descending: boolean,
  behind: Position | null,
): Generator<number> {
  const { revisions } = records.timeline;
  const { from, to } = shown.rows(bounds);
  // Rows of one time are in the order of their records, which is the order of their ids in both directions.
  const border =
    behind === null ? undefined : firstRowBehind(records, Number(behind.key), records.find(behind.id));
  if (descending) {
    const start = border === undefined ? to : Math.min(to, border);
    for (let row = start - 1; row >= from; row--) {
      const isBorder =
        behind !== null &&
        revisions.us(row) === Number(behind.key) &&
        records.id(revisions.record(row)) === behind.id;
      if (!isBorder && shown.isShown(row) && matches(row)) yield row;
    }
    return;
  }
  for (let row = border === undefined ? from : Math.max(from, border); row < to; row++) {
    if (shown.isShown(row) && matches(row)) yield row;
  }
}

/** The first row that comes after (us, record). */
function firstRowBehind(records: RecordSet, us: number, record: number): number {
  const { revisions } = records.timeline;
  let row = revisions.lowerBound(us);
  while (row < revisions.length && revisions.us(row) === us && revisions.record(row) <= record) row++;
  return row;
}

function* byRecord(
  { records, shown, bounds, matches }: Selection,
  descending: boolean,
  behind: Position | null,
): Generator<number> {
  const { revisions } = records.timeline;
  const known = records.timeline.recordCount;
  const border = behind === null ? undefined : records.find(behind.id);
  const step = descending ? -1 : 1;
  const start = border === undefined ? (descending ? known - 1 : 0) : border + step;
  for (let record = start; record >= 0 && record < known; record += step) {
    const row = shown.rowOf(record);
    if (row < 0) continue;
    const us = revisions.us(row);
    if (us >= bounds.fromUs && us < bounds.toUs && matches(row)) yield row;
  }
}

function* byKey(
  selection: Selection,
  sort: SortKey,
  descending: boolean,
  behind: Position | null,
): Generator<number> {
  const { records } = selection;
  const { revisions } = records.timeline;
  const found: { readonly key: number | string; readonly record: number; readonly row: number }[] = [];
  for (const row of selectedRows(selection))
    found.push({ key: sortKeyOf(selection, sort, row), record: revisions.record(row), row });
  const border = behind === null ? undefined : { key: behind.key, record: records.find(behind.id) };
  const direction = descending ? -1 : 1;
  found.sort((a, b) => direction * compare(a, b));
  for (const candidate of found) {
    if (border === undefined || direction * compare(candidate, border) > 0) yield candidate.row;
  }
}

interface Place {
  readonly key: number | string;
  readonly record: number;
}

function compare(a: Place, b: Place): number {
  if (a.key === b.key) return a.record - b.record;
  return a.key < b.key ? -1 : 1;
}
