/**
 * What a stream's state is called in status, logs and answers.
 * - `ok`: the last slice did what it had to do.
 * - `behind`: works, but the newest data is further away than two intervals.
 * - `throttled`: the console asked to slow down (429).
 * - `unavailable`: the console or the way to it is down (5xx, timeout, refused connection).
 * - `credentials`: the token is missing, expired or revoked (401).
 * - `permission`: the token's role may not read this data set (403).
 * - `licence`: the console's licence lacks this data set (403).
 * - `retired`: this console does not have the data set, or no longer (404, 410, 501).
 * - `host`: the host is not a console, or one we must not talk to.
 * - `misconfigured`: the console refuses what we ask for (400).
 * - `internal`: our own fault.
 */
export type Health =
  | 'ok'
  | 'behind'
  | 'throttled'
  | 'unavailable'
  | 'credentials'
  | 'permission'
  | 'licence'
  | 'retired'
  | 'host'
  | 'misconfigured'
  | 'internal';

/** What every expected failure tells. `message` is one sentence without secrets, hosts' bodies or stack traces. */
export interface ConnectorErrorDetails {
  /** Stable, machine-readable, snake_case. */
  readonly code: string;
  readonly message: string;
  readonly health: Exclude<Health, 'ok' | 'behind'>;
  /** True when the same request may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** What the reader should do, one or two sentences. */
  readonly recommendation: string;
  /** The console's HTTP status, where there was an answer. 503 stays 503. */
  readonly httpStatus?: number;
  /** The vendor's seven-digit error code, where the body had one. */
  readonly vendorCode?: number;
  /** How long the console asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** The base of all expected failures. Anything else that is thrown is a bug or a broken infrastructure. */
export class ConnectorError extends Error {
  readonly code: string;
  readonly health: ConnectorErrorDetails['health'];
  readonly retryable: boolean;
  readonly recommendation: string;
  readonly httpStatus: number | undefined;
  readonly vendorCode: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(details: ConnectorErrorDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.name = 'ConnectorError';
    this.code = details.code;
    this.health = details.health;
    this.retryable = details.retryable;
    this.recommendation = details.recommendation;
    this.httpStatus = details.httpStatus;
    this.vendorCode = details.vendorCode;
    this.retryAfterMs = details.retryAfterMs;
  }
}
