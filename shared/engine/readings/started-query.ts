import { ConnectorError } from '../../errors.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import { enumAt, textAt } from '../../records/json-fields.ts';
import { formatConsoleTime } from '../../sentinelone/console-time.ts';
import type { Page, PageRequest, Reading, SpanRequest } from '../reading.ts';
import type { Position, Span, Window } from '../stream.ts';
import { firstHalf, nextSpan, tooManyRows } from './halving.ts';
import { repeatedCursor } from './list-errors.ts';
import { asLostQuery, queryLost } from './query-errors.ts';

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
  /** The shortest time that any console keeps events, milliseconds. */
  readonly retentionMs: number;
}

/** Where the reading stands in a window. Times in epoch milliseconds. */
interface QueryPosition {
  /** The part of the window that the query at hand is for; what lies before it is read. */
  readonly span: Span;
  /** Absent until it is started. */
  readonly queryId?: string;
  readonly startedAt?: number;
  /** True once the console is done with it. */
  readonly finished?: boolean;
  readonly cursor?: string;
  /** Rows that its pages held so far. */
  readonly rows?: number;
  /** The console's count of its rows. */
  readonly total?: number;
  /** The span was begun again: what is in the log already may come a second time. */
  readonly repeats?: boolean;
}

/** How often the console is asked whether it is done: the waits grow, because few queries take long. */
const firstWaitMs = 3_000;
const longestWaitMs = 30_000;
/** A query that is not done after so long is given up, and another one started. */
const patienceMs = 20 * 60_000;

const finishedStates: ReadonlySet<string> = new Set(['finished', 'empty_results']);
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
 * Reads a window by queries. The query's id is stored before anybody waits for it, so a worker that dies leaves it to the next
 * one. A query that reaches the console's row cap says that its span is too long: half of it is asked for instead. Its span
 * is after `fromDate` and up to `toDate`, so spans are given a millisecond earlier to be half-open as ours are.
 */
