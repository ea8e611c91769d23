import { ConnectorError } from '../errors.ts';
import type { Pause } from './pacing-store.ts';

const nothingToDo = 'Nothing to do: the reading goes on by itself at that time.';

/** A request that was not sent, because the console had asked for a pause. `now` in epoch milliseconds. */
export function pausedError(prefix: string, { until, httpStatus }: Pause, now: number): ConnectorError {
  return new ConnectorError({
    code: 'paused',
    message: `${prefix}: nothing was sent, because the console asked another worker with this token to wait until ${iso(until)} (HTTP ${httpStatus}).`,
    health: httpStatus === 429 ? 'throttled' : 'unavailable',
    retryable: true,
    recommendation: nothingToDo,
    httpStatus,
    retryAfterMs: until - now,
  });
}

/** A request that was not sent, because the turns of all workers before it take too long to wait for. */
export function budgetTakenError(prefix: string, freeAt: number, now: number): ConnectorError {
  return new ConnectorError({
    code: 'rate_limit_taken',
    message: `${prefix}: nothing was sent, because other workers with this token use up the console's rate limit until ${iso(freeAt)}.`,
    health: 'throttled',
    retryable: true,
    recommendation: `${nothingToDo} If it lasts for hours, give the connectors of this console tokens of their own: limits are per token.`,
    retryAfterMs: Math.max(0, freeAt - now),
  });
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
