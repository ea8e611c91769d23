import type { ConnectorError } from '../errors.ts';
import type { Random } from '../ports.ts';

const baseMs = 2_000;
const capMs = 15 * 60_000;

/** Failures in a row after which an error that nobody has repaired is only tried again at the stream's pace. */
export const confirmations = 3;

/**
 * How long to wait before the next try, milliseconds; undefined when the stream's regular slot is soon enough.
 *
 * A time that the console named is kept exactly (`parseRetryAfter` says how far it is believed). Other passing failures wait exponentially longer with full jitter, so that
 * many streams of one console do not come back together. A failure that needs a person is confirmed twice within seconds
 * (a 401 or 403 is now and then given to a good token), then left to the regular slots.
 * @param failures failed slices in a row, this one included: 1 or more
 */
export function backoffMs(error: ConnectorError, failures: number, random: Random): number | undefined {
  if (error.retryAfterMs !== undefined) return Math.max(error.retryAfterMs, 1_000);
  if (!error.retryable) return failures < confirmations ? 5_000 * failures : undefined;
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures, 20));
  return Math.max(1_000, Math.round(random() * ceiling));
}
