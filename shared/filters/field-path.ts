import { isObject, type Json, type JsonObject } from '../json.ts';

/**
 * A compiled field of a filter. Names are separated by dots. A name of the record may hold dots itself (`src.process.name` of
 * a data lake event): the path finds it either way. Where a list stands, the path goes on in each of its elements; `[]` after
 * a name says so to whoever reads the filter, and changes nothing.
 */
export interface FieldPath {
  /** `names[i][n]`: the names i to i + n, joined by dots. */
  readonly names: readonly (readonly string[])[];
}

/** Keeps the depth of a walk far from the stack's end. */
const mostNames = 20;

/** Undefined where the text is no path: an empty name, brackets anywhere but in `[]` at a name's end, or more than 20 names. */
export function parseFieldPath(text: string): FieldPath | undefined {
  const parts = text.split('.').map((part) => part.replace(/(?:\[\])+$/, ''));
  if (parts.length > mostNames || parts.some((part) => part === '' || /[[\]]/.test(part))) return undefined;
  return {
    names: parts.map((_, i) => parts.slice(i).map((_, n) => parts.slice(i, i + n + 1).join('.'))),
  };
}

/** True where any value at the path passes the test. Null, an empty list and what is not there are no values. */
export function someValueAt(record: JsonObject, path: FieldPath, test: (value: Json) => boolean): boolean {
  return someValue(record, path.names, 0, test);
}

function someValue(
  value: Json | undefined,
  names: FieldPath['names'],
  at: number,
  test: (value: Json) => boolean,
): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return someElement(value, names, at, test);
  const choices = names[at];
  if (choices === undefined) return test(value);
  if (!isObject(value)) return false;
  for (let n = 0; n < choices.length; n++) {
    const name = choices[n] ?? '';
    if (Object.hasOwn(value, name) && someValue(value[name], names, at + n + 1, test)) return true;
  }
  return false;
}

/** Without recursion into lists of lists: the parser takes any depth. */
function someElement(
  list: readonly Json[],
  names: FieldPath['names'],
  at: number,
  test: (value: Json) => boolean,
): boolean {
  const open: (readonly Json[])[] = [list];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const element of next) {
      if (Array.isArray(element)) open.push(element);
      else if (someValue(element, names, at, test)) return true;
    }
  }
  return false;
}
