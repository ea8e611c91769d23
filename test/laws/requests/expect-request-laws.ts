import type { RunningConsole } from '../../../local/console/console.ts';
import type { Json } from '../../../shared/json.ts';
import { fieldAt } from '../../../shared/records/json-fields.ts';
import { Violation } from '../simulation/violation.ts';
import type { Census } from './census.ts';
import { blocklistEntriesOf, callsOf, type Meaning } from './meaning.ts';

/** A request for an action as the simulator has seen it. */
export type SeenCall = RunningConsole['actionRequests'][number];

const removal = 'DELETE /restrictions';

/** The ids that a call names. Throws `Violation` where it names none, or names something in any other way. */
export function explicitIds(call: SeenCall): readonly string[] {
  const { filter, data } = call;
  const isRemoval = nameOf(call) === removal;
  const ids = fieldAt(isRemoval ? data : filter, 'ids');
  const wrong = (what: string) =>
    new Violation('R1 explicit ids', `${nameOf(call)} ${what}: ${JSON.stringify({ filter, data })}`);
  if (!Array.isArray(ids) || ids.length === 0) throw wrong('names no ids');
  const texts = ids.filter((id: Json): id is string => typeof id === 'string' && /^\d+$/.test(id));
  if (texts.length < ids.length) throw wrong('names something that is no id');
  if (new Set(texts).size < texts.length) throw wrong('names an id twice');
  const filters = Object.keys(Object(filter)).filter((name) => isRemoval || name !== 'ids');
  if (filters.length > 0) throw wrong(`filters by ${filters.join(', ')}`);
  const others = Object.keys(Object(data)).filter((name) => /ids?$|filter/i.test(name));
  if (!isRemoval && others.length > 0) throw wrong(`names things in its data by ${others.join(', ')}`);
  return texts;
}

/** Why the call is none of those that the meanings allow; undefined where it is one. */
export function strayReason(
  call: SeenCall,
  meanings: readonly Meaning[],
  census: Census,
): string | undefined {
  const ids = explicitIds(call);
  const reasons = meanings.map((meaning) => {
    if (!callsOf(meaning.actions).includes(nameOf(call)))
      return `is no call of ${meaning.actions.join(', ')}`;
    const allowed = nameOf(call) === removal ? blocklistEntriesOf(meaning, census) : meaning.subjects;
    const stray = ids.filter((id) => !allowed.has(id));
    if (stray.length > 0) return `names ${stray.join(', ')}, which nobody has asked for`;
    // A file may be on a list more than once: removals name entries, and not what was asked for.
    if (nameOf(call) !== removal && ids.length > meaning.targets)
      return `names ${ids.length} ids for ${meaning.targets} targets`;
    return undefined;
  });
  return reasons.includes(undefined) ? undefined : reasons.join('; or ');
}

/** Method and path. */
export function nameOf({ method, path }: SeenCall): string {
  return `${method} ${path}`;
}
