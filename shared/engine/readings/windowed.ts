import { ConnectorError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import { formatConsoleTime } from '../../sentinelone/console-time.ts';
import type { Page, PageRequest, Reading, SpanRequest } from '../reading.ts';
import type { Position, Span, Window } from '../stream.ts';

/** A list endpoint that can be walked by time. */
export interface WindowedDeclaration {
  /** Below /web/api/v2.1, e.g. `/threats`. */
  readonly path: string;
  /** The field that the endpoint filters and sorts by, e.g. `updatedAt`. */
  readonly timeField: string;
  /** That field's value in a record, epoch milliseconds. */
  readonly sortKey: (record: JsonObject) => number | undefined;
  /** 1 to 1000. */
  readonly pageSize: number;
  /** Fixed filters of the endpoint. */
  readonly params?: ListParams;
}

/** Where a walk stands. It is written into object metadata, which holds 2 KB in all, so it stays small. */
interface WindowedPosition {
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
const longestCursor = 1200;

/**
 * Reads a list endpoint in time windows, ascending, so that a record which changes during the walk moves ahead
 * of it and is never skipped. All filters go with every page. The keys are compared by the millisecond: that is as fine as
 * the filters need, and a console that sorts more coarsely than it prints is no reason to stop.
 */
export function windowed(declaration: WindowedDeclaration): Reading {
  const { path, timeField, pageSize } = declaration;
  const sortKey = (record: Json) => (isObject(record) ? declaration.sortKey(record) : undefined);

  async function readPage(request: PageRequest): Promise<Page> {
    const firstPage = request.position === undefined;
    const position: WindowedPosition =
      request.position === undefined ? { gte: request.window.from } : readPosition(request.position);
    const params = {
      ...spanParams({ from: position.gte, to: request.window.to }, request.scope),
      sortBy: timeField,
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
    const lastKey = newestKey(answer.data, position, request.window.to);
    return {
      records: answer.data,
      position: writePosition({
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

  async function isEmpty({ api, span, scope, signal }: SpanRequest): Promise<boolean> {
    const {
      data,
      nextCursor,
      totalItems = 0,
    } = await api.list(path, { ...spanParams(span, scope), limit: '1' }, signal);
    // A page may be empty although others follow.
    return data.length === 0 && nextCursor === undefined && totalItems === 0;
  }

  function spanParams({ from, to }: Span, scope: ListParams): ListParams {
    return {
      ...declaration.params,
      ...scope,
      [`${timeField}__gte`]: formatConsoleTime(from),
      [`${timeField}__lt`]: formatConsoleTime(to),
    };
  }

  /** The newest key after these records. Throws when they are not what was asked for: in the window, in ascending order. */
  function newestKey(
    records: readonly Json[],
    { gte, lastKey }: WindowedPosition,
    to: number,
  ): number | undefined {
    let last = lastKey;
    for (const record of records) {
      // A record without a key cannot be out of order; it is written with a normalization error.
      const key = sortKey(record);
      if (key === undefined) continue;
      if (key < gte || key >= to) throw outsideWindow(path, timeField);
      if (last !== undefined && key < last) throw descendingKey(path, timeField);
      last = key;
    }
    return last;
  }

  function resume(from: Position): Position {
    return again(readPosition(from));
  }

  function smallerPages(from: Position | undefined, window: Window): Position | undefined {
    const position: WindowedPosition = from === undefined ? { gte: window.from } : readPosition(from);
    const limit = Math.floor((position.limit ?? pageSize) / 2);
    return limit < 1 ? undefined : again({ ...position, limit });
  }

  return { readPage, isEmpty, resume, smallerPages, sortKey };
}

/** The walk without its cursor, from the last key on, or from its bound where no key is known yet. */
function again({ gte, lastKey, limit }: WindowedPosition): Position {
  return writePosition({
    gte: lastKey ?? gte,
    repeatFrom: lastKey ?? gte,
    ...(lastKey === undefined ? {} : { lastKey }),
    ...(limit === undefined ? {} : { limit }),
  });
}

function writePosition(position: WindowedPosition): Position {
  // Metadata is ASCII: every other character takes six.
  const length = position.cursor?.replaceAll(/[^\x20-\x7e]/g, '123456').length ?? 0;
  if (length > longestCursor) throw cursorTooLong(length);
  return { ...position };
}

function readPosition(position: Position): WindowedPosition {
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

function repeatedCursor(path: string): ConnectorError {
  return new ConnectorError({
    code: 'repeated_cursor',
    message: `The console answered ${path} with the cursor that it was asked with, so the walk would never end.`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'The walk is tried again by itself. If this stays for an hour, open a case with SentinelOne and name the endpoint.',
  });
}

function descendingKey(path: string, timeField: string): ConnectorError {
  return new ConnectorError({
    code: 'descending_key',
    message: `The console's page of ${path} is not sorted by ${timeField} as asked, so records could be missed.`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'Nothing of that page was written and the walk is tried again by itself. If this stays for an hour, open a case with SentinelOne.',
  });
}

function cursorTooLong(length: number): ConnectorError {
  return new ConnectorError({
    code: 'cursor_too_long',
    message: `The console's cursor has ${length} characters, more than the ${longestCursor} that a log entry can keep.`,
    health: 'internal',
    retryable: false,
    recommendation: 'Open an issue with us and name the console version; the stream waits and loses nothing.',
  });
}

function outsideWindow(path: string, timeField: string): ConnectorError {
  return new ConnectorError({
    code: 'outside_window',
    message: `The console's page of ${path} holds records whose ${timeField} lies outside the time that was asked for.`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'Nothing of that page was written, because every window would hold the same records again. If this stays for an hour, open a case with SentinelOne.',
  });
}

/** A request that was good without its cursor is refused because of it, in whatever words. */
function asRefusedCursor(error: unknown): unknown {
  if (!(error instanceof ConnectorError) || error.httpStatus !== 400 || error.code === 'unknown_parameter')
    return error;
  const { message, recommendation } = error;
  return new ConnectorError(
    {
      code: 'cursor_refused',
      message,
      health: 'unavailable',
      retryable: true,
      recommendation,
      httpStatus: 400,
    },
    { cause: error },
  );
}
