import { isObject, type JsonObject } from '../../json.ts';
import { enumAt, listAt, textAt } from '../../records/json-fields.ts';
import type { Acceptance } from '../action-type.ts';
import { countedAcceptance } from '../run/answer.ts';
import type { Reason, Subject } from '../subject.ts';

/** What the console's words mean: that it has it, or why not. */
export type ResultMeanings = Readonly<Record<string, 'accepted' | Reason>>;

/**
 * What an answer with `data.details[].result` says about each threat. Where it says nothing of a threat, or a word without a
 * meaning, the count is all there is.
 */
export function resultAcceptance(
  answer: JsonObject,
  subjects: readonly Subject[],
  meanings: ResultMeanings,
): ReadonlyMap<string, Acceptance> {
  const results = new Map(
    listAt(answer, 'data', 'details')
      .filter(isObject)
      .map((detail) => [textAt(detail, 'threatId'), enumAt(detail, 'result')]),
  );
  return new Map(
    [...countedAcceptance(answer, subjects)].map(([id, counted]) => [
      id,
      acceptanceOf(results.get(id), meanings) ?? counted,
    ]),
  );
}

function acceptanceOf(result: string | undefined, meanings: ResultMeanings): Acceptance | undefined {
  if (result === undefined || !Object.hasOwn(meanings, result)) return undefined;
  const meaning = meanings[result];
  if (meaning === undefined) return undefined;
  return meaning === 'accepted'
    ? { kind: 'accepted', evidence: [{ source: 'answer', field: 'data.details.result', value: result }] }
    : { kind: 'refused', reason: meaning };
}
