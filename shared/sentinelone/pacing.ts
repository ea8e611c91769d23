import { createHash } from 'node:crypto';
import type { Clock } from '../ports.ts';
import { publishedRateLimits, type RateLimit, rateLimitFor } from './rate-limits.ts';

/** Keeps requests below the console's limits, so that it need not refuse them. */
export interface Pacer {
  /**
   * Resolves when the token may send a request to the path; callers of one budget are served in their order.
   * Rejects with the signal's reason when it is aborted, and then takes nothing from the budget.
   * @param tokenKey made by `tokenKey`, never the token itself
   */
  take(tokenKey: string, path: string, signal?: AbortSignal): Promise<void>;
}

export interface PacerOptions {
  readonly clock: Clock;
  /** Resolves after `ms`, or rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly table?: readonly RateLimit[];
  /** Budgets kept in memory; idle ones beyond that are forgotten, those first that are full again. Default 2000. */
  readonly maxBudgets?: number;
}

/** What stands for an API token where only equality matters. */
export function tokenKey(apiToken: string): string {
  return createHash('sha256').update(apiToken).digest('hex');
}

export function createPacer(options: PacerOptions): Pacer {
  const { table = publishedRateLimits, maxBudgets = 2000 } = options;
  const budgets = new Map<string, Budget>();

  function budgetFor(tokenKey: string, limit: RateLimit): Budget {
    const key = `${tokenKey} ${limit.prefix}`;
    const budget = budgets.get(key) ?? new Budget(limit, options);
    budgets.delete(key);
    if (budgets.size >= maxBudgets) forgetOne(budgets);
    // Last in the map is most recently used.
    budgets.set(key, budget);
    return budget;
  }

  return {
    take: async (tokenKey, path, signal) => budgetFor(tokenKey, rateLimitFor(path, table)).take(signal),
  };
}

/** Forgetting a full budget loses nothing; of the others the least recently used idle one has to go. */
function forgetOne(budgets: Map<string, Budget>): void {
  let oldestIdle: string | undefined;
  for (const [key, budget] of budgets) {
    if (budget.isWaitedFor) continue;
    if (budget.isFull) {
      budgets.delete(key);
      return;
    }
    oldestIdle ??= key;
  }
  if (oldestIdle !== undefined) budgets.delete(oldestIdle);
}

interface Waiter {
  readonly admit: () => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * A token bucket, kept as the one time at which it will be full again: each request moves that time on by one
 * interval, and may go when that leaves it at most `burst` intervals ahead.
 */
class Budget {
  private readonly intervalMs: number;
  private readonly burst: number;
  private readonly clock: Clock;
  private readonly sleep: PacerOptions['sleep'];
  private readonly waiters = new Set<Waiter>();
  private fullAt = Number.NEGATIVE_INFINITY;
  private admitting = false;
  private nap: AbortController | undefined;

  constructor(limit: RateLimit, { clock, sleep }: PacerOptions) {
    this.intervalMs = 1000 / limit.requestsPerSecond;
    this.burst = limit.burst;
    this.clock = clock;
    this.sleep = sleep;
  }

  get isFull(): boolean {
    return this.fullAt <= this.clock.now();
  }

  get isWaitedFor(): boolean {
    return this.waiters.size > 0;
  }

  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.waiters.size === 0 && this.waitMs() <= 0) {
      this.spend();
      return;
    }
    await this.queue(signal);
  }

  private async queue(signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { admit: resolve, refuse: reject };
    const leave = () => {
      this.waiters.delete(waiter);
      // Nobody is left to sleep for; a timer of minutes would keep the process alive.
      if (this.waiters.size === 0) this.nap?.abort();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    this.waiters.add(waiter);
    if (!this.admitting) this.admitAll().catch((error: unknown) => this.refuseAll(error));
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Admits the waiters one by one, first come first served, until none is left. */
  private async admitAll(): Promise<void> {
    this.admitting = true;
    try {
      for (const waiter of this.waiters) {
        while (this.waiters.has(waiter) && this.waitMs() > 0) await this.rest();
        if (!this.waiters.delete(waiter)) continue;
        this.spend();
        waiter.admit();
      }
    } finally {
      this.admitting = false;
    }
  }

  private async rest(): Promise<void> {
    const nap = new AbortController();
    this.nap = nap;
    try {
      await this.sleep(Math.ceil(this.waitMs()), nap.signal);
    } catch (error) {
      if (!nap.signal.aborted) throw error;
    } finally {
      this.nap = undefined;
    }
  }

  private refuseAll(error: unknown): void {
    for (const waiter of this.waiters) waiter.refuse(error);
    this.waiters.clear();
  }

  private waitMs(): number {
    const now = this.clock.now();
    // Further ahead it cannot be, unless the clock was set back; then nobody should wait for the difference.
    this.fullAt = Math.min(this.fullAt, now + this.burst * this.intervalMs);
    return this.fullAt - (this.burst - 1) * this.intervalMs - now;
  }

  private spend(): void {
    this.fullAt = Math.max(this.fullAt, this.clock.now()) + this.intervalMs;
  }
}
