import { ConnectorError } from '../errors.ts';
import { isObject } from '../json.ts';
import type { Clock } from '../ports.ts';
import { readErrorBody } from './error-body.ts';
import { errorFromResponse } from './error-from-response.ts';
import { parseBody } from './json-body.ts';
import { tokenKey } from './pacing.ts';
import type { SharedPacer } from './shared-pacer.ts';
import type { Transport } from './transport.ts';
import { userAgent } from './user-agent.ts';

export interface ProbeHostOptions {
  /** As `parseHostUrl` gives it. */
  readonly origin: string;
  readonly transport: Transport;
  readonly pacer: SharedPacer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The only path that a console answers without a token. */
const path = '/system/status';
const timeoutMs = 6_000;

/**
 * Asks without a token whether a console answers at the origin, so that a token need not be sent to find out. Everything that
 * speaks as a console does is one, also where it refuses to answer.
 * @throws ConnectorError what the way there or the console's trouble means; `not_a_console` where something else answers
 */
export async function probeHost({
  origin,
  transport,
  pacer,
  clock,
  signal,
}: ProbeHostOptions): Promise<void> {
  // The console counts these requests by address; there is no token whose budget they could be of.
  const budget = tokenKey(origin);
  await pacer.take(budget, path, signal);
  const response = await transport.request({
    origin,
    method: 'GET',
    path: `/web/api/v2.1${path}`,
    headers: { accept: 'application/json', 'user-agent': userAgent },
    timeoutMs,
    signal,
  });
  const { status, headers, body } = response;
  const isOverloaded = status === 429 || status >= 500;
  if (isOverloaded || isBlocked(status, body)) {
    const failed = { request: `GET ${path}`, status, retryAfter: headers['retry-after'], body };
    const error = errorFromResponse(failed, { now: clock.now(), secrets: [] });
    await pacer.heed(budget, path, { status, retryAfterMs: error.retryAfterMs });
    throw error;
  }
  if (!isEnvelope(body)) throw notAConsole(status, body);
}

/** A gateway's own page that forbids the way; the console says it in JSON. */
function isBlocked(status: number, body: Buffer): boolean {
  return status === 403 && readErrorBody(body).form === 'html';
}

/** `{"data": {…}}` or `{"errors": […]}`. */
function isEnvelope(body: Buffer): boolean {
  const json = parseBody(body);
  return isObject(json) && (isObject(json['data']) || Array.isArray(json['errors']));
}

function notAConsole(status: number, body: Buffer): ConnectorError {
  const { form } = readErrorBody(body);
  const answered = {
    html: 'with a web page',
    json: 'with other JSON',
    text: 'with a text',
    empty: 'nothing',
  };
  return new ConnectorError({
    code: 'not_a_console',
    message: `GET ${path}: a server answers at the host URL, but not as a SentinelOne console does: it answered ${answered[form]} (HTTP ${status})`,
    health: 'host',
    retryable: false,
    recommendation:
      'Set the host URL to the address of the SentinelOne console as the browser shows it after login, and check that no proxy or login page answers in its place. The token was not sent.',
    httpStatus: status,
  });
}
