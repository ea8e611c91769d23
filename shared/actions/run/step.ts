import type { Action, Caller, Target, TargetStep, TrailEntry } from './action.ts';
import { checkTransition } from './transitions.ts';

/** What a step makes of a target; what it does not name stays as it is. */
export type TargetChange = Partial<
  Pick<
    Target,
    'state' | 'evidence' | 'before' | 'attempts' | 'sentAt' | 'acceptedAt' | 'performs' | 'parameters'
  >
> & {
  /** Null takes the reason away. */
  readonly reason?: Target['reason'] | null;
  /** Null where the console shows it again. */
  readonly missedAt?: number | null;
};

/** An endpoint that comes and goes for days would fill the trail, and with it the item that the action is. */
const mostSteps = 150;

/** True where the trail has so many steps that only ends are noted, and what has to be sent again. */
export function isCrowded({ trail }: Pick<Action, 'trail'>): boolean {
  return trail.length >= mostSteps;
}

/** What happened, for the trail. */
export type StepTold = Pick<TrailEntry, 'kind' | 'note' | 'call' | 'status'>;

/** What time and the console bring about. */
export const system: Caller = { actor: 'system', actorName: 'Sentinel Lake' };

/**
 * The action after a step, with the step in its trail. Targets whose state the step does not change are no part of it; a step of
 * kind `observed` that changes no state leaves no entry, because looks are many.
 * @param changes by index of the target
 * @throws Error for a state that may not follow: a fault of ours
 */
export function afterStep(
  action: Action,
  at: number,
  told: StepTold,
  changes: ReadonlyMap<number, TargetChange>,
  by: Caller = system,
): Action {
  const steps: TargetStep[] = [];
  const targets = action.targets.map((target, index) => {
    const change = changes.get(index);
    if (change === undefined) return target;
    const changed = changedTarget(target, change, at);
    checkTransition(target.state, changed.state);
    if (changed.state !== target.state) steps.push(stepOf(index, changed));
    return changed;
  });
  const isNews = steps.length > 0 || told.kind !== 'observed';
  const entry = { step: action.trail.length + 1, at, ...told, by, targets: steps };
  return {
    ...action,
    targets,
    looks: steps.length > 0 ? 0 : action.looks,
    trail: isNews ? [...action.trail, entry] : action.trail,
  };
}

function changedTarget(target: Target, { reason, missedAt, ...change }: TargetChange, at: number): Target {
  const { reason: reasonBefore, missedAt: missedBefore, ...rest } = target;
  const keptReason = reason === undefined ? reasonBefore : (reason ?? undefined);
  const keptMissedAt = missedAt === undefined ? missedBefore : (missedAt ?? undefined);
  const state = change.state ?? target.state;
  return {
    ...rest,
    ...change,
    ...(keptReason === undefined ? {} : { reason: keptReason }),
    ...(keptMissedAt === undefined ? {} : { missedAt: keptMissedAt }),
    changedAt: state === target.state ? target.changedAt : at,
  };
}

function stepOf(target: number, { state, reason, evidence }: Target): TargetStep {
  return {
    target,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(evidence.length === 0 ? {} : { evidence }),
  };
}
