import type { ConnectorError, Health } from '../errors.ts';
import type { StreamStatus } from './stream.ts';

/** The status of a stream that nobody has worked on yet. */
export function newStatus(now: number): StreamStatus {
  return { health: 'ok', since: now, at: now, failures: 0 };
}

/** How long a stream says of itself that the console had more than it gave: long enough for somebody to see it. */
const noticeMs = 3_600_000;

/** The status after a slice that worked. */
export function workedStatus(before: StreamStatus, health: 'ok' | 'behind', now: number): StreamStatus {
  // What worked and yet has something to tell is not wiped away by the next slice, which has nothing to do with it.
  const isNotice = before.failures === 0 && before.code !== undefined && now - before.at < noticeMs;
  if (isNotice) return { ...before, lastSuccessAt: now };
  return { health, since: since(before, health, now), at: now, lastSuccessAt: now, failures: 0 };
}

/** The status after a slice that failed: which answer it was, what to do about it, and when we try again. */
export function failedStatus(
  before: StreamStatus,
  error: ConnectorError,
  failure: { readonly now: number; readonly failures: number; readonly nextTryAt: number },
): StreamStatus {
  return {
    health: error.health,
    // A first failure begins a new time of trouble, also after a slice that had got something done before it failed.
    since: failure.failures === 1 ? failure.now : since(before, error.health, failure.now),
    at: failure.now,
    ...(before.lastSuccessAt === undefined ? {} : { lastSuccessAt: before.lastSuccessAt }),
    failures: failure.failures,
    code: error.code,
    ...(error.httpStatus === undefined ? {} : { httpStatus: error.httpStatus }),
    message: error.message,
    recommendation: error.recommendation,
    nextTryAt: failure.nextTryAt,
  };
}

function since(before: StreamStatus, health: Health, now: number): number {
  return before.health === health ? before.since : now;
}
