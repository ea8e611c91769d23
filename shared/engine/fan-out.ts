import type { Clock, DueIndex, DueStream, WorkQueue } from '../ports.ts';

export interface FanOutDependencies {
  readonly clock: Clock;
  readonly dueIndex: DueIndex;
  readonly queue: WorkQueue;
  /** How long a sent message may take to be worked on before the stream is due again. */
  readonly claimMs: number;
  /** Epoch milliseconds after which no further page of due streams is begun; the next tick goes on. */
  readonly deadline: number;
}

export interface FanOutResult {
  readonly due: number;
  /** Less than `due` where another tick was faster. */
  readonly sent: number;
  /** False when time ran out before everything due was sent. */
  readonly complete: boolean;
}

/** Conditional updates in flight. */
const concurrentClaims = 50;

/**
 * Sends one message for every due stream. The claim comes first: a crash between the two delays a stream by one claim
 * time, the other order would send messages twice. Throws when messages could not be sent; their streams become due again.
 */
export async function fanOut(dependencies: FanOutDependencies): Promise<FanOutResult> {
  const { clock, dueIndex, queue, claimMs, deadline } = dependencies;
  const now = clock.now();
  let due = 0;
  let sent = 0;
  for await (const page of dueIndex.due(now)) {
    if (clock.now() >= deadline) return { due, sent, complete: false };
    due += page.length;
    const claimed: DueStream[] = [];
    for (let i = 0; i < page.length; i += concurrentClaims) {
      const group = page.slice(i, i + concurrentClaims);
      const outcomes = await Promise.all(group.map((stream) => dueIndex.claim(stream, now + claimMs)));
      claimed.push(...group.filter((_, j) => outcomes[j]));
    }
    await queue.send(
      claimed.map(({ id }) => ({ version: 1, stream: id })),
      0,
    );
    sent += claimed.length;
  }
  return { due, sent, complete: true };
}
