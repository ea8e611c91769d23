import { ConnectorError } from '../errors.ts';
import type { Clock, ListPage, ListParams, SentinelOneApi } from '../ports.ts';
import type { ConsoleClock } from './console-clock.ts';
import { readListBody } from './envelope.ts';
import { errorFromResponse } from './error-from-response.ts';
import { tokenKey } from './pacing.ts';
import type { SharedPacer } from './shared-pacer.ts';
import type { Transport, TransportResponse } from './transport.ts';
import { userAgent } from './user-agent.ts';

export interface SentinelOneApiOptions {
  /** As `parseHostUrl` gives it; the transport refuses any other. */
  readonly origin: string;
  readonly apiToken: string;
  readonly transport: Transport;
  readonly pacer: SharedPacer;
  readonly clock: Clock;
  /** Told what the console's answers say about its clock. */
  readonly consoleClock: ConsoleClock;
  /** Of one request, without the time spent waiting for the pacer. Default 30 s. */
  readonly timeoutMs?: number;
  /** Told after every request, also after a failed one. */
  readonly onRequest?: (report: RequestReport) => void;
}

/** One request, for metrics. */
export interface RequestReport {
  readonly path: string;
  /** Absent when there was no answer. */
  readonly status?: number;
  /** How long the pacer held the request back. */
  readonly pacedMs: number;
  readonly durationMs: number;
  readonly bodyBytes: number;
}

const apiRoot = '/web/api/v2.1';
const defaultTimeoutMs = 30_000;

/**
 * The console's API, seen with one token. Keeps to the console's rate limits, maps every failure to a
 * `ConnectorError`, and repeats nothing: when to try again is the caller's decision. A request that comes while the console
 * wants none fails without being sent.
 * @throws ConnectorError `token_malformed` when the token cannot be one
 */
export function createSentinelOneApi(options: SentinelOneApiOptions): SentinelOneApi {
  const { origin, transport, pacer, clock, consoleClock, timeoutMs = defaultTimeoutMs, onRequest } = options;
  const apiToken = readToken(options.apiToken);
  const budget = tokenKey(apiToken);
  const headers = {
    authorization: `ApiToken ${apiToken}`,
    accept: 'application/json',
    'user-agent': userAgent,
  };

  async function get(
    path: string,
    query: string,
    signal: AbortSignal | undefined,
  ): Promise<TransportResponse> {
    const askedAt = clock.now();
    await pacer.take(budget, path, signal);
    const sentAt = clock.now();
    let response: TransportResponse | undefined;
    try {
      const target = `${apiRoot}${path}${query}`;
      response = await transport.request({ origin, method: 'GET', path: target, headers, timeoutMs, signal });
      // A failure may be answered by a proxy, whose clock is none of our business.
      if (response.status < 300) consoleClock.observe(response.headers.date, sentAt + response.durationMs);
      return response;
    } finally {
      onRequest?.({
        path,
        ...(response === undefined ? {} : { status: response.status }),
        pacedMs: sentAt - askedAt,
        durationMs: clock.now() - sentAt,
        bodyBytes: response?.body.length ?? 0,
      });
    }
  }

  return {
    async list(path: string, params: ListParams, signal?: AbortSignal): Promise<ListPage> {
      refuseOddPath(path);
      const { status, headers: answered, body } = await get(path, queryOf(params), signal);
      const request = `GET ${path}`;
      if (status >= 200 && status < 300) return readListBody(body, request, [apiToken]);
      const failed = { request, status, retryAfter: answered['retry-after'], body };
      const error = errorFromResponse(failed, { now: clock.now(), secrets: [apiToken] });
      await pacer.heed(budget, path, { status, retryAfterMs: error.retryAfterMs });
      throw error;
    },
  };
}

/** Each parameter encoded exactly once: cursors end in `=`, and an unencoded one is taken for a separator. */
function queryOf(params: ListParams): string {
  const pairs = Object.entries(params).map(([name, value]) => {
    const plain = name === 'cursor' ? decodedOnce(value) : value;
    return `${encodeURIComponent(name)}=${encodeURIComponent(plain)}`;
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Some consoles hand out cursors that are percent-encoded already. Plain ones are base64, which has no percent sign. */
function decodedOnce(cursor: string): string {
  if (!cursor.includes('%')) return cursor;
  try {
    return decodeURIComponent(cursor);
  } catch {
    // Not percent-encoding after all; the console gets back what it gave.
    return cursor;
  }
}

function readToken(apiToken: string): string {
  const token = apiToken.trim();
  // Also keeps it from ending the header line. The token is not echoed.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const problem = token === '' ? 'is empty' : 'holds a space, a line break or a character outside ASCII';
  throw new ConnectorError({
    code: 'token_malformed',
    message: `The API token ${problem}.`,
    health: 'credentials',
    retryable: false,
    recommendation:
      'Store the API token again, exactly as the console shows it and without the word "ApiToken".',
  });
}

/** Ids from the console end up in paths; none of them may lead to another endpoint. */
function refuseOddPath(path: string): void {
  const segments = path.split('/').slice(1);
  const isPlain =
    path.startsWith('/') && segments.every((part) => /^(?:[\w~:.-]|%[0-9a-f]{2})+$/i.test(part));
  if (isPlain && !segments.some((part) => /^(?:\.|%2e)+$/i.test(part))) return;
  throw new ConnectorError({
    code: 'path_refused',
    message: 'A request path holds a character or a segment that does not belong there.',
    health: 'internal',
    retryable: false,
    recommendation:
      'Report this to the maintainers of the connector; a record id of the console may be malformed.',
  });
}
