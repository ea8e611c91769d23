import type { Action, Target } from './action.ts';
import { isFinal, isUnderWay, type TargetState } from './transitions.ts';

/**
 * What has become of an action as a whole.
 * - `requested`, `waiting_approval`, `in_progress`: some target is not at its end. `waiting_approval` where nothing happens
 *   before somebody agrees.
 * - `done`: every target is as it was wanted: done, or so already.
 * - `partly_done`: some are, others are not.
 * - `failed`, `skipped`, `expired`, `unknown`: none is; the gravest of the targets' states, in the order failed, unknown,
 *   expired, skipped.
 */
export const actionStates = [
  'requested',
  'waiting_approval',
  'in_progress',
  'done',
  'partly_done',
  'failed',
  'unknown',
  'expired',
  'skipped',
] as const;
export type ActionState = (typeof actionStates)[number];

/** The reason of a target whose wanted state was there already. */
export const alreadySo = 'already_so';

const gravest = ['failed', 'unknown', 'expired', 'skipped'] as const;

export function actionState({ targets }: Pick<Action, 'targets'>): ActionState {
  const has = (test: (state: TargetState) => boolean) => targets.some(({ state }) => test(state));
  if (has(isUnderWay)) return 'in_progress';
  if (has((state) => state === 'requested')) return 'requested';
  if (has((state) => state === 'waiting_approval')) return 'waiting_approval';
  const wanted = targets.filter(isAsWanted).length;
  if (wanted === targets.length) return 'done';
  if (wanted > 0) return 'partly_done';
  return gravest.find((state) => has((one) => one === state)) ?? 'unknown';
}

/** True where every target is at its end. */
export function isOver({ targets }: Pick<Action, 'targets'>): boolean {
  return targets.every(({ state }) => isFinal(state));
}

function isAsWanted({ state, reason }: Target): boolean {
  return state === 'done' || (state === 'skipped' && reason?.code === alreadySo);
}
