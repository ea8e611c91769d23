import { ConnectorError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ApiAnswer, ApiRequest, ListParams } from '../../ports.ts';
import { fieldAt, textAt } from '../../records/json-fields.ts';
import type { Page, PageRequest, Reading } from '../reading.ts';
import type { Position, Span, Window } from '../stream.ts';
import { firstHalf, nextSpan, tooManyRows, wishedLength } from './halving.ts';
import { asLostQuery } from './query-errors.ts';

/** Long-running queries of the console's data lake. */
export interface DataLakeQueryDeclaration {
  /** Which events, in the data lake's filter language; the connector's option `filter` narrows it further. */
  readonly filter: string;
  /** Rows that the console gives for one query. */
  readonly rowCap: number;
}

const path = '/queries';
/** The console forgets a query that nobody has asked after for 30 s, so it is waited for here and not by a message. */
const pollMs = 1_000;
/** How long it is asked after in vain, with something left for the way there. */
const lifeMs = 25_000;
/** A query that takes longer is asked for half of its span: a worker must be done with it in one call. */
const patienceMs = 45_000;
/** Freeing a query's slot is worth no more; the console does it by itself after half a minute. */
const deleteMs = 3_000;
const hourMs = 3_600_000;
const nanosecondsPerMs = 1_000_000n;

/**
 * Reads a window by queries of the data lake, each for a part of the window and answered as a whole. Started, waited for,
 * taken and deleted within one page: a worker that dies on the way leaves nothing that matters, and the next one asks again.
 * How long a span may be is handed on from window to window.
 */
export function dataLakeQuery({ filter, rowCap }: DataLakeQueryDeclaration): Reading {
  async function readPage(request: PageRequest): Promise<Page> {
    const span = readPosition(request.position, request.window);
    const rows = await rowsOf(span, request);
    // By the console's clock, as its answer has shown it, more may come into the span.
    if (typeof rows === 'number') return { ...goOnAt({ ...span }), resumeInMs: rows };
    const most = mostRows(request.position);
    const shrunk = most === rowCap ? {} : { mostRows: most };
    // More than one second, and too much for one query or for one call of a worker.
    const half = rows === undefined || rows.length >= rowCap ? firstHalf(span) : undefined;
    const { to } = request.window;
    if (half !== undefined) return goOnAt({ ...half, ...shrunk });
    if (rows === undefined) throw tooSlow(span);
    const read = { span, rows: rows.length };
    return {
      records: rows.map(flat),
      mayRepeat: false,
      advances: true,
      ...(span.to < to
        ? { position: { ...nextSpan({ from: span.to, to }, read, most), ...shrunk }, end: false }
        : { position: { lengthMs: Math.min(hourMs, wishedLength(read, most)), ...shrunk }, end: true }),
      ...(rows.length >= rowCap ? { incomplete: tooManyRows(path, span, rowCap) } : {}),
    };
  }

  /** How many rows a query is meant to have at most: less than the console's cap where so many were too large. */
  function mostRows(position: Position | undefined): number {
    const most = position?.['mostRows'];
    return typeof most === 'number' ? most : rowCap;
  }

  /** Undefined where the console was not done in time; a number of milliseconds by which it was asked too early. */
  async function rowsOf(span: Span, request: PageRequest): Promise<readonly Json[] | number | undefined> {
    const { api, signal } = request;
    const startedAt = request.now();
    const launch = { method: 'POST', path, surface: 'data-lake', body: queryBody(span, request) } as const;
    let answer = await api.request(launch, signal);
    const earlyMs = span.to - request.settled();
    const id = textAt(answer.json, 'id');
    const call = {
      path: `${path}/${encodeURIComponent(id ?? '')}`,
      surface: 'data-lake',
      ...(answer.forwardTag === undefined ? {} : { forwardTag: answer.forwardTag }),
    } as const;
    try {
      if (earlyMs > 0) return earlyMs;
      for (;;) {
        const problem = textAt(answer.json, 'error', 'message') ?? textAt(answer.json, 'error');
        if (problem !== undefined) throw malformedAnswer(`it says: ${problem.slice(0, 200)}`);
        if (isDone(answer)) return matchesOf(answer);
        if (id === undefined) throw malformedAnswer('it names no query');
        if (request.now() - startedAt >= patienceMs) return undefined;
        answer = await nextAnswer({ ...call, method: 'GET', params: stepOf(answer) }, request);
      }
    } finally {
      // Also where the page was given up: its signal would keep this from being sent.
      if (id !== undefined)
        await api
          .request({ ...call, method: 'DELETE' }, AbortSignal.timeout(deleteMs))
          .catch(() => undefined);
    }
  }

  /** What the query says after a while. One refused question does not end it: it lives on for half a minute. */
  async function nextAnswer(
    question: ApiRequest,
    { api, signal, now, sleep }: PageRequest,
  ): Promise<ApiAnswer> {
    const seenAt = now();
    for (let waitMs = pollMs; ; ) {
      await sleep(waitMs, signal);
      try {
        return await api.request(question, signal);
      } catch (error) {
        if (!(error instanceof ConnectorError) || !error.retryable) return asLostQuery(error);
        waitMs = Math.max(pollMs, error.retryAfterMs ?? 0);
        if (now() + waitMs - seenAt > lifeMs) throw error;
      }
    }
  }

  function queryBody({ from, to }: Span, { scope, options }: PageRequest): JsonObject {
    const sites = scope['siteIds']?.split(',').map((id) => `'${id}'`);
    const own = textAt(options, 'filter');
    const filters = [filter, own && `(${own})`, sites && `site.id in (${sites.join(', ')})`];
    const accountIds = scope['accountIds']?.split(',');
    return {
      queryType: 'LOG',
      // Exactly one of the two: with neither of them the console answers without rows and without an error.
      ...(accountIds === undefined ? { tenant: true } : { tenant: false, accountIds }),
      startTime: String(BigInt(from) * nanosecondsPerMs),
      endTime: String(BigInt(to) * nanosecondsPerMs),
      queryPriority: 'LOW',
      log: {
        filter: filters.filter((part) => part !== undefined).join(' '),
        limit: rowCap,
        ascending: true,
      },
    };
  }

  return {
    readPage,
    isEmpty: async () => false,
    // The same span is asked for again, as a whole: nothing of it was written.
    resume: (position) => position,
    // Half of the span has about half of the rows, and what follows is not to grow as large again.
    smallerPages(from, window) {
      const half = firstHalf(readPosition(from, window));
      return half === undefined ? undefined : { ...half, mostRows: Math.ceil(mostRows(from) / 2) };
    },
    sortKey: () => undefined,
    carriesOver: true,
    reached: (position, window) => readPosition(position, window).from,
    beginAt: (time, { to }) => ({ from: time, to }),
  };
}

