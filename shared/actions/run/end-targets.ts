import type { Reason } from '../subject.ts';
import type { Action } from './action.ts';
import { afterStep, type TargetChange } from './step.ts';
import { isUnderWay } from './transitions.ts';

const dayMs = 86_400_000;
/** Longer than any action type's own time limit. */
const lookedForMs = 2 * dayMs;

/**
 * Ends what can no longer be followed because the console could not be asked for so long: looks end everything else. Nobody knows
 * what became of it.
 */
export function giveUpTargets(action: Action, now: number): Action {
  if (now < action.followUntil + lookedForMs) return action;
  const { message = '', recommendation = 'Look at the targets in the console.' } = action.trouble ?? {};
  return endedTargets(action, now, {
    code: 'not_looked',
    message: `The console could not be asked what became of it. ${message}`.trim(),
    recommendation,
  });
}

/** Ends everything: the connector was deleted, and with it the token that the console would be asked by. */
export function endWithConnector(action: Action, now: number): Action {
  return endedTargets(action, now, {
    code: 'connector_deleted',
    message: `The connector ${action.connector} was deleted, and with it the token that the console would be asked by.`,
    recommendation: 'Look at the targets in the console.',
  });
}

/** What was not sent has failed; of what was, nobody can tell. */
function endedTargets(action: Action, now: number, reason: Reason): Action {
  const changes = new Map<number, TargetChange>();
  for (const [index, { state }] of action.targets.entries()) {
    if (isUnderWay(state)) changes.set(index, { state: 'unknown', reason });
    if (state === 'requested' || state === 'waiting_approval')
      changes.set(index, { state: 'failed', reason });
  }
  return changes.size === 0 ? action : afterStep(action, now, { kind: 'expired' }, changes);
}
