import type { Action } from './action.ts';
import { traceMs } from './judge.ts';
import { isUnderWay } from './transitions.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** Waits between looks, as long as nothing changes: most commands are done in seconds, scans take hours. Milliseconds. */
const waitsMs = [2, 3, 5, 8, 13, 20, 30, 60, 120].map((seconds) => seconds * secondMs);
const longestWaitMs = 5 * minuteMs;
/** An endpoint that has been away for an hour is asked for less often. */
const longOfflineWaitMs = 15 * minuteMs;
const longOfflineAfterMs = 60 * minuteMs;

/**
 * When the console is to be looked at again for what is under way, epoch milliseconds; undefined where nothing is. Many targets
 * are looked at together, so the one that is likely to change first decides. An endpoint that has just gone offline, as one does
 * that restarts, may be back soon.
 */
export function nextLookAt({ targets, looks }: Action, now: number): number | undefined {
  const followed = targets.filter(({ state }) => isUnderWay(state));
  if (followed.length === 0) return undefined;
  const isLongOffline = followed.every(
    ({ state, changedAt }) => state === 'pending_offline' && now - changedAt >= longOfflineAfterMs,
  );
  if (isLongOffline) return now + longOfflineWaitMs;
  // What may have got lost is judged as soon as it can be.
  const judged = followed.flatMap(({ state, changedAt }) => (state === 'sent' ? [changedAt + traceMs] : []));
  return Math.min(now + (waitsMs[looks] ?? longestWaitMs), ...judged.filter((time) => time > now));
}

/** The action with the time of its next look; without one where nothing is under way. */
export function withLookAt({ lookAt: _, ...action }: Action, lookAt: number | undefined): Action {
  return lookAt === undefined ? action : { ...action, lookAt };
}
