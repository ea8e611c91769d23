import { newStatus } from './status.ts';
import { noCounters, noTotals, type Stream, type StreamId, type StreamSettings } from './stream.ts';

/** How a stream begins. Epoch milliseconds. */
export interface StreamStart {
  /** Where its first window begins. */
  readonly since: number;
  readonly settings: StreamSettings;
  readonly nextDueAt: number;
  readonly now: number;
}

/** A stream that has never run. */
export function newStream(
  id: StreamId,
  { since, settings, nextDueAt, now }: StreamStart,
): Stream & { nextDueAt: number } {
  return {
    id,
    fence: 0,
    step: 0,
    leaseUntil: 0,
    attempts: 0,
    since,
    watermark: since,
    batch: 0,
    counters: noCounters,
    totals: noTotals,
    nextDueAt,
    status: newStatus(now),
    settings,
  };
}
