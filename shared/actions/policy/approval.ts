import type { JsonObject } from '../../json.ts';
import type { ActionType } from '../action-type.ts';
import { selects } from './endpoint-selector.ts';
import type { ApprovalRule, ResponsePolicy } from './response-policy.ts';

/**
 * The first rule that wants somebody else to agree before this is done to this endpoint. An endpoint that the console no longer
 * shows may be one of those that a rule names, and counts as such.
 * @param type what is performed, which may be another type than the one that was asked for
 */
export function approvalRule(
  type: Pick<ActionType, 'id' | 'danger'>,
  agent: JsonObject | undefined,
  { approvals }: Pick<ResponsePolicy, 'approvals'>,
): ApprovalRule | undefined {
  return approvals.find((rule) => isAbout(rule, type) && isFor(rule, agent));
}

function isAbout(
  { actions, dangers }: ApprovalRule,
  { id, danger }: Pick<ActionType, 'id' | 'danger'>,
): boolean {
  if (actions === undefined && dangers === undefined) return true;
  return (actions ?? []).includes(id) || (dangers ?? []).includes(danger);
}

function isFor({ endpoints }: ApprovalRule, agent: JsonObject | undefined): boolean {
  return endpoints === undefined || agent === undefined || selects(endpoints, agent);
}

/** For people: why an action waits. */
export function approvalReason({ name }: ApprovalRule): string {
  return `The tenant's response policy wants an approval, by its rule ${JSON.stringify(name)}.`;
}