function goOnAt(position: Position): Page {
  return { records: [], position, end: false, mayRepeat: false, advances: true };
}

/** The event's fields beside its time, as they are named in the data lake. */
function flat(row: Json): Json {
  if (!isObject(row)) return row;
  const { values, ...rest } = row;
  return isObject(values) ? { ...rest, ...values } : row;
}

function isDone({ json }: ApiAnswer): boolean {
  const total = fieldAt(json, 'stepsTotal');
  const completed = fieldAt(json, 'stepsCompleted');
  return typeof total === 'number' && typeof completed === 'number' && total > 0 && completed >= total;
}

function stepOf({ json }: ApiAnswer): ListParams {
  return { lastStepSeen: textAt(json, 'stepsCompleted') ?? '0' };
}

/** No rows at all are a list as well: what holds none is not what was asked for. */
function matchesOf({ json }: ApiAnswer): readonly Json[] {
  const matches = fieldAt(json, 'data', 'matches');
  if (!Array.isArray(matches)) throw malformedAnswer('it is done and holds no list of events');
  return matches;
}

/** The span to ask for: of this window, or as long as the last one of the window before would have been. */
function readPosition(position: Position | undefined, window: Window): Span {
  const { from, to, lengthMs } = position ?? {};
  if (typeof from === 'number' && typeof to === 'number' && from >= window.from && to <= window.to)
    return { from, to };
  if (typeof lengthMs !== 'number') return window;
  return { from: window.from, to: Math.min(window.to, window.from + lengthMs) };
}

function malformedAnswer(what: string): ConnectorError {
  return new ConnectorError({
    code: 'response_malformed',
    message: `POST ${path}: the data lake's answer was a success, but ${what}.`,
    health: 'unavailable',
    retryable: true,
    recommendation: 'Nothing to do if it is rare: the same time is asked for again.',
    httpStatus: 200,
  });
}

function tooSlow({ from, to }: Span): ConnectorError {
  return new ConnectorError({
    code: 'query_slow',
    message: `${path}: the data lake was not done with ${new Date(from).toISOString()} to ${new Date(to).toISOString()} in ${patienceMs / 1000} s.`,
    health: 'unavailable',
    retryable: true,
    recommendation: 'Nothing to do if it is rare: the same time is asked for again. Else narrow the filter.',
  });
}
