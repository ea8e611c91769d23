import type { Random } from '../../ports.ts';

const firstPauseMs = 10_000;
const longestPauseMs = 3_600_000;
const hoursOfTries = 24;

/**
 * How long to wait after a failed try to tell somebody, milliseconds: twice as long with each failure in a row, from 10 seconds
 * to an hour, less up to half of it, so that the callbacks of many actions do not come back together. A receiver that asks for
 * more time gets it.
 * @param failures in a row, this one included: 1 or more
 */
export function tellPauseMs(failures: number, random: Random, retryAfterMs = 0): number {
  const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 20));
  return Math.max(firstPauseMs, Math.round(ceiling * (1 - random() / 2)), retryAfterMs);
}

/**
 * True where enough was tried: for 24 hours since the step, and so often that it cannot have been the engine that was away.
 * @param failures in a row, this one included
 * @param since of the step, epoch milliseconds
 */
export function isGivenUp(failures: number, since: number, now: number): boolean {
  return failures >= hoursOfTries && now - since >= hoursOfTries * longestPauseMs;
}
