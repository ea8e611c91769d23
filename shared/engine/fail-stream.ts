import { ConnectorError } from '../errors.ts';
import { backoffMs } from './backoff.ts';
import { crashPauseMs } from './crash-pause.ts';
import type { HeldStream } from './held-stream.ts';
import { withPermissionNamed } from './permission-advice.ts';
import { addRecent } from './recent.ts';
import { nextSlot } from './schedule.ts';
import type { SliceDependencies, SliceOutcome } from './slice.ts';
import { failedStatus } from './status.ts';
import { type Stream, streamName } from './stream.ts';

/** The longest delay that SQS takes. Longer waits are a due time in the table. */
export const longestDelayMs = 900_000;
/** What is missing there heals only when somebody grants it or updates the console; asking more often would only burn the rate limit. */
const grantCheckMs = 3_600_000;
const grants: ReadonlySet<string> = new Set(['permission', 'licence', 'retired']);

/** The console or the way to it failed: note it, give the stream back, and plan the next try. */
export async function failStream(
  held: HeldStream,
  cause: ConnectorError,
  dependencies: SliceDependencies,
): Promise<SliceOutcome> {
  const { clock, random, queue, claimMs, log } = dependencies;
  const { stream } = held;
  const error = withPermissionNamed(cause, dependencies.findContentType(stream.id.contentType));
  const now = clock.now();
  const failures = (held.progressed ? 0 : stream.status.failures) + 1;
  const waitMs = backoffMs(error, failures, random);
  const nextTryAt = waitMs === undefined ? regularTry(stream, error, now) : now + waitMs;
  const byMessage = waitMs !== undefined && waitMs <= longestDelayMs;
  const throttled = error.health === 'throttled' || error.health === 'unavailable';
  const released = await held.release({
    // With a message under way the due time is only the net below it.
    nextDueAt: byMessage ? nextTryAt + claimMs : nextTryAt,
    status: failedStatus(stream.status, error, { now, failures, nextTryAt }),
    ...(throttled
      ? {
          totals: {
            ...stream.totals,
            throttled: stream.totals.throttled + 1,
            recent: addRecent(stream.totals.recent, now, {
              [error.health === 'throttled' ? 'throttledMs' : 'unavailableMs']: nextTryAt - now,
            }),
          },
          // Between two windows it is kept for the next one that is opened.
          counters: { ...stream.counters, throttledMs: stream.counters.throttledMs + (nextTryAt - now) },
        }
      : {}),
  });
  if (!released) return { kind: 'lostLease' };
  log.warn(error.message, {
    stream: streamName(stream.id),
    code: error.code,
    health: error.health,
    failures,
    nextTryAt: new Date(nextTryAt).toISOString(),
    ...(error.httpStatus === undefined ? {} : { httpStatus: error.httpStatus }),
  });
  if (byMessage) await queue.send([{ version: 1, stream: stream.id }], Math.ceil(waitMs / 1000));
  return { kind: 'failed', error, nextTryAt };
}

function regularTry(stream: Stream, error: ConnectorError, now: number): number {
  return nextSlot(
    stream.id,
    grants.has(error.health)
      ? Math.max(grantCheckMs, stream.settings.intervalMs)
      : stream.settings.intervalMs,
    now,
  );
}

/**
 * A bug or a broken infrastructure. The message stays with the queue, which delivers it again and in the end to the
 * dead-letter queue; the stream becomes due by itself after a pause that grows. Best effort: the original error is
 * the one that counts.
 */
export async function noteCrash(
  held: HeldStream,
  cause: unknown,
  dependencies: SliceDependencies,
): Promise<void> {
  const { clock, log } = dependencies;
  const { stream } = held;
  const now = clock.now();
  const failures = (held.progressed ? 0 : stream.status.failures) + 1;
  const nextTryAt = now + crashPauseMs(failures);
  const error = new ConnectorError(
    {
      code: 'internal_error',
      message: `The worker failed: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`,
      health: 'internal',
      retryable: true,
      recommendation:
        "Look into the worker's log group for the stack trace. Nothing is lost: the stream is tried again by itself.",
    },
    { cause },
  );
  log.error(error.message, { stream: streamName(stream.id), failures });
  const notNoted = (reason: string) =>
    log.error('The crash could not be noted in the state table; the lease will run out instead.', {
      stream: streamName(stream.id),
      reason,
    });
  try {
    const noted = await held.release({
      nextDueAt: nextTryAt,
      status: failedStatus(stream.status, error, { now, failures, nextTryAt }),
    });
    if (!noted) notNoted('another worker has the stream, or an earlier write is uncertain');
  } catch (second) {
    notNoted(String(second));
  }
}
