import { ConnectorError } from '../errors.ts';
import { isObject } from '../json.ts';
import type {
  ApiAnswer,
  ApiRequest,
  ApiSurface,
  Clock,
  ListPage,
  ListParams,
  SentinelOneApi,
} from '../ports.ts';
import type { ConsoleClock } from './console-clock.ts';
import { malformed, readListBody, refuseErrors } from './envelope.ts';
import { errorFromResponse } from './error-from-response.ts';
import { parseBody } from './json-body.ts';
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

const surfaces: Readonly<Record<ApiSurface, { readonly root: string; readonly scheme: string }>> = {
  management: { root: '/web/api/v2.1', scheme: 'ApiToken' },
  'data-lake': { root: '/sdl/v2/api', scheme: 'Bearer' },
};
const forwardTagHeader = 'x-dataset-query-forward-tag';
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

  async function send(request: ApiRequest, signal: AbortSignal | undefined): Promise<TransportResponse> {
    const { method, path, params = {}, body, forwardTag } = request;
    refuseOddPath(path);
    const { root, scheme } = surfaces[request.surface ?? 'management'];
    const headers = {
      authorization: `${scheme} ${apiToken}`,
      accept: 'application/json',
      'user-agent': userAgent,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(forwardTag === undefined ? {} : { [forwardTagHeader]: forwardTag }),
    };
    const askedAt = clock.now();
    await pacer.take(budget, pacedPath(request), signal);
    const sentAt = clock.now();
    let response: TransportResponse | undefined;
    try {
      response = await transport.request({
        origin,
        method,
        path: `${root}${path}${queryOf(params)}`,
        headers,
        timeoutMs,
        signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
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

  /** Sends it and gives what succeeded. */
  async function succeed(request: ApiRequest, signal: AbortSignal | undefined): Promise<TransportResponse> {
    const response = await send(request, signal);
    const { status, headers, body } = response;
    if (status >= 200 && status < 300) return response;
    const failed = { request: nameOf(request), status, retryAfter: headers['retry-after'], body };
    const error = errorFromResponse(failed, { now: clock.now(), secrets: [apiToken] });
    await pacer.heed(budget, pacedPath(request), { status, retryAfterMs: error.retryAfterMs });
    throw error;
  }

  return {
    async list(path: string, params: ListParams, signal?: AbortSignal): Promise<ListPage> {
      const request = { method: 'GET', path, params } as const;
      const { body } = await succeed(request, signal);
      return readListBody(body, nameOf(request), [apiToken]);
    },

    async request(request: ApiRequest, signal?: AbortSignal): Promise<ApiAnswer> {
      const { body, headers } = await succeed(request, signal);
      const json = body.length === 0 ? undefined : parseBody(body);
      if (body.length > 0 && json === undefined)
        throw malformed(nameOf(request), 'its body is no JSON, or only the beginning of it');
      if (isObject(json)) refuseErrors(json['errors'], nameOf(request), [apiToken]);
      const forwardTag = headers[forwardTagHeader];
      return { json, ...(typeof forwardTag === 'string' ? { forwardTag } : {}) };
    },
  };
}

function nameOf({ method, path }: ApiRequest): string {
  return `${method} ${path}`;
}

/** Under which path the request's rate is counted: the data lake has limits of its own. */
export function pacedPath({ path, surface = 'management' }: Pick<ApiRequest, 'path' | 'surface'>): string {
  return surface === 'management' ? path : `${surfaces[surface].root}${path}`;
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
