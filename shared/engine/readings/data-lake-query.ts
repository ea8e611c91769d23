import { ConnectorError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { ApiAnswer } from '../../ports.ts';
import { fieldAt, listAt, textAt } from '../../records/json-fields.ts';
import type { Page, PageRequest, Reading } from '../reading.ts';
import type { Position, Span, Window } from '../stream.ts';
import { firstHalf, nextSpan, tooManyRows } from './halving.ts';
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
/** A query that takes longer is asked for half of its span: a worker must be done with it in one call. */
const patienceMs = 45_000;
const nanosecondsPerMs = 1_000_000n;

/**
 * Reads a window by queries of the data lake, each for a part of the window and answered as a whole. Started, waited for,
 * taken and deleted within one page: a worker that dies on the way leaves nothing that matters, and the next one asks again.
 */
export function dataLakeQuery({ filter, rowCap }: DataLakeQueryDeclaration): Reading {
  async function readPage(request: PageRequest): Promise<Page> {
    const span = readPosition(request.position, request.window);
    const rows = await rowsOf(span, request);
    // More than one second, and too much for one query or for one call of a worker.
    const half = rows === undefined || rows.length >= rowCap ? firstHalf(span) : undefined;
    if (half !== undefined)
      return { records: [], position: { ...half }, end: false, mayRepeat: false, advances: true };
    if (rows === undefined) throw tooSlow(span);
    const { to } = request.window;
    return {
      records: rows.map(flat),
      mayRepeat: false,
      advances: true,
      ...(span.to < to
        ? {
            position: { ...nextSpan({ from: span.to, to }, { span, rows: rows.length }, rowCap) },
            end: false,
          }
        : { position: {}, end: true }),
      ...(rows.length >= rowCap ? { incomplete: tooManyRows(path, span, rowCap) } : {}),
    };
  }

  /** Undefined where the console was not done in time. */
  async function rowsOf(span: Span, request: PageRequest): Promise<readonly Json[] | undefined> {
    const { api, signal } = request;
    let answer = await api.request(
      { method: 'POST', path, surface: 'data-lake', body: queryBody(span, request) },
      signal,
    );
    const id = textAt(answer.json, 'id');
    const call = {
      path: `${path}/${encodeURIComponent(id ?? '')}`,
      surface: 'data-lake',
      ...(answer.forwardTag === undefined ? {} : { forwardTag: answer.forwardTag }),
    } as const;
    try {
      for (let waitedMs = 0; !isDone(answer); waitedMs += pollMs) {
        if (id === undefined) throw malformedAnswer('it names no query');
        if (waitedMs >= patienceMs) return undefined;
        await request.sleep(pollMs, signal);
        const lastStepSeen = textAt(answer.json, 'stepsCompleted') ?? '0';
        answer = await api
          .request({ ...call, method: 'GET', params: { lastStepSeen } }, signal)
          .catch(asLostQuery);
      }
    } finally {
      // Frees its slot; if that fails, the console frees it by itself after half a minute.
      if (id !== undefined) await api.request({ ...call, method: 'DELETE' }, signal).catch(() => undefined);
    }
    const problem = textAt(answer.json, 'error', 'message') ?? textAt(answer.json, 'error');
    if (problem !== undefined) throw malformedAnswer(`it says: ${problem.slice(0, 200)}`);
    return listAt(answer.json, 'data', 'matches');
  }

  function queryBody({ from, to }: Span, { scope, options }: PageRequest): JsonObject {
    const sites = scope['siteIds']?.split(',').map((id) => `'${id}'`);
    const filters = [filter, textAt(options, 'filter'), sites && `site.id in (${sites.join(', ')})`];
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
    resume: (from, window) => ({ ...readPosition(from, window) }),
    // Half of the span has about half of the rows.
    smallerPages(from, window) {
      const half = firstHalf(readPosition(from, window));
      return half === undefined ? undefined : { ...half };
    },
    sortKey: () => undefined,
  };
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

function readPosition(position: Position | undefined, window: Window): Span {
  const { from, to } = position ?? {};
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : window;
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
