import type { ConnectorError } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { fieldAt } from '../../records/json-fields.ts';
import type { Acceptance, ActionType } from '../action-type.ts';
import type { Reason, Subject } from '../subject.ts';

/**
 * What is known of a call that failed.
 * - `not_sent`: the console has not got it, or has refused to look at it for now: it can be sent again.
 * - `refused`: the console has said no, and done nothing.
 * - `unanswered`: nobody knows whether the console has done it.
 */
export type CallFailure = 'not_sent' | 'refused' | 'unanswered';

/** Failures below HTTP with which nothing has left this machine. */
const notSentCodes: ReadonlySet<string> = new Set([
  'paused',
  'rate_limit_taken',
  'connection_refused',
  'name_not_resolved',
  'certificate_refused',
]);

/** Sorts a failure of an action's call; in doubt it is `unanswered`. */
export function callFailure(error: ConnectorError): CallFailure {
  const { code, httpStatus } = error;
  if (notSentCodes.has(code) || httpStatus === 429) return 'not_sent';
  if (error.health === 'host' && httpStatus === undefined) return 'not_sent';
  if (httpStatus === undefined || httpStatus === 408) return 'unanswered';
  // 501 says that the console cannot do it at all. A success with a body that broke off was one.
  if (httpStatus >= 300 && (httpStatus < 500 || httpStatus === 501)) return 'refused';
  return 'unanswered';
}

/** What the console has said no to. */
export function refusal(error: ConnectorError, { permission }: ActionType): Reason {
  if (error.httpStatus === 403) {
    return {
      code: 'not_permitted',
      message: `The console refused it: ${error.message}`,
      recommendation: `Give the role of the token's user the permission ${permission}, then ask again.`,
    };
  }
  return {
    code: error.code,
    message: `The console refused it: ${error.message}`,
    recommendation: error.recommendation,
  };
}

/** What the console's answer says about each subject, by its id. */
export function acceptanceOf(
  type: ActionType,
  answer: Json | undefined,
  subjects: readonly Subject[],
): ReadonlyMap<string, Acceptance> {
  const body: JsonObject = isObject(answer) ? answer : {};
  if (type.acceptance !== undefined) return type.acceptance(body, subjects);
  return countedAcceptance(body, subjects);
}

/** By `data.affected` alone: all of them, none of them, or nobody knows which. */
export function countedAcceptance(
  answer: JsonObject,
  subjects: readonly Subject[],
): ReadonlyMap<string, Acceptance> {
  const affected = fieldAt(answer, 'data', 'affected');
  const each = (acceptance: Acceptance) => new Map(subjects.map(({ id }) => [id, acceptance]));
  if (typeof affected !== 'number') return each({ kind: 'unknown' });
  if (affected >= subjects.length) {
    return each({
      kind: 'accepted',
      evidence: [{ source: 'answer', field: 'data.affected', value: affected }],
    });
  }
  return each(affected === 0 ? { kind: 'refused' } : { kind: 'unknown' });
}
