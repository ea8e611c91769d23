import type { Clock } from '../ports.ts';
import { HeldShares } from './held-shares.ts';
import { KnownPause } from './known-pause.ts';
import { budgetTakenError } from './pacing-errors.ts';
import type { BudgetId, PacingStore, Pause } from './pacing-store.ts';
import type { RateLimit } from './rate-limits.ts';
import { type SharePlan, sharePlan } from './share-plan.ts';

export interface SharedBudgetOptions {
  readonly store: PacingStore;
  readonly clock: Clock;
  /** Resolves after `ms`, or rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Turns further ahead are not taken: a worker that sleeps costs as much as one that works. */
const longestWaitMs = 30_000;
/** Those who wait no longer than that come along with the shares that are held. */
const patienceMs = 20;
/** A process that has asked nothing for so long may ask once without a share. */
const quietMs = 10_000;
/** How much before a share the store is asked for it, as a part of the time it took lately; and how that is forgotten. */
const leadPart = 1.2;
const forgottenPart = 0.9;
/** A clock that goes back by more than this was set. */
const setBackMs = 60_000;

/**
 * One process's part in a budget that all workers of a token share: it keeps to the pauses that any of them was told, and
 * sends by the shares that it takes from the common schedule.
 */
export class SharedBudget {
  private readonly budget: BudgetId;
  private readonly options: SharedBudgetOptions;
  private readonly plan: SharePlan;
  private readonly held: HeldShares;
  private readonly pause: KnownPause;
  private line: Promise<void> = Promise.resolve();
  private waiting = 0;
  private taking: Promise<void> | undefined;
  private lastAskedAt = Number.NEGATIVE_INFINITY;
  /** End of the schedule as far as we know. */
  private takenUntil = Number.NEGATIVE_INFINITY;
  private fullUntil = Number.NEGATIVE_INFINITY;
  private seenAt = Number.NEGATIVE_INFINITY;
  /** How long the store took to answer, lately. */
  private answerMs = 0;

  constructor(tokenKey: string, limit: RateLimit, options: SharedBudgetOptions) {
    this.budget = { tokenKey, prefix: limit.prefix };
    this.options = options;
    this.plan = sharePlan(limit);
    this.held = new HeldShares(this.plan);
    this.pause = new KnownPause(this.budget, options);
  }

  get isWaitedFor(): boolean {
    return this.waiting > 0;
  }

  /**
   * Resolves when a request may be sent; callers are served in their order.
   * @throws ConnectorError `paused` or `rate_limit_taken` when that is too far away; or the reason of `signal`
   */
  async take(signal?: AbortSignal): Promise<void> {
    this.waiting++;
    try {
      await this.pause.over(signal);
      const isQuiet = this.now() - this.lastAskedAt >= quietMs;
      this.lastAskedAt = this.now();
      if (isQuiet && this.plan.hasRoom && this.pause.isCalm) return;
      await this.queue(signal);
      this.lastAskedAt = this.now();
      await this.pause.over(signal);
    } finally {
      this.waiting--;
    }
  }

  /** Takes note of a pause, for this process and for all others. Rejects when the others could not be told. */
  async announce(pause: Pause): Promise<void> {
    if (!this.pause.lengthen(pause)) return;
    await this.options.store.announce(this.budget, pause);
  }

  private now(): number {
    return this.options.clock.now();
  }

  private async queue(signal: AbortSignal | undefined): Promise<void> {
    const turn = this.line.then(() => this.share(signal));
    // One that fails or leaves does not hold up those behind it.
    this.line = turn.catch(() => undefined);
    await unlessAborted(turn, signal);
  }

  /** Waits for the next request of a share. Only the head of the line is here. */
  private async share(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      this.pause.refuseLong();
      const now = this.now();
      // The clock was set back; nobody should wait for the difference.
      if (now < this.seenAt - setBackMs) this.fullUntil = Number.NEGATIVE_INFINITY;
      this.seenAt = now;
      const nextAt = this.held.nextAt(now);
      const waitMs = Math.max(this.pause.remainingMs, (nextAt ?? now) - now);
      if (nextAt !== undefined && waitMs <= 0) {
        this.held.use(now);
        return;
      }
      const mayTake = this.taking === undefined && now >= this.fullUntil;
      if (nextAt === undefined && this.taking === undefined && !mayTake)
        throw budgetTakenError(this.budget.prefix, this.fullUntil + longestWaitMs, now);
      if (mayTake && this.pause.remainingMs <= 0 && this.wantsShare(now, nextAt)) {
        if (nextAt !== undefined) this.held.grow();
        this.startTaking();
      }
      await this.rest(nextAt === undefined && this.pause.remainingMs <= 0 ? undefined : waitMs, signal);
    }
  }

  private wantsShare(now: number, nextAt: number | undefined): boolean {
    if (nextAt === undefined) return true;
    // One turn at a time, so that no process takes the schedule from the others.
    if (this.held.hasFuture(now)) return false;
    return nextAt - now + this.held.estimateMs(this.waiting - 1) > patienceMs;
  }

  private startTaking(): void {
    this.taking = this.takeShare().finally(() => {
      this.taking = undefined;
    });
    // Whoever waits for it meets the failure; where nobody does, the next one tries again.
    this.taking.catch(() => undefined);
  }

  private async takeShare(): Promise<void> {
    const { requestMs, earlyMs, durationMs } = this.plan;
    const requests = this.held.nextRequests;
    const spacingMs = Math.ceil(requests * requestMs);
    const now = this.now();
    const expects = this.takenUntil > now ? 'busy' : 'free';
    const latest = now + longestWaitMs + earlyMs;
    // A share that has run out when the store's answer comes is lost, and so would be every one that follows.
    const leadMs = this.answerMs > durationMs / 2 ? Math.ceil(leadPart * this.answerMs) : 0;
    const outcome = await this.options.store.take(this.budget, {
      now: now + leadMs,
      spacingMs,
      latest,
      expects,
    });
    this.answerMs = Math.max(this.now() - now, forgottenPart * this.answerMs);
    this.pause.learn(outcome.pause);
    if (outcome.kind === 'taken') {
      this.takenUntil = outcome.startsAt + spacingMs;
      this.held.add(requests, outcome.startsAt, now);
    } else {
      this.takenUntil = outcome.freeAt;
      this.fullUntil = outcome.freeAt - longestWaitMs - earlyMs;
    }
  }

  /** Until the time has passed, the answer of the store is there, or a longer pause is known. */
  private async rest(ms: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    const nap = new AbortController();
    const either = signal === undefined ? nap.signal : AbortSignal.any([nap.signal, signal]);
    const lengthened = Promise.withResolvers<void>();
    const forget = this.pause.onLengthened(lengthened.resolve);
    const reasons = [lengthened.promise];
    if (this.taking !== undefined) reasons.push(this.taking);
    if (ms !== undefined) reasons.push(this.options.sleep(Math.ceil(ms), either));
    try {
      await unlessAborted(Promise.race(reasons), signal);
    } finally {
      forget();
      nap.abort();
    }
  }
}

/** The promise, or the signal's reason as soon as it is aborted. */
async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
