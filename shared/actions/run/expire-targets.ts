import type { Reason } from '../subject.ts';
import type { Action } from './action.ts';
import { afterStep, type TargetChange } from './step.ts';

/** What was not sent in time is not sent any more. */
export function expireTargets(action: Action, now: number): Action {
  if (now < action.expiresAt) return action;
  const changes = new Map<number, TargetChange>();
  for (const [index, { state }] of action.targets.entries()) {
    if (state === 'requested') changes.set(index, { state: 'expired', reason: notSent(action) });
    if (state === 'waiting_approval') changes.set(index, { state: 'expired', reason: notApproved });
  }
  return changes.size === 0 ? action : afterStep(action, now, { kind: 'expired' }, changes);
}

const notApproved: Reason = {
  code: 'approval_expired',
  message: 'Nobody has approved it in time. Nothing was sent.',
  recommendation:
    'Ask for the action again, with a longer expiresInMinutes or somebody who approves at hand.',
};

function notSent({ trouble }: Action): Reason {
  return {
    code: 'not_sent_in_time',
    message: `It could not be sent in time.${trouble === undefined ? '' : ` ${trouble.message}`}`,
    recommendation: trouble?.recommendation ?? 'Ask for the action again.',
  };
}
