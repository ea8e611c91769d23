/**
 * What has become of a target.
 * - `requested`: it will be sent.
 * - `waiting_approval`: it will be sent when somebody else has agreed.
 * - `sent`: it may have reached the console; what that made of it is not known yet.
 * - `accepted`: the console has it.
 * - `pending_offline`: the console has it, and the endpoint is offline.
 * - `in_progress`: the endpoint works on it.
 * - `done`: it is seen to be done.
 * - `failed`: it was refused, or tried and not done.
 * - `skipped`: nothing was done, on purpose or because nothing was left to do; the reason says why.
 * - `expired`: it was not sent in time, and never will be.
 * - `unknown`: nobody can tell; the reason says what was seen last.
 */
export const targetStates = [
  'requested',
  'waiting_approval',
  'sent',
  'accepted',
  'pending_offline',
  'in_progress',
  'done',
  'failed',
  'skipped',
  'expired',
  'unknown',
] as const;
export type TargetState = (typeof targetStates)[number];

/** Which states may follow each. What follows nothing is final. */
export const transitions: Readonly<Record<TargetState, readonly TargetState[]>> = {
  waiting_approval: ['requested', 'skipped', 'expired', 'failed'],
  requested: ['sent', 'skipped', 'expired', 'failed'],
  // Back to `requested` where the console says that it has not got it, or has shown no trace of it for long. `skipped` where it
  // found nothing to do any more.
  sent: ['requested', 'accepted', 'pending_offline', 'in_progress', 'done', 'failed', 'skipped', 'unknown'],
  accepted: ['pending_offline', 'in_progress', 'done', 'failed', 'unknown'],
  pending_offline: ['accepted', 'in_progress', 'done', 'failed', 'unknown'],
  in_progress: ['pending_offline', 'done', 'failed', 'unknown'],
  done: [],
  failed: [],
  skipped: [],
  expired: [],
  unknown: [],
};

/** True where nothing follows any more. */
export function isFinal(state: TargetState): boolean {
  return transitions[state].length === 0;
}

/** True where a command may be at the console, and has not come to its end. */
export function isUnderWay(state: TargetState): boolean {
  return state === 'sent' || state === 'accepted' || state === 'pending_offline' || state === 'in_progress';
}

/** @throws Error where the one state may not follow the other: a fault of ours */
export function checkTransition(from: TargetState, to: TargetState): void {
  if (from !== to && !transitions[from].includes(to))
    throw new Error(`A target cannot go from ${from} to ${to}.`);
}
