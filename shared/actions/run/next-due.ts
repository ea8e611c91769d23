import type { Action } from './action.ts';
import { isUnderWay } from './transitions.ts';

/**
 * When somebody has to go on with an action, epoch milliseconds; undefined where nothing is left to do. Sending, looking, an
 * approval that runs out, the lake and the callbacks each have a time of their own, and the first one counts.
 */
export function nextDueAt(action: Action, now: number): number | undefined {
  const { targets, trail, archived, told, tellAt, expiresAt } = action;
  const { lookAt = now, resumeAt = now } = action;
  const has = (state: string) => targets.some((target) => target.state === state);
  const times = [
    ...(has('requested') ? [Math.min(resumeAt, Math.max(now, expiresAt))] : []),
    ...(has('waiting_approval') ? [Math.max(now, expiresAt)] : []),
    ...(targets.some(({ state }) => isUnderWay(state)) ? [Math.max(lookAt, resumeAt)] : []),
    ...(archived < trail.length ? [now] : []),
    ...(told < trail.length ? [tellAt ?? now] : []),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
}
