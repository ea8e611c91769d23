import type { Clock, DueIndex, WorkQueue } from '../ports.ts';

export interface FanOutDependencies {
  readonly clock: Clock;
  readonly dueIndex: DueIndex;
  readonly queue: WorkQueue;
  /** How long a sent message may take to be worked on before the stream is due again. */
  readonly claimMs: number;
  /** Epoch milliseconds after which no further group of streams is begun; the next tick goes on. */
  readonly deadline: number;
}

export interface FanOutResult {
  readonly due: number;
  /** Less than `due` where another tick was faster. */
  readonly sent: number;
  /** False when time ran out before everything due was sent. */
  readonly complete: boolean;
}

/** Streams that are claimed at once and then sent: what a crash between the two can delay. */
const groupSize = 50;

/**
 * Sends one message for every due stream. The claim comes first: a crash between the two delays a stream by one claim
 * time, the other order would send messages twice. Throws when messages could not be sent; their streams become due again.
 */
export async function fanOut(dependencies: FanOutDependencies): Promise<FanOutResult> {
  const { clock, dueIndex, queue, claimMs, deadline } = dependencies;
  const now = clock.now();
  let due = 0;
  let sent = 0;
  const failures: unknown[] = [];
  for await (const page of dueIndex.due(now)) {
    for (let i = 0; i < page.length; i += groupSize) {
      if (clock.now() >= deadline) return { due, sent, complete: false };
      const group = page.slice(i, i + groupSize);
      due += group.length;
      const claims = await Promise.allSettled(group.map((stream) => dueIndex.claim(stream, now + claimMs)));
      const claimed = group.filter((_, j) => claims[j]?.status === 'fulfilled' && claims[j].value);
      // One stream that cannot be claimed or sent must not hold up the others; it is due again by itself.
      failures.push(...claims.flatMap((claim) => (claim.status === 'rejected' ? [claim.reason] : [])));
      try {
        await queue.send(
          claimed.map(({ id }) => ({ version: 1, stream: id })),
          0,
        );
        sent += claimed.length;
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `The tick failed for some streams: ${String(failures[0])}`);
  return { due, sent, complete: true };
}
