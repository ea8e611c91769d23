import { ConnectorError } from '../../errors.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { ListPage, ListParams } from '../../ports.ts';
import { enumAt, textAt } from '../../records/json-fields.ts';
import { formatConsoleTime } from '../../sentinelone/console-time.ts';
import type { Page, PageRequest, Reading } from '../reading.ts';
import { type Span, streamName } from '../stream.ts';
import { firstHalf, nextSpan, tooManyRows } from './halving.ts';
import { repeatedCursor } from './list-errors.ts';
import { isQueryGone, missingRows, queriesFail } from './query-errors.ts';
import { type QueryPosition, readQueryPosition, writeQueryPosition } from './query-position.ts';
import { sortRows } from './query-rows.ts';

/** Queries that are started, asked after until they are done, and then read page by page. */
export interface StartedQueryDeclaration {
  /** POST; answers `data.queryId`. */
  readonly startPath: string;
  /** GET with `queryId`; answers `data.responseState`. */
  readonly statusPath: string;
  /** GET with `queryId`; a list with cursors. */
  readonly resultsPath: string;
  /** 1 to 1000. */
  readonly pageSize: number;
  /** Rows that the console gives for one query. */
  readonly rowCap: number;
  /** What to ask for, where the connector's option `query` does not say. */
  readonly defaultQuery: string;
  /** Order of the results, in the endpoint's words. */
  readonly sortBy: string;
  /** The time of that order in a row, epoch milliseconds. */
  readonly timeOf: (row: Json) => number | undefined;
}

/** How often the console is asked whether it is done: the waits grow, because few queries take long. Milliseconds. */
const firstWaitMs = 3_000;
const longestWaitMs = 30_000;
/** A query that is not done after so long is given up, and another one started. */
const patienceMs = 20 * 60_000;
/** For a refusal to start a query that does not say how long it holds: one may be started a minute. */
const unnamedPaceMs = 60_000;
/** In a backlog a query is for so long at most, milliseconds. */
const longestSpanMs = 24 * 3_600_000;
/** A query reaches beyond its window only where that is worth it: in the present it is for its window alone. */
const leastReachMs = 60_000;
/** After so many queries in a row that came to nothing, the next one is not started before the pause is over. */
const mostLosses = 3;
const pauseMs = 5 * 60_000;
/** What the console is about to forget is not asked for: it would be gone when its turn comes. */
const retentionMarginMs = 5 * 60_000;
const dayMs = 86_400_000;

const finishedState = 'finished';
const emptyState = 'empty_results';
const failedStates: ReadonlySet<string> = new Set([
  'failed',
  'failed_client',
  'error',
  'query_cancelled',
  'query_cancel',
  'timed_out',
  'query_expired',
  'query_not_found',
]);

/**
 * Reads windows by queries. The query's id is stored before anybody waits for it, so a worker that dies leaves it to the next
 * one. A query may be started once a minute only, so in a backlog one query is for many windows, and is handed on from window
 * to window; its results are in the order of their times. A query that reaches the console's row cap says that its span is
 * too long: half of it is asked for instead, and so on down to a second.
 */
