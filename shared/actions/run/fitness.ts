import type { JsonObject } from '../../json.ts';
import type { ActionType, DangerClass } from '../action-type.ts';
import type { ResponsePolicy } from '../policy/response-policy.ts';
import { safelistRefusal } from '../policy/safelist.ts';
import type { Reason, Subject } from '../subject.ts';
import { outOfScope } from '../targets/refusals.ts';
import { isInScope, type TargetScope } from '../targets/target-scope.ts';
import { alreadySo } from './action-state.ts';
import type { TargetChange } from './step.ts';

/** What is about to be done to whom. */
export interface Deed {
  readonly type: ActionType;
  readonly parameters: JsonObject;
  /** Undefined where the console does not show it any more. */
  readonly subject: Subject | undefined;
  /** True where it takes something back that was done by an action. */
  readonly isUndo: boolean;
}

/** By what it is judged whether it may be done. */
export interface Rules {
  readonly connector: TargetScope;
  readonly policy: Pick<ResponsePolicy, 'safelist'>;
  readonly findActionType: (id: string) => ActionType | undefined;
}

/**
 * Why nothing is to be sent: it is gone, out of scope, protected, cannot be done to it, or is so already. Undefined where it is to
 * be sent. Asked when an action is planned, and again right before it is sent, because time passes in between.
 */
export function fitness({ type, parameters, subject, isUndo }: Deed, rules: Rules): TargetChange | undefined {
  if (subject === undefined) return { state: 'skipped', reason: gone };
  if (!isInScope(subject, rules.connector)) return { state: 'skipped', reason: outOfScope(subject.kind) };
  const tooWide = withoutReach(type.reach?.(parameters as never), rules.connector);
  if (tooWide !== undefined) return { state: 'skipped', reason: tooWide };
  const isRestoring = takesIsolationBack(type, rules) || (isUndo && !takesFromUser.has(type.danger));
  const refused =
    safelistRefusal({ danger: type.danger, isRestoring }, subject.agent, rules.policy) ??
    // Its own schema has parsed them.
    type.unsuitable(subject, parameters as never);
  if (refused !== undefined) return { state: 'skipped', reason: refused };
  const evidence = type.reached(subject, parameters as never);
  return evidence === undefined ? undefined : { state: 'skipped', reason: already(type), evidence };
}

/** A connector that is kept to sites stands for a part of an account: the rest of it may be other tenants'. */
function withoutReach(
  reach: ReturnType<NonNullable<ActionType['reach']>> | undefined,
  { siteIds }: TargetScope,
): Reason | undefined {
  if (reach !== 'account' || siteIds.length === 0) return undefined;
  return {
    code: 'scope_too_wide',
    message: 'It would act on a whole account, and the connector is kept to some of its sites (siteIds).',
    recommendation:
      'Ask for the scope site or group, or ask a connector that stands for the whole account, with accountIds in the place of siteIds.',
  };
}

/** That the wanted state was there without us: undoing the action leaves it. */
export function already({ title }: ActionType): Reason {
  return { code: alreadySo, message: `${title}: it was so already, so nothing was sent.` };
}

/** The way back of a way back does the deed again: the safelist counts for that as it did the first time. */
const takesFromUser: ReadonlySet<DangerClass> = new Set(['isolating', 'disruptive']);

function takesIsolationBack({ revertedBy }: ActionType, { findActionType }: Rules): boolean {
  return revertedBy.some((id) => findActionType(id)?.danger === 'isolating');
}

const gone: Reason = {
  code: 'gone_before_sending',
  message: 'The console no longer shows it, so nothing was sent.',
  recommendation: 'Look in the console whether it was removed, or has moved out of what the token may see.',
};
