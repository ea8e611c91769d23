import type { Json } from '../../json.ts';
import type { Window } from '../stream.ts';
import type { QueryPosition } from './query-position.ts';

/** What the rows of a page are to the window that is read. */
export interface SortedRows {
  /** Those that it has to write. */
  readonly records: readonly Json[];
  /** True where others are a later window's. */
  readonly hasLater: boolean;
  /** False where one is older than one before it. */
  readonly areOrdered: boolean;
  /** The newest time up to here, where any row had one. */
  readonly lastKey: number | undefined;
  /** True where the rows that follow may still be ones that the window before has written. */
  readonly isShared: boolean;
}

/**
 * Sorts the rows of a page at a position. A query may be for many windows, and hands its rows out in the order of their times.
 * The page on which a window ends is asked for again by the next one, and may be cut in another way then: what the first has
 * written is known by the times.
 */
export function sortRows(
  rows: readonly Json[],
  position: QueryPosition,
  window: Window,
  timeOf: (row: Json) => number | undefined,
): SortedRows {
  const { readTo, span } = position;
  const records: Json[] = [];
  let isShared = position.isShared === true;
  let hasLater = false;
  let areOrdered = true;
  let newest = position.lastKey;
  for (const row of rows) {
    const time = timeOf(row);
    const isLate = time !== undefined && newest !== undefined && time < newest;
    if (position.isCut === true && time !== undefined && time >= span.to) continue;
    if (time !== undefined && time >= readTo) isShared = false;
    if (time !== undefined && time >= window.to && span.to > window.to) hasLater = true;
    // What is older than the window and comes late has been written by nobody.
    else if (!isShared || isLate) records.push(row);
    if (isLate) areOrdered = false;
    else newest = time ?? newest;
  }
  return { records, hasLater, areOrdered, lastKey: newest, isShared };
}
