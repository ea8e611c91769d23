import type { InputProblem } from '../connectors/input-problem.ts';

/** True of what JSON calls an object; false of a number with too many digits for a double, which is one to JavaScript only. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

/** A problem for each part that the thing has no place for: a name that is misspelt would otherwise say nothing. */
export function unknownParts(
  given: Readonly<Record<string, unknown>>,
  field: string,
  known: readonly string[],
  thing: string,
): readonly InputProblem[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      field: `${field}.${name.slice(0, 64)}`,
      message: `is no part of ${thing}.`,
      recommendation: `The parts are ${listedNames(known)}.`,
    }));
}

export function listedNames(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
