import { isObject, type JsonObject } from '../../json.ts';
import { enumAt, fieldAt, listAt, textAt } from '../../records/json-fields.ts';
import type { Acceptance } from '../action-type.ts';
import { countedAcceptance } from '../run/answer.ts';
import type { Reason, Subject } from '../subject.ts';
import { consoleWords } from './console-words.ts';

/**
 * What `POST /threats/mitigate/…` says about each threat: `data.details[]` has the reports that the command has brought about, and
 * what was skipped and why. Where it says nothing of a threat, the count is all there is.
 */
export function mitigationAcceptance(
  answer: JsonObject,
  subjects: readonly Subject[],
  permission: string,
): ReadonlyMap<string, Acceptance> {
  const told = listAt(answer, 'data', 'details')
    .filter(isObject)
    .flatMap((detail) => {
      const id = textAt(detail, 'threatId');
      const acceptance = acceptanceOf(detail, permission);
      return id === undefined || acceptance === undefined ? [] : [[id, acceptance] as const];
    });
  const known = new Set(subjects.map(({ id }) => id));
  return new Map([...countedAcceptance(answer, subjects), ...told.filter(([id]) => known.has(id))]);
}

function acceptanceOf(detail: JsonObject, permission: string): Acceptance | undefined {
  const [report] = listAt(detail, 'reports').filter(isObject);
  if (report !== undefined) {
    const value = textAt(report, 'status') ?? null;
    return {
      kind: 'accepted',
      evidence: [{ source: 'answer', field: 'data.details.reports.status', value }],
    };
  }
  const [skipped] = listAt(detail, 'skipped').filter(isObject);
  if (skipped === undefined) return undefined;
  const reason = enumAt(skipped, 'reason');
  // Somebody was faster: the console has the command already, and what becomes of it is seen like that of ours.
  if (reason === 'triggered') {
    return {
      kind: 'accepted',
      evidence: [{ source: 'answer', field: 'data.details.skipped.reason', value: reason }],
    };
  }
  return { kind: 'refused', reason: skippedBecause(reason, skipped, permission) };
}

function skippedBecause(reason: string | undefined, skipped: JsonObject, permission: string): Reason {
  const words = consoleWords(fieldAt(skipped, 'description'));
  const says = words === undefined ? '' : ` The console says: ${words}`;
  switch (reason) {
    case 'permissions':
      return {
        code: 'not_permitted',
        message: `The console skipped the threat because of permissions.${says}`,
        recommendation: `Give the role of the token's user the permission ${permission} for the threat's site, then ask again.`,
      };
    case 'not_supported':
      return {
        code: 'not_supported',
        message: `The console skipped the threat: its agent or kind of threat does not support the action.${says}`,
        recommendation: 'Take another action for this threat.',
      };
    case 'precondition':
      return {
        code: 'precondition_not_met',
        message: `The console skipped the threat: what has to come before the action is not there.${says}`,
        recommendation: 'Look at the threat in the console which actions it offers, and in which order.',
      };
    default:
      return {
        code: 'refused_by_console',
        message: `The console skipped the threat (${consoleWords(reason) ?? 'without a reason'}).${says}`,
        recommendation: 'Look at the threat in the console which actions it offers.',
      };
  }
}
