import type { Clock, Due, DueIndex, DuePage } from '../ports.ts';

export interface SendDueDependencies<Id> {
  readonly clock: Clock;
  /** What one of them is called, for whoever reads a failure: `stream`. */
  readonly kind: string;
  readonly dueIndex: DueIndex<Id>;
  /** Sends a message for each, at most ten at once. Throws when any of them was not accepted. */
  readonly send: (ids: readonly Id[]) => Promise<void>;
  /** How long a sent message may take to be worked on before what it names is due again. */
  readonly claimMs: number;
  /** Epoch milliseconds after which no further group is begun; the next tick goes on. */
  readonly deadline: number;
}

export interface SendDueResult {
  readonly due: number;
  /** Less than `due` where another tick was faster. */
  readonly sent: number;
  /** False when time ran out before everything due was sent. */
  readonly complete: boolean;
}

/** What is claimed at once and then sent: what a crash between the two can delay. One batch of the queue. */
const groupSize = 10;

/** Groups under way at once: the tick takes as long as its own work, not as long as all answers one after the other. */
const lanes = 8;

/** Failures that the error holds. When the table is down, one for each of 80,000 streams would not fit into memory. */
const keptFailures = 20;

/**
 * Sends one message for everything of a kind that is due. The claim comes first: a crash between the two delays by one claim
 * time, the other order would send messages twice.
 * @throws AggregateError after everything else was sent: for messages that were not accepted and for what could not be
 * claimed, which become due again, and for items of the index that are not of the kind, by key.
 */
export async function sendDue<Id>(dependencies: SendDueDependencies<Id>): Promise<SendDueResult> {
  const { clock, kind, dueIndex, send, claimMs, deadline } = dependencies;
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

  async function enqueue(group: readonly Due<Id>[]): Promise<void> {
    due += group.length;
    const claims = await Promise.allSettled(group.map((one) => dueIndex.claim(one, now + claimMs)));
    // One that cannot be claimed or sent must not hold up the others; it is due again by itself.
    for (const claim of claims) if (claim.status === 'rejected') fail(claim.reason);
    const claimed = group.filter((_, i) => claims[i]?.status === 'fulfilled' && claims[i].value);
    if (claimed.length === 0) return;
    await send(claimed.map(({ id }) => id));
    sent += claimed.length;
  }

  const groups = groupsOf(dueIndex.due(now), kind, fail);
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

async function* groupsOf<Id>(
  pages: AsyncIterable<DuePage<Id>>,
  kind: string,
  fail: (failure: unknown) => void,
): AsyncGenerator<readonly Due<Id>[], void> {
  for await (const { items, unreadable } of pages) {
    for (const key of unreadable) fail(new Error(`the due index holds ${key}, which is no ${kind}`));
    for (let i = 0; i < items.length; i += groupSize) yield items.slice(i, i + groupSize);
  }
}

/** Each message once: what fails for one mostly fails for many. */
function messagesOf(failures: readonly unknown[]): string {
  const messages = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  return [...new Set(messages)].join('; ');
}
