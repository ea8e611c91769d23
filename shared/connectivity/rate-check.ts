import type { ConnectorError } from '../errors.ts';
import { tokenKey } from '../sentinelone/pacing.ts';
import { pausedError } from '../sentinelone/pacing-errors.ts';
import type { PacingStore } from '../sentinelone/pacing-store.ts';
import { rateLimitFor } from '../sentinelone/rate-limits.ts';
import type { Finding } from './finding.ts';
import type { WatchedApi } from './watched-api.ts';

export interface RateQuestion {
  readonly watched: WatchedApi;
  readonly apiToken: string;
  readonly pauses: Pick<PacingStore, 'pause'>;
  /** Epoch milliseconds, by the clock that pauses are written by. */
  readonly now: () => number;
}

/**
 * Whether the console lets the token send what collecting sends: neither this test nor any other worker with the token was
 * told to wait.
 */
export async function rateFinding({ watched, apiToken, pauses, now }: RateQuestion): Promise<Finding> {
  const refusal = longest(watched.throttled);
  if (refusal !== undefined) throw refusal;
  const prefixes = new Set([...watched.paths].map((path) => rateLimitFor(path).prefix));
  const budgets = [...prefixes].map((prefix) => ({ tokenKey: tokenKey(apiToken.trim()), prefix }));
  const known = await Promise.all(
    budgets.map(async (budget) => {
      const pause = await pauses.pause(budget);
      return pause === undefined || pause.until <= now()
        ? undefined
        : pausedError(budget.prefix, pause, now());
    }),
  );
  const paused = longest(known.filter((error) => error !== undefined));
  if (paused !== undefined) throw paused;
  return { ok: true, detail: 'The console holds back none of the requests of this token.' };
}

function longest(errors: readonly ConnectorError[]): ConnectorError | undefined {
  return errors.toSorted((a, b) => (b.retryAfterMs ?? 0) - (a.retryAfterMs ?? 0))[0];
}
