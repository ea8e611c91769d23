import type { JsonObject } from '../../json.ts';
import type { SentinelOneApi } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { ActionType } from '../action-type.ts';
import { approvalReason, approvalRule } from '../policy/approval.ts';
import type { ResponsePolicy } from '../policy/response-policy.ts';
import type { Reason, Subject } from '../subject.ts';
import type { ResolvedTarget } from '../targets/resolve-targets.ts';
import type { Target } from './action.ts';
import { fitness, type Rules } from './fitness.ts';
import { withHistory } from './with-history.ts';
import { withRelated } from './with-related.ts';

/** What is wanted for one of the things that were asked for, before anything is looked at. */
export interface Wish {
  readonly resolved: ResolvedTarget;
  /** What is performed, which may give way to another action type. */
  readonly type: ActionType;
  /** Where they are not the action's. */
  readonly parameters?: JsonObject;
}

export interface PlanContext extends Rules {
  readonly policy: ResponsePolicy;
  /** Of the action. */
  readonly parameters: JsonObject;
  readonly isUndo: boolean;
  readonly api: SentinelOneApi;
  readonly signal: AbortSignal;
  readonly now: number;
}

export interface Plan {
  readonly targets: readonly Target[];
  /** Which rules want an approval; absent where none does. */
  readonly approval?: { readonly why: string };
}

/** What is to be done to each target, and what not and why. Reads from the console what action types want to know besides. */
export async function planTargets(wishes: readonly Wish[], context: PlanContext): Promise<Plan> {
  const whys = new Set<string>();
  const planned = await withMoreKnown(wishes.map(inItsPlace), context);
  const targets = planned.map((wish) => {
    const { target, why } = plannedTarget(wish, context);
    if (why !== undefined) whys.add(why);
    return target;
  });
  return { targets, ...(whys.size === 0 ? {} : { approval: { why: [...whys].join(' ') } }) };

  function inItsPlace(wish: Wish): PlannedWish {
    const { resolved, type } = wish;
    const other = resolved.kind === 'found' ? type.instead?.(resolved.subject) : undefined;
    const performed = other === undefined ? undefined : context.findActionType(other.action);
    return performed === undefined
      ? wish
      : { ...wish, type: performed, ...(other && { because: other.reason }) };
  }
}

interface PlannedWish extends Wish {
  /** Why another action type is performed. */
  readonly because?: Reason;
}

/** What the same is to be done to. */
interface Group {
  readonly type: ActionType;
  readonly parameters: JsonObject;
  readonly subjects: Map<string, Subject>;
}

/** With everything that the action types want to know of the subjects besides their records. */
async function withMoreKnown(
  wishes: readonly PlannedWish[],
  context: PlanContext,
): Promise<readonly PlannedWish[]> {
  const parametersOf = ({ parameters = context.parameters }: PlannedWish) => parameters;
  const keyOf = (wish: PlannedWish) => `${wish.type.id} ${JSON.stringify(parametersOf(wish))}`;
  const groups = new Map<string, Group>();
  for (const wish of wishes) {
    const { resolved, type } = wish;
    if (resolved.kind !== 'found') continue;
    const key = keyOf(wish);
    const group = groups.get(key) ?? { type, parameters: parametersOf(wish), subjects: new Map() };
    group.subjects.set(resolved.subject.id, resolved.subject);
    groups.set(key, group);
  }
  const known = new Map<string, ReadonlyMap<string, Subject>>();
  for (const [key, { type, parameters, subjects }] of groups) {
    const related = await withRelated(type, subjects, context);
    known.set(key, await withHistory(type, parameters, related, context));
  }
  return wishes.map((wish) => {
    if (wish.resolved.kind !== 'found') return wish;
    const subject = known.get(keyOf(wish))?.get(wish.resolved.subject.id) ?? wish.resolved.subject;
    return { ...wish, resolved: { ...wish.resolved, subject } };
  });
}

function plannedTarget(
  { resolved, type, parameters, because }: PlannedWish,
  context: PlanContext,
): { readonly target: Target; readonly why?: string } {
  const base = {
    asked: resolved.asked,
    performs: type.id,
    ...(because === undefined ? {} : { instead: because }),
    ...(parameters === undefined ? {} : { parameters }),
    attempts: 0,
    evidence: [],
    changedAt: context.now,
  };
  if (resolved.kind === 'refused') return { target: { ...base, state: 'skipped', reason: resolved.reason } };
  const { subject } = resolved;
  const found = { ...base, ...namesOf(subject) };
  const unfit = fitness(
    { type, parameters: parameters ?? context.parameters, subject, isUndo: context.isUndo },
    context,
  );
  if (unfit !== undefined) {
    const { reason, evidence = [] } = unfit;
    return { target: { ...found, state: 'skipped', evidence, ...(reason ? { reason } : {}) } };
  }
  const rule = approvalRule(type, subject.agent, context.policy);
  if (rule === undefined) return { target: { ...found, state: 'requested' } };
  return { target: { ...found, state: 'waiting_approval' }, why: approvalReason(rule) };
}

function namesOf({ id, agent }: Subject): Pick<Target, 'id' | 'agentId' | 'computerName'> {
  const agentId = textAt(agent, 'id');
  const computerName = textAt(agent, 'computerName');
  return {
    id,
    ...(agentId === undefined ? {} : { agentId }),
    ...(computerName === undefined ? {} : { computerName }),
  };
}
