import type { Clock } from '../ports.ts';
import { pausedError } from './pacing-errors.ts';
import type { BudgetId, PacingStore, Pause } from './pacing-store.ts';

/**
 * A pause that was told to one worker holds the others for so long at most: one odd answer must not silence all streams of a
 * token for an hour, with nobody able to bring them back. Whoever was told waits as long as it was told.
 */
export const longestSharedPauseMs = 15 * 60_000;
/** Short pauses are waited for; for longer ones a worker would be paid for sleeping. */
const longestWaitMs = 2_000;
/** For so long a process trusts what it knows before it asks the store again. */
const trustedMs = 1_000;
/** After a pause all who waited for its end come together. For so long none of them goes without a share. */
const calmAfterMs = 60_000;

export interface KnownPauseOptions {
  readonly store: PacingStore;
  readonly clock: Clock;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What one process knows of a budget's pause. It only ever grows longer. */
export class KnownPause {
  private readonly budget: BudgetId;
  private readonly options: KnownPauseOptions;
  private pause: Pause | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;
  /** As the store said it last. */
  private toldUntil: number | undefined;
  private asking: Promise<void> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(budget: BudgetId, options: KnownPauseOptions) {
    this.budget = budget;
    this.options = options;
  }

  /** Milliseconds until the pause is over, 0 or less when there is none. */
  get remainingMs(): number {
    return this.pause === undefined ? 0 : this.pause.until - this.options.clock.now();
  }

  /** Whether the last pause ended long enough ago. */
  get isCalm(): boolean {
    return this.remainingMs <= -calmAfterMs || this.pause === undefined;
  }

  /** Calls the listener whenever a longer pause becomes known, until the returned function is called. */
  onLengthened(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes note of a pause that the console announced to us; false when one is known that lasts as long. */
  lengthen(pause: Pause): boolean {
    if (this.pause !== undefined && this.pause.until >= pause.until) return false;
    this.pause = pause;
    for (const listener of this.listeners) listener();
    return true;
  }

  /** Takes note of what the store said. */
  learn(pause: Pause | undefined): void {
    const now = this.options.clock.now();
    // Another worker's clock may have been ahead of ours by any time.
    if (pause !== undefined && pause.until !== this.toldUntil) {
      this.toldUntil = pause.until;
      this.lengthen({ ...pause, until: Math.min(pause.until, now + longestSharedPauseMs) });
    }
    this.askedAt = now;
  }

  /** @throws ConnectorError `paused` when the pause is too long to wait for */
  refuseLong(): void {
    const remainingMs = this.remainingMs;
    if (this.pause === undefined || remainingMs <= longestWaitMs) return;
    throw pausedError(this.budget.prefix, this.pause, this.options.clock.now());
  }

  /**
   * Resolves when no pause is known, by knowledge that is fresh.
   * @throws ConnectorError `paused` when the pause is too long to wait for; or the reason of `signal`
   */
  async over(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      this.refuseLong();
      const remainingMs = this.remainingMs;
      if (remainingMs > 0) {
        await this.rest(remainingMs, signal);
      } else if (this.options.clock.now() - this.askedAt >= trustedMs) {
        await this.ask();
      } else {
        return;
      }
    }
  }

  private async rest(ms: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.options.sleep(Math.ceil(ms), signal ?? new AbortController().signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  /** One question for all who want to know at the same time. */
  private async ask(): Promise<void> {
    this.asking ??= this.options.store
      .pause(this.budget)
      .then((pause) => this.learn(pause))
      .finally(() => {
        this.asking = undefined;
      });
    await this.asking;
  }
}