export function startedQuery(declaration: StartedQueryDeclaration): Reading {
  const { startPath, statusPath, resultsPath, pageSize, rowCap, sortBy } = declaration;

  async function readPage(request: PageRequest): Promise<Page> {
    const position = readPosition(request.position, request.window);
    if (position.queryId === undefined) return await start(position, request);
    if (position.finished !== true) return await askAfter(position, position.queryId, request);
    return await readResults(position, position.queryId, request);
  }

  async function start(position: QueryPosition, request: PageRequest): Promise<Page> {
    const { span } = position;
    let json: Json | undefined;
    try {
      ({ json } = await request.api.request(
        { method: 'POST', path: startPath, body: queryBody(span, request) },
        request.signal,
      ));
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      // Queries may be started once a minute: that is the console's pace, and no trouble.
      if (error.code === 'rate_limit_taken')
        return waiting(position, Math.max(1_000, error.retryAfterMs ?? firstWaitMs));
      if (error.code === 'outside_retention') return afterRetention(span, request);
      throw error;
    }
    const queryId = textAt(json, 'data', 'queryId');
    if (queryId === undefined) throw noQueryId(startPath);
    return waiting({ ...position, queryId, startedAt: request.now() }, firstWaitMs);
  }

  function queryBody({ from, to }: Span, { scope, options }: PageRequest | SpanRequest): JsonObject {
    const list = (ids: string | undefined) => ids?.split(',');
    return {
      query: textAt(options, 'query') ?? declaration.defaultQuery,
      fromDate: formatConsoleTime(from - 1),
      toDate: formatConsoleTime(to - 1),
      limit: rowCap,
      queryType: ['events'],
      ...(options['isVerbose'] === true ? { isVerbose: true } : {}),
      ...(scope['siteIds'] === undefined ? {} : { siteIds: list(scope['siteIds']) }),
      ...(scope['accountIds'] === undefined ? {} : { accountIds: list(scope['accountIds']) }),
    };
  }

  /** What the console does not keep any more cannot be had. */
  function afterRetention(span: Span, { log, stream }: PageRequest): Page {
    log.warn('The console no longer keeps the events of this time.', {
      stream: `${stream.tenant}/${stream.connector}/${stream.contentType}`,
      from: formatConsoleTime(span.from),
      to: formatConsoleTime(span.to),
    });
    return { records: [], position: {}, end: true, mayRepeat: false };
  }

  async function askAfter(position: QueryPosition, queryId: string, request: PageRequest): Promise<Page> {
    const { json } = await request.api
      .request({ method: 'GET', path: statusPath, params: { queryId } }, request.signal)
      .catch(asLostQuery);
    const state = enumAt(json, 'data', 'responseState') ?? 'unknown';
    if (finishedStates.has(state)) return { ...pageAt({ ...position, finished: true }), advances: true };
    const waitedMs = request.now() - (position.startedAt ?? request.now());
    if (failedStates.has(state) || waitedMs > patienceMs) {
      throw queryLost(
        statusPath,
        `the query ended as ${state.toUpperCase()} after ${Math.round(waitedMs / 1000)} s`,
      );
    }
    return waiting(position, Math.min(longestWaitMs, Math.max(firstWaitMs, waitedMs / 2)));
  }

  async function readResults(position: QueryPosition, queryId: string, request: PageRequest): Promise<Page> {
    const { span, cursor } = position;
    const params: ListParams = {
      queryId,
      limit: String(pageSize),
      sortBy,
      sortOrder: 'asc',
      ...(cursor === undefined ? {} : { cursor }),
    };
    const answer = await request.api.list(resultsPath, params, request.signal).catch(asLostQuery);
    if (answer.nextCursor !== undefined && answer.nextCursor === cursor) throw repeatedCursor(resultsPath);
    const total = position.total ?? answer.totalItems;
    const rows = (position.rows ?? 0) + answer.data.length;
    const isCapped = Math.max(total ?? 0, rows) >= rowCap;
    const half = isCapped ? firstHalf(span) : undefined;
    // Rows that were written from it before the cap showed itself come again with the halves.
    if (half !== undefined)
      return {
        ...pageAt({ span: half, repeats: position.repeats === true || rows > answer.data.length }),
        advances: true,
      };
    const page = { records: answer.data, mayRepeat: position.repeats === true, advances: true };
    if (answer.nextCursor !== undefined) {
      return {
        ...page,
        position: writePosition({
          ...position,
          cursor: answer.nextCursor,
          rows,
          ...(total === undefined ? {} : { total }),
        }),
        end: false,
      };
    }
    if (!isCapped && total !== undefined && rows < total)
      throw queryLost(resultsPath, `its pages held ${rows} of ${total} rows`);
    const { to } = request.window;
    const isWhole = span.from === request.window.from && span.to === to;
    return {
      ...page,
      ...(span.to < to
        ? {
            position: writePosition({ span: nextSpan({ from: span.to, to }, { span, rows }, rowCap) }),
            end: false,
          }
        : { position: {}, end: true }),
      ...(isWhole && total !== undefined ? { consoleTotal: total } : {}),
      ...(isCapped ? { incomplete: tooManyRows(resultsPath, span, rowCap) } : {}),
    };
  }

  /** Only where the console may not keep the span any more: a refusal costs nothing, and an answer would cost a query. */
  async function isEmpty(request: SpanRequest): Promise<boolean> {
    const { span, api, signal } = request;
    if (request.now() - span.to < declaration.retentionMs) return false;
    try {
      await api.request(
        { method: 'POST', path: startPath, body: queryBody({ from: span.to - 1, to: span.to }, request) },
        signal,
      );
      return false;
    } catch (error) {
      if (error instanceof ConnectorError && error.code === 'outside_retention') return true;
      if (error instanceof ConnectorError && error.code === 'rate_limit_taken') return false;
      throw error;
    }
  }

  return {
    readPage,
    isEmpty,
    resume: (from, window) => writePosition({ span: readPosition(from, window).span, repeats: true }),
    smallerPages: () => undefined,
    sortKey: () => undefined,
  };
}

function waiting(position: QueryPosition, resumeInMs: number): Page {
  return { ...pageAt(position), resumeInMs };
}

function pageAt(position: QueryPosition): Page {
  return { records: [], position: writePosition(position), end: false, mayRepeat: false };
}

function writePosition({ span, ...rest }: QueryPosition): Position {
  return { from: span.from, to: span.to, ...rest };
}

function readPosition(position: Position | undefined, window: Window): QueryPosition {
  const { from, to, queryId, startedAt, finished, cursor, rows, total, repeats } = position ?? {};
  return {
    span: typeof from === 'number' && typeof to === 'number' ? { from, to } : window,
    ...(typeof queryId === 'string' ? { queryId } : {}),
    ...(typeof startedAt === 'number' ? { startedAt } : {}),
    ...(finished === true ? { finished } : {}),
    ...(typeof cursor === 'string' ? { cursor } : {}),
    ...(typeof rows === 'number' ? { rows } : {}),
    ...(typeof total === 'number' ? { total } : {}),
    ...(repeats === true ? { repeats } : {}),
  };
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