export function startedQuery(declaration: StartedQueryDeclaration): Reading {
  const { startPath, statusPath, resultsPath, pageSize, rowCap, sortBy, timeOf } = declaration;

  async function readPage(request: PageRequest): Promise<Page> {
    const position = positionIn(request);
    const { queryId } = position;
    if (position.exhausted === true) {
      if (position.span.to >= request.window.to) return windowEnd([], position, request);
      return await start(next(position, request), request);
    }
    if (queryId === undefined) return await start(position, request);
    if (position.finished !== true) return await askAfter(position, queryId, request);
    return await readResults(position, queryId, request);
  }

  function positionIn(request: PageRequest): QueryPosition {
    const { window } = request;
    const position = readQueryPosition(request.position);
    if (position === undefined) return { readTo: window.from, span: window };
    if (isOf(window, position)) return position;
    // Handed on by a window at the other end of a backlog: it tells how long a span may be, and nothing else.
    return { readTo: window.from, span: spanAfter(position, window.from, request) };
  }

  /** The reading goes on behind the query at hand, which is read. */
  function next(position: QueryPosition, request: PageRequest): QueryPosition {
    const readTo = Math.max(position.readTo, position.span.to);
    return { ...kept(position), readTo, span: spanAfter(position, readTo, request) };
  }

  function spanAfter(read: QueryPosition, from: number, { window: { to }, settled }: PageRequest): Span {
    const { exhausted, rows, span } = read;
    if (exhausted !== true || rows === undefined) return { from, to };
    return nextSpan({ from, to: latestEnd({ from, to }, settled()) }, { span, rows }, rowCap);
  }

  async function start(position: QueryPosition, request: PageRequest): Promise<Page> {
    const { losses = 0, lostAt = 0, lostAs = 'no reason' } = position;
    const restMs = lostAt + pauseMs - request.now();
    if (losses >= mostLosses && restMs > 0) throw queriesFail(startPath, losses, lostAs, restMs);
    let json: Json | undefined;
    try {
      const call = { method: 'POST', path: startPath, body: queryBody(position.span, request) } as const;
      ({ json } = await request.api.request(call, request.signal));
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      // Queries may be started once a minute: that is the console's pace, and no trouble.
      if (error.health === 'throttled')
        return waiting(position, Math.max(1_000, error.retryAfterMs ?? unnamedPaceMs));
      if (error.code === 'outside_retention') return afterRetention(error, position, request);
      throw error;
    }
    const queryId = textAt(json, 'data', 'queryId');
    if (queryId === undefined) throw noQueryId(startPath);
    // By the console's clock, as its answer has shown it, more may come into what lies behind this time.
    const settled = request.settled();
    const { span, ...rest } = position;
    const needed = Math.min(span.to, request.window.to);
    if (settled < needed) return waiting(position, needed - settled);
    const isEarly = settled < span.to;
    const query = { ...rest, queryId, startedAt: request.now() };
    return waiting(
      isEarly ? { ...query, span: { ...span, to: settled }, isCut: true } : { ...query, span },
      firstWaitMs,
    );
  }

  /**
   * The console's span is after `fromDate` and up to `toDate`, so both are given a microsecond earlier, to be half-open as ours
   * is: its times are that fine.
   */
  function queryBody({ from, to }: Span, { scope, options }: PageRequest): JsonObject {
    const { siteIds, accountIds } = scope;
    return {
      query: textAt(options, 'query') ?? declaration.defaultQuery,
      fromDate: microsecondBefore(from),
      toDate: microsecondBefore(to),
      limit: rowCap,
      queryType: ['events'],
      ...(options['isVerbose'] === 'true' ? { isVerbose: true } : {}),
      ...(siteIds === undefined ? {} : { siteIds: siteIds.split(',') }),
      ...(accountIds === undefined ? {} : { accountIds: accountIds.split(',') }),
    };
  }

  /** What the console does not keep any more cannot be had: the reading goes on where its memory begins, or behind the window. */
  function afterRetention(error: ConnectorError, { readTo }: QueryPosition, request: PageRequest): Page {
    const { window, log, stream } = request;
    const days = /\b(\d+) days?\b/.exec(error.message)?.[1];
    const keptFrom = days === undefined ? window.to : request.now() - Number(days) * dayMs;
    const to = days === undefined ? window.to : Math.max(keptFrom, readTo) + retentionMarginMs;
    log.warn('The console no longer keeps the events of this time.', {
      stream: streamName(stream),
      from: formatConsoleTime(readTo),
      to: formatConsoleTime(to),
    });
    return afterQuery([], { readTo, span: { from: readTo, to }, exhausted: true }, request);
  }

  async function askAfter(position: QueryPosition, queryId: string, request: PageRequest): Promise<Page> {
    const call = { method: 'GET', path: statusPath, params: { queryId } } as const;
    const answer = await request.api.request(call, request.signal).catch(goneOrThrow);
    if (answer instanceof ConnectorError) return lost(position, answer.code, request);
    const state = enumAt(answer.json, 'data', 'responseState') ?? 'unknown';
    if (state === finishedState) return pageAt({ ...position, finished: true });
    if (state === emptyState) return afterQuery([], { ...position, rows: 0, exhausted: true }, request);
    const waitedMs = request.now() - (position.startedAt ?? request.now());
    if (failedStates.has(state)) return lost(position, state, request);
    if (waitedMs > patienceMs) return lost(position, `${state} after ${waitedMs / 60_000} minutes`, request);
    return waiting(position, Math.min(longestWaitMs, Math.max(firstWaitMs, waitedMs / 2)));
  }

  /** The query came to nothing. Half of what is left of its span is asked for: it may have been too much. */
  function lost(position: QueryPosition, why: string, { log, stream, now }: PageRequest): Page {
    const { span, losses = 0 } = position;
    const rest = { from: Math.min(reachedBy(position), span.to - 1), to: span.to };
    const lostAs = why.slice(0, 60).toUpperCase();
    log.info('A query came to nothing; what it was for is asked for again.', {
      stream: streamName(stream),
      why: lostAs,
    });
    return pageAt({
      ...kept(position),
      readTo: rest.from,
      span: firstHalf(rest) ?? rest,
      repeats: true,
      losses: losses + 1,
      lostAt: now(),
      lostAs,
    });
  }

  async function readResults(position: QueryPosition, queryId: string, request: PageRequest): Promise<Page> {
    const { window } = request;
    const { span, readTo, losses = 0 } = position;
    const answer = await results(position, queryId, request).catch(goneOrThrow);
    if (answer instanceof ConnectorError) return lost(position, answer.code, request);
    const rows = (position.rows ?? 0) + answer.data.length;
    const total = Math.max(position.total ?? 0, answer.totalItems ?? 0);
    const isCapped = Math.max(total, rows) >= rowCap;
    const smaller = isCapped ? smallerSpan(position) : undefined;
    // What was written of it before the cap showed itself comes again with the halves.
    if (smaller !== undefined) {
      const again = position.rows === undefined ? {} : { repeats: true };
      return pageAt({ ...kept(position), readTo, span: smaller, ...again });
    }

    const sorted = sortRows(answer.data, position, window, timeOf);
    const { records, lastKey } = sorted;
    const isSorted = sorted.areOrdered && position.unsorted !== true;
    if (sorted.hasLater && isSorted) return windowEnd(records, { ...position, isShared: true }, request);
    const { isShared, lastKey: before, cursor, ...rest } = position;
    const read = {
      ...rest,
      rows,
      total,
      ...(lastKey === undefined ? {} : { lastKey }),
      ...(sorted.isShared ? { isShared: true } : {}),
      // Rows of this window and of older ones may come on any page: it is read to its end.
      ...(isSorted ? {} : { unsorted: true }),
    };
    if (answer.nextCursor !== undefined) {
      const following = pageAt({ ...read, cursor: answer.nextCursor });
      return { ...following, records, mayRepeat: position.repeats === true };
    }
    const missing = isCapped ? 0 : total - rows;
    // They may be anywhere in it.
    if (missing > 0 && losses === 0 && span.from === readTo)
      return lost({ ...read, unsorted: true }, `${missing} of ${total} rows missing`, request);
    const isWhole = span.from === window.from && span.to === window.to;
    return {
      ...(isSorted || span.to <= window.to
        ? afterQuery(records, { ...read, exhausted: true }, request)
        : { ...windowEnd(records, read, request), position: {} }),
      ...(isWhole && answer.totalItems !== undefined ? { consoleTotal: answer.totalItems } : {}),
      ...(isCapped ? { incomplete: tooManyRows(resultsPath, span, rowCap) } : {}),
      ...(missing > 0 ? { incomplete: missingRows(resultsPath, span, missing) } : {}),
    };
  }

  /** What to ask for instead of a query that reached the cap; undefined where it was for one second. */
  function smallerSpan({ readTo, span }: QueryPosition): Span | undefined {
    const rest = { from: readTo, to: span.to };
    return firstHalf(rest) ?? (span.from < readTo ? rest : undefined);
  }

  async function results(
    { cursor, limit = pageSize }: QueryPosition,
    queryId: string,
    { api, signal }: PageRequest,
  ): Promise<ListPage> {
    const params: ListParams = {
      queryId,
      limit: String(limit),
      sortBy,
      sortOrder: 'asc',
      ...(cursor === undefined ? {} : { cursor }),
    };
    const answer = await api.list(resultsPath, params, signal);
    if (answer.nextCursor !== undefined && answer.nextCursor === cursor) throw repeatedCursor(resultsPath);
    return answer;
  }

  /** The query is read, or there is nothing in it: the window is at its end, or another query follows. */
  function afterQuery(records: readonly Json[], read: QueryPosition, request: PageRequest): Page {
    const { readTo, span, rows } = read;
    const exhausted = {
      ...kept(read),
      readTo,
      span,
      exhausted: true,
      ...(rows === undefined ? {} : { rows }),
    };
    if (span.to >= request.window.to) return windowEnd(records, exhausted, request);
    return { ...pageAt(next(exhausted, request)), records, mayRepeat: read.repeats === true };
  }

  return {
    readPage,
    // Every question would be a query, and they are few: long empty times are passed by queries for many windows.
    isEmpty: async () => false,
    resume: (position) => position,
    smallerPages(stored) {
      const position = readQueryPosition(stored);
      const limit = Math.floor((position?.limit ?? pageSize) / 2);
      return position === undefined || limit < 1 ? undefined : writeQueryPosition({ ...position, limit });
    },
    sortKey: () => undefined,
    carriesOver: true,
    isPaced: true,
    reached(stored, window) {
      const position = readQueryPosition(stored);
      return position !== undefined && isOf(window, position) ? reachedBy(position) : window.from;
    },
    beginAt: (time, { to }) => writeQueryPosition({ readTo: time, span: { from: time, to } }),
  };
}

