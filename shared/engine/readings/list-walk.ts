import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ListParams, SentinelOneApi } from '../../ports.ts';
import type { Page } from '../reading.ts';
import type { Position, Span } from '../stream.ts';
import {
  asRefusedCursor,
  cursorTooLong,
  descendingKey,
  outsideWindow,
  repeatedCursor,
} from './list-errors.ts';

/** A list endpoint that is walked page by page, in ascending order. */
export interface ListDeclaration {
  /** Below /web/api/v2.1, e.g. `/threats`. */
  readonly path: string;
  /** The endpoint's name of the order, e.g. `updatedAt`. */
  readonly sortBy: string;
  /**
   * The time by which the walk is sorted, of a record, epoch milliseconds. Absent where it is sorted by something else: a
   * walk that loses its cursor then begins again, and what is in the log is dropped.
   */
  readonly sortKey?: (record: JsonObject) => number | undefined;
  /** 1 to 1000. */
  readonly pageSize: number;
  /** The filters that hold the walk within a span. */
  readonly bounds: (span: Span) => ListParams;
  /** Fixed filters of the endpoint. */
  readonly params?: ListParams;
  /** Characters that the walk's position has room for; 1200 where absent. */
  readonly longestCursor?: number;
}

/** Where a walk stands. It is written into object metadata, which holds 2 KB in all, so it stays small. */
interface ListPosition {
  /** The lower bound that this walk asks with; a cursor is only good with the filters it was made for. */
  readonly gte: number;
  readonly cursor?: string;
  /** The newest sort key seen, in epoch milliseconds. */
  readonly lastKey?: number;
  /** Set where the walk was begun again: records at or after this key may be in the log already. */
  readonly repeatFrom?: number;
  /** Set where full pages were too large. */
  readonly limit?: number;
}

/** Characters. The longest seen has some 60; a longer one than this would not fit into the metadata. */
const defaultLongestCursor = 1200;

/** One page of a list. */
export interface ListRequest {
  readonly api: SentinelOneApi;
  readonly span: Span;
  readonly position: Position | undefined;
  readonly scope: ListParams;
  readonly signal: AbortSignal;
}

/** Walks a list endpoint over a span; positions are its own. */
export interface ListWalk {
  readPage(request: ListRequest): Promise<Page>;
  isEmpty(request: Omit<ListRequest, 'position'>): Promise<boolean>;
  resume(position: Position, span: Span): Position;
  smallerPages(position: Position | undefined, span: Span): Position | undefined;
  sortKey(record: Json): number | undefined;
}

/**
 * Reads a list endpoint ascending, so that a record which changes during the walk moves ahead of it and is never skipped. All
 * filters go with every page. The keys are compared by the millisecond: that is as fine as the filters need, and a console that
 * sorts more coarsely than it prints is no reason to stop.
 */
export function listWalk(declaration: ListDeclaration): ListWalk {
  const { path, sortBy, pageSize, bounds, longestCursor = defaultLongestCursor } = declaration;
  const checked = (position: ListPosition) => writePosition(position, longestCursor);
  const sortKey = (record: Json) => (isObject(record) ? declaration.sortKey?.(record) : undefined);

  async function readPage(request: ListRequest): Promise<Page> {
    const firstPage = request.position === undefined;
    const position: ListPosition =
      request.position === undefined ? { gte: request.span.from } : readPosition(request.position);
    const params = {
      ...spanParams({ from: position.gte, to: request.span.to }, request.scope),
      sortBy,
      sortOrder: 'asc',
      limit: String(position.limit ?? pageSize),
      // The total costs the console a count; the ledger wants it once per window.
      ...(firstPage ? {} : { skipCount: 'true' }),
      ...(position.cursor === undefined ? {} : { cursor: position.cursor }),
    };
    const answer = await request.api
      .list(path, params, request.signal)
      .catch((error: unknown) =>
        Promise.reject(position.cursor === undefined ? error : asRefusedCursor(error)),
      );
    if (answer.nextCursor !== undefined && answer.nextCursor === position.cursor) throw repeatedCursor(path);
    const lastKey = newestKey(answer.data, position, request.span.to);
    return {
      records: answer.data,
      position: checked({
        gte: position.gte,
        ...(position.limit === undefined ? {} : { limit: position.limit }),
        ...(answer.nextCursor === undefined ? {} : { cursor: answer.nextCursor }),
        ...(lastKey === undefined ? {} : { lastKey }),
        // Once the walk has passed the key at which it resumed, nothing can come a second time.
        ...(position.repeatFrom !== undefined && (lastKey ?? position.repeatFrom) === position.repeatFrom
          ? { repeatFrom: position.repeatFrom }
          : {}),
      }),
      end: answer.nextCursor === undefined,
      mayRepeat: position.repeatFrom !== undefined,
      ...(firstPage && answer.totalItems !== undefined ? { consoleTotal: answer.totalItems } : {}),
    };
  }

  async function isEmpty({ api, span, scope, signal }: Omit<ListRequest, 'position'>): Promise<boolean> {
    const {
      data,
      nextCursor,
      totalItems = 0,
    } = await api.list(path, { ...spanParams(span, scope), limit: '1' }, signal);
    // A page may be empty although others follow.
    return data.length === 0 && nextCursor === undefined && totalItems === 0;
  }

  function spanParams(span: Span, scope: ListParams): ListParams {
    return { ...declaration.params, ...scope, ...bounds(span) };
  }

  /** The newest key after these records. Throws when they are not what was asked for: in the window, in ascending order. */
  function newestKey(
    records: readonly Json[],
    { gte, lastKey }: ListPosition,
    to: number,
  ): number | undefined {
    let last = lastKey;
    for (const record of records) {
      // A record without a key cannot be out of order; it is written with a normalization error.
      const key = sortKey(record);
      if (key === undefined) continue;
      if (key < gte || key >= to) throw outsideWindow(path, sortBy);
      if (last !== undefined && key < last) throw descendingKey(path, sortBy);
      last = key;
    }
    return last;
  }

  function smallerPages(from: Position | undefined, span: Span): Position | undefined {
    const position: ListPosition = from === undefined ? { gte: span.from } : readPosition(from);
    const limit = Math.floor((position.limit ?? pageSize) / 2);
    return limit < 1 ? undefined : again({ ...position, limit });
  }

  return { readPage, isEmpty, resume: (from) => again(readPosition(from)), smallerPages, sortKey };
}

/** The walk without its cursor, from the last key on, or from its bound where no key is known yet. */
function again({ gte, lastKey, limit }: ListPosition): Position {
  return {
    gte: lastKey ?? gte,
    repeatFrom: lastKey ?? gte,
    ...(lastKey === undefined ? {} : { lastKey }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function writePosition(position: ListPosition, longestCursor: number): Position {
  // Metadata is ASCII: every other character takes six.
  const length = position.cursor?.replaceAll(/[^\x20-\x7e]/g, '123456').length ?? 0;
  if (length > longestCursor) throw cursorTooLong(length, longestCursor);
  return { ...position };
}

function readPosition(position: Position): ListPosition {
  const { gte, cursor, lastKey, repeatFrom, limit } = position;
  if (typeof gte !== 'number')
    throw new Error(`A stored position has no time bound: ${JSON.stringify(position)}`);
  return {
    gte,
    ...(typeof cursor === 'string' ? { cursor } : {}),
    ...(typeof lastKey === 'number' ? { lastKey } : {}),
    ...(typeof repeatFrom === 'number' ? { repeatFrom } : {}),
    ...(typeof limit === 'number' ? { limit } : {}),
  };
}
