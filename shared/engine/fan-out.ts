import type { Clock, DueIndex, DuePage, DueStream, WorkQueue } from '../ports.ts';

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

/** Streams that are claimed at once and then sent: what a crash between the two can delay. One batch of the queue. */
const groupSize = 10;

/** Groups under way at once: the tick takes as long as its own work, not as long as all answers one after the other. */
const lanes = 8;

/** Failures that the error holds. When the table is down, one for each of 80,000 streams would not fit into memory. */
const keptFailures = 20;

/**
 * Sends one message for every due stream. The claim comes first: a crash between the two delays a stream by one claim
 * time, the other order would send messages twice.
 * @throws AggregateError after everything else was sent: for messages that were not accepted and streams that could not
 * be claimed, which become due again, and for items of the index that are no streams, by key.
 */
export async function fanOut(dependencies: FanOutDependencies): Promise<FanOutResult> {
  const { clock, dueIndex, queue, claimMs, deadline } = dependencies;
  const now = clock.now();
  let due = 0;
  let sent = 0;
  let complete = true;
  const failures: unknown[] = [];
  let failed = 0;
  const fail = (failure: unknown) => {
    failed += 1;
    if (failures.length < keptFailures) failures.push(failure);
  };

  async function enqueue(group: readonly DueStream[]): Promise<void> {
    due += group.length;
    const claims = await Promise.allSettled(group.map((stream) => dueIndex.claim(stream, now + claimMs)));
    // One stream that cannot be claimed or sent must not hold up the others; it is due again by itself.
    for (const claim of claims) if (claim.status === 'rejected') fail(claim.reason);
    const claimed = group.filter((_, i) => claims[i]?.status === 'fulfilled' && claims[i].value);
    if (claimed.length === 0) return;
    await queue.send(
      claimed.map(({ id }) => ({ version: 1, stream: id })),
      0,
    );
    sent += claimed.length;
  }

  const groups = groupsOf(dueIndex.due(now), fail);
  /** All lanes take from the same groups; the first one that stops ends the walk for all. */
  async function lane(): Promise<void> {
    for await (const group of groups) {
      if (clock.now() >= deadline) {
        complete = false;
        return;
      }
      await enqueue(group).catch(fail);
    }
  }
  await Promise.all(Array.from({ length: lanes }, () => lane().catch(fail)));

  if (failed > 0)
    throw new AggregateError(failures, `The tick had ${failed} failures: ${messagesOf(failures)}`);
  return { due, sent, complete };
}

async function* groupsOf(
  pages: AsyncIterable<DuePage>,
  fail: (failure: unknown) => void,
): AsyncGenerator<readonly DueStream[], void> {
  for await (const { streams, unreadable } of pages) {
    for (const key of unreadable) fail(new Error(`the due index holds ${key}, which is no stream`));
    for (let i = 0; i < streams.length; i += groupSize) yield streams.slice(i, i + groupSize);
  }
}

/** Each message once: what fails for one stream mostly fails for many. */
function messagesOf(failures: readonly unknown[]): string {
  const messages = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  return [...new Set(messages)].join('; ');
}