/** In the present a query is for its window; in a backlog it may reach as far as the console's events are settled. */
function latestEnd({ from, to }: Span, settled: number): number {
  const reach = Math.min(settled, from + longestSpanMs);
  return reach - to < leastReachMs ? to : reach;
}

function isOf({ from, to }: Span, { readTo }: QueryPosition): boolean {
  return readTo >= from && readTo < to;
}

/** All that is before this time is read, and of what follows at most what has this very time, unless nothing is known of it. */
function reachedBy({ readTo, lastKey = readTo, unsorted }: QueryPosition): number {
  return unsorted === true ? readTo : Math.max(readTo, lastKey);
}

/** What holds for the queries of a window after this one. */
function kept({ repeats, limit }: QueryPosition): Pick<QueryPosition, 'repeats' | 'limit'> {
  return {
    ...(repeats === true ? { repeats } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** The window is read; the next one goes on with the query where it stands. */
function windowEnd(records: readonly Json[], position: QueryPosition, { window }: PageRequest): Page {
  // Nothing of the next window is in the log.
  const { repeats, ...handedOn } = position;
  return {
    records,
    position: writeQueryPosition({ ...handedOn, readTo: window.to }),
    end: true,
    mayRepeat: repeats === true,
  };
}

function waiting(position: QueryPosition, resumeInMs: number): Page {
  return { ...pageAt(position), resumeInMs };
}

function pageAt(position: QueryPosition): Page {
  return {
    records: [],
    position: writeQueryPosition(position),
    end: false,
    mayRepeat: false,
    advances: true,
    // The next page starts one.
    ...(position.queryId === undefined ? { keepFirst: true } : {}),
  };
}

function goneOrThrow(error: unknown): ConnectorError {
  if (!isQueryGone(error)) throw error;
  return error;
}

function microsecondBefore(time: number): string {
  return formatConsoleTime(time - 1).replace('Z', '999Z');
}

function noQueryId(path: string): ConnectorError {
  return new ConnectorError({
    code: 'response_malformed',
    message: `POST ${path}: the answer was a success, but it names no query`,
    health: 'unavailable',
    retryable: true,
    recommendation: 'Nothing to do if it is rare: the request is tried again.',
    httpStatus: 200,
  });
}
