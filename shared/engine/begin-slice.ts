import { ConnectorError } from '../errors.ts';
import { crashPauseMs } from './crash-pause.ts';
import type { HeldStream } from './held-stream.ts';
import type { SliceDependencies } from './slice.ts';
import { failedStatus } from './status.ts';
import { streamName } from './stream.ts';

/**
 * Takes a stream before anything is read for it, and counts the attempt. Done where something went wrong lately: a worker
 * that is killed (memory, timeout) leaves no word, but the attempt that it began stays counted. From the second one on
 * the stream says so, and is due again only after a pause that grows.
 * False: another worker has the stream.
 */
export async function beginSlice(held: HeldStream, dependencies: SliceDependencies): Promise<boolean> {
  const { clock, leaseMs, log } = dependencies;
  const { stream } = held;
  const attempts = stream.attempts + 1;
  if (attempts === 1) return await held.write({ attempts });
  const now = clock.now();
  const failures = stream.status.failures + 1;
  const nextTryAt = now + Math.max(leaseMs, crashPauseMs(failures));
  log.error('The last worker on this stream ended without a word.', {
    stream: streamName(stream.id),
    attempts,
  });
  return await held.write({
    attempts,
    nextDueAt: nextTryAt,
    status: failedStatus(stream.status, workerDied(attempts - 1), { now, failures, nextTryAt }),
  });
}

function workerDied(times: number): ConnectorError {
  return new ConnectorError({
    code: 'worker_died',
    message: `The last ${times === 1 ? 'worker' : `${times} workers`} on this stream ended without a word.`,
    health: 'internal',
    retryable: true,
    recommendation:
      "Look into the worker's log group for a timeout or for memory that ran out. Nothing is lost: the stream is tried again by itself, after a pause that grows.",
  });
}
