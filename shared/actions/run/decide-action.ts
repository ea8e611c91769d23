import type { Action, ActionPlace, Caller } from './action.ts';
import type { ActionStore } from './action-store.ts';
import { changeAction } from './change-action.ts';
import { afterStep, type TargetChange } from './step.ts';
import type { TargetState } from './transitions.ts';

export interface DecideDependencies {
  readonly actions: Pick<ActionStore, 'get' | 'replace'>;
  readonly now: number;
}

/** `own`: whoever asks for an action cannot approve it. `nothing`: no target waits for it. Nothing was changed then. */
export type DecideOutcome =
  | { readonly kind: 'decided'; readonly action: Action }
  | { readonly kind: 'own' | 'nothing'; readonly action: Action }
  | { readonly kind: 'missing' };

/** Somebody other than who has asked agrees: what waits for it is sent. */
export async function approveAction(
  place: ActionPlace,
  by: Caller,
  { actions, now }: DecideDependencies,
): Promise<DecideOutcome> {
  return await decide(place, ['waiting_approval'], { actions, now }, (action, waiting) => {
    if (action.requestedBy.actor === by.actor) return 'own';
    const approved = afterStep(action, now, { kind: 'approved' }, each(waiting, { state: 'requested' }), by);
    const { why = '' } = action.approval ?? {};
    return { ...dueNow(approved, now), approval: { why, approvedBy: by, approvedAt: now } };
  });
}

/** Nothing more of it is sent. What was sent is followed to its end; `POST …/undo` is the way back. */
export async function cancelAction(
  place: ActionPlace,
  by: Caller,
  { actions, now }: DecideDependencies,
): Promise<DecideOutcome> {
  const reason = { code: 'cancelled', message: `It was cancelled by ${by.actorName} before it was sent.` };
  return await decide(place, ['requested', 'waiting_approval'], { actions, now }, (action, waiting) =>
    dueNow(
      afterStep(action, now, { kind: 'cancelled' }, each(waiting, { state: 'skipped', reason }), by),
      now,
    ),
  );
}

async function decide(
  place: ActionPlace,
  states: readonly TargetState[],
  { actions }: DecideDependencies,
  change: (action: Action, waiting: readonly number[]) => Action | 'own',
): Promise<DecideOutcome> {
  let kind: 'decided' | 'own' | 'nothing' = 'decided';
  const action = await changeAction(place, actions, (latest) => {
    const waiting = latest.targets.flatMap(({ state }, index) => (states.includes(state) ? [index] : []));
    const changed = waiting.length === 0 ? 'nothing' : change(latest, waiting);
    kind = typeof changed === 'string' ? changed : 'decided';
    return typeof changed === 'string' ? latest : changed;
  });
  return action === undefined ? { kind: 'missing' } : { kind, action };
}

function each(indices: readonly number[], change: TargetChange): ReadonlyMap<number, TargetChange> {
  return new Map(indices.map((index) => [index, change]));
}

/** Whoever works on it sees the change when they write theirs; the due time stays with them. */
function dueNow(action: Action, now: number): Action {
  return action.lease !== undefined && action.lease.until > now ? action : { ...action, nextDueAt: now };
}
