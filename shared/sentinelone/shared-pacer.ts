import type { Log } from '../ports.ts';
import { longestSharedPauseMs } from './known-pause.ts';
import type { Pacer } from './pacing.ts';
import { type RateLimit, rateLimitFor } from './rate-limits.ts';
import { SharedBudget, type SharedBudgetOptions } from './shared-budget.ts';

/** A pacer that all workers of a token share: they keep the console's limits together, and each other's pauses. */
export interface SharedPacer extends Pacer {
  /**
   * Tells all workers of the token what a failed answer asks for: to wait. Other answers ask for nothing. Never rejects: where
   * the others could not be told, the answer is what its caller has to hear of, and the log has the rest.
   */
  heed(tokenKey: string, path: string, answer: FailedAnswer): Promise<void>;
}

/** What a pause is made of. */
export interface FailedAnswer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
}

export interface SharedPacerOptions extends SharedBudgetOptions {
  /** Keeps the bursts of this process within the limits. */
  readonly local: Pacer;
  readonly log: Log;
  readonly table?: readonly RateLimit[];
  /** Budgets kept in memory; those that nobody waits for are forgotten beyond that, the longest unused first. Default 2000. */
  readonly maxBudgets?: number;
}

/** For a 429 that names no time. */
const unnamedPauseMs = 5_000;

export function createSharedPacer(options: SharedPacerOptions): SharedPacer {
  const { local, log, clock, table, maxBudgets = 2000 } = options;
  const budgets = new Map<string, SharedBudget>();

  function budgetFor(tokenKey: string, limit: RateLimit): SharedBudget {
    const key = `${tokenKey} ${limit.prefix}`;
    const budget = budgets.get(key) ?? new SharedBudget(tokenKey, limit, options);
    budgets.delete(key);
    if (budgets.size >= maxBudgets) forgetOne(budgets);
    // Last in the map is most recently used.
    budgets.set(key, budget);
    return budget;
  }

  return {
    async take(tokenKey, path, signal) {
      await budgetFor(tokenKey, rateLimitFor(path, table)).take(signal);
      await local.take(tokenKey, path, signal);
    },

    async heed(tokenKey, path, { status, retryAfterMs }) {
      if (status !== 429 && status !== 503) return;
      const pauseMs = Math.min(longestSharedPauseMs, retryAfterMs ?? (status === 429 ? unnamedPauseMs : 0));
      if (pauseMs <= 0) return;
      const limit = rateLimitFor(path, table);
      const pause = { until: clock.now() + pauseMs, httpStatus: status } as const;
      try {
        await budgetFor(tokenKey, limit).announce(pause);
      } catch (error) {
        log.error("The console's pause could not be announced to the other workers.", {
          prefix: limit.prefix,
          until: new Date(pause.until).toISOString(),
          httpStatus: status,
          reason: String(error),
        });
      }
    },
  };
}

function forgetOne(budgets: Map<string, SharedBudget>): void {
  for (const [key, budget] of budgets) {
    if (budget.isWaitedFor) continue;
    budgets.delete(key);
    return;
  }
}
