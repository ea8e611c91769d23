import type { Position, Span } from '../stream.ts';
import { cursorTooLong } from './list-errors.ts';

/** Where a reading by started queries stands. Times in epoch milliseconds. */
export interface QueryPosition {
  /** What lies before is read. */
  readonly readTo: number;
  /** What the query at hand is for; it may begin before the window and reach beyond it. */
  readonly span: Span;
  /** True where the query was for a longer span: what it found behind this one may not be all. */
  readonly isCut?: boolean;
  /** Absent until it is started. */
  readonly queryId?: string;
  readonly startedAt?: number;
  /** True once the console is done with it. */
  readonly finished?: boolean;
  /** Of the page at which the reading goes on. */
  readonly cursor?: string;
  /** True where the window before ended on that page: what is older than `readTo` was written by it. */
  readonly isShared?: boolean;
  /** Rows that the pages before held. */
  readonly rows?: number;
  /** How many the console promised on the first page. */
  readonly total?: number;
  /** The newest time on the pages before. */
  readonly lastKey?: number;
  /** True where they were not in the order of their times: then that tells nothing. */
  readonly unsorted?: boolean;
  /** All rows of the query are read: nothing more comes in its span. */
  readonly exhausted?: boolean;
  /** Rows per page, where full pages were too large. */
  readonly limit?: number;
  /** The span was begun again: what is in the window's log already may come a second time. */
  readonly repeats?: boolean;
  /** Queries in a row that came to nothing, when the last one did, and how. */
  readonly losses?: number;
  readonly lostAt?: number;
  readonly lostAs?: string;
}

/** Characters; it stands in object metadata, which holds 2 KB in all, beside the names of all of this. */
const longestCursor = 900;
const longestQueryId = 200;

/** Throws `ConnectorError` where it is too long to be kept. */
export function writeQueryPosition({ span, ...rest }: QueryPosition): Position {
  refuseLong(rest.cursor, longestCursor);
  refuseLong(rest.queryId, longestQueryId);
  return { from: span.from, to: span.to, ...rest };
}

function refuseLong(text: string | undefined, most: number): void {
  // Metadata is ASCII: every other character takes six.
  const length = text?.replaceAll(/[^\x20-\x7e]/g, '123456').length ?? 0;
  if (length > most) throw cursorTooLong(length, most);
}

export function readQueryPosition(position: Position | undefined): QueryPosition | undefined {
  const { from, to, readTo } = position ?? {};
  if (typeof from !== 'number' || typeof to !== 'number' || typeof readTo !== 'number') return undefined;
  const { queryId, startedAt, cursor, rows, total, lastKey, limit, losses, lostAt, lostAs } = position ?? {};
  return {
    readTo,
    span: { from, to },
    ...(typeof queryId === 'string' ? { queryId } : {}),
    ...(typeof startedAt === 'number' ? { startedAt } : {}),
    ...(typeof cursor === 'string' ? { cursor } : {}),
    ...(typeof rows === 'number' ? { rows } : {}),
    ...(typeof total === 'number' ? { total } : {}),
    ...(typeof lastKey === 'number' ? { lastKey } : {}),
    ...(typeof limit === 'number' ? { limit } : {}),
    ...(typeof losses === 'number' ? { losses } : {}),
    ...(typeof lostAt === 'number' ? { lostAt } : {}),
    ...(typeof lostAs === 'string' ? { lostAs } : {}),
    ...flag(position, 'isCut'),
    ...flag(position, 'finished'),
    ...flag(position, 'isShared'),
    ...flag(position, 'unsorted'),
    ...flag(position, 'exhausted'),
    ...flag(position, 'repeats'),
  };
}

function flag<const Name extends string>(position: Position | undefined, name: Name) {
  return position?.[name] === true ? ({ [name]: true } as Readonly<Record<Name, boolean>>) : {};
}
