import { connectorIdText } from '../../connectors/connector-id.ts';
import type { JsonObject } from '../../json.ts';
import type { Action, Target, TargetStep, TrailEntry } from '../run/action.ts';
import { actionIdText } from '../run/action-id.ts';
import { type ActionState, actionState } from '../run/action-state.ts';
import { isFinal, type TargetState } from '../run/transitions.ts';
import type { Evidence, Reason } from '../subject.ts';
import { fitted } from './fitted.ts';

/** A target that has come to its end. */
export interface TargetOutcome {
  /** What the request named; absent where the event was too large with it. */
  readonly target?: JsonObject;
  readonly agentId?: string;
  readonly computerName?: string;
  /** The action type that was performed: the one that was asked for, or the one in its place. */
  readonly performs: string;
  /** A final one. */
  readonly state: TargetState;
  readonly reason?: Reason;
  /** What the state rests on; empty also where the event was too large with it. */
  readonly evidence: readonly Evidence[];
}

/** What may be left out of an event to make it fit. */
export type Omission = 'evidence' | 'target' | 'reason_text';

/** What is told of one step of an action; documented in docs/callbacks.md. */
export interface OutcomeEvent {
  /** `<tenant>.<connector>.<action id>.<step>`: the same for every try to tell of the step. */
  readonly id: string;
  readonly type: 'action.outcome';
  readonly tenant: string;
  /** `<tenant>.<connector>`, as the control API names it. */
  readonly connector: string;
  readonly action: {
    /** As the control API names it: `GET /v1/actions/<id>`. */
    readonly id: string;
    readonly type: string;
    /** Of the action as a whole, right after the step. */
    readonly state: ActionState;
    readonly reason?: string;
    readonly ticket?: string;
    readonly requestedBy: { readonly actor: string; readonly name: string };
  };
  /** The targets that came to their end with the step; at least one. */
  readonly targets: readonly TargetOutcome[];
  /** When they did, ISO-8601. */
  readonly at: string;
  /** What was left out of the targets because the event was too large with it; the control API has it. */
  readonly omitted?: readonly Omission[];
}

/**
 * What is to be told of a step; undefined where no target came to its end with it. It is made of nothing but what stays as it is:
 * telling of the same step again tells the same.
 */
export function outcomeEvent(action: Action, entry: TrailEntry): OutcomeEvent | undefined {
  const targets = entry.targets.flatMap((step) => outcomeOf(action, step) ?? []);
  if (targets.length === 0) return undefined;
  const { tenant, connector, type, reason, ticket, requestedBy } = action;
  return fitted({
    id: `${actionIdText(action)}.${entry.step}`,
    type: 'action.outcome',
    tenant,
    connector: connectorIdText({ tenant, id: connector }),
    action: {
      id: actionIdText(action),
      type,
      state: actionState({ targets: targetsAfter(action, entry.step) }),
      ...(reason === undefined ? {} : { reason }),
      ...(ticket === undefined ? {} : { ticket }),
      requestedBy: { actor: requestedBy.actor, name: requestedBy.actorName },
    },
    targets,
    at: new Date(entry.at).toISOString(),
  });
}

function outcomeOf(action: Action, step: TargetStep): TargetOutcome | undefined {
  if (!isFinal(step.state)) return undefined;
  const { asked, agentId, computerName, performs } = targetOf(action, step);
  return {
    target: asked,
    ...(agentId === undefined ? {} : { agentId }),
    ...(computerName === undefined ? {} : { computerName }),
    performs,
    state: step.state,
    ...(step.reason === undefined ? {} : { reason: step.reason }),
    evidence: step.evidence ?? [],
  };
}

/** The targets with the states that they had right after the step; the first step names all of them. */
function targetsAfter(action: Action, last: number): readonly Target[] {
  const targets = [...action.targets];
  for (const { step, targets: changes } of action.trail) {
    if (step > last) break;
    for (const change of changes)
      targets[change.target] = { ...targetOf(action, change), state: change.state };
  }
  return targets;
}

function targetOf({ id, targets }: Action, { target: index }: TargetStep): Target {
  const target = targets[index];
  if (target === undefined) throw new Error(`Action ${id} has no target ${index}, but its trail has.`);
  return target;
}
