import { type ApiProblem, invalidRequest } from './problem.ts';

/** A place in a list as an opaque text. */
export function writeListCursor(place: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * The parts of a place by their names. Throws `ApiProblem` 422 for a text that does not have them.
 * @param text from the caller
 */
export function readListCursor<Name extends string>(
  text: string,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const parts = partsOf(text);
  const place: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const part = parts.get(name);
    if (typeof part !== 'string') throw cursorRefused();
    place[name] = part;
  }
  return place as Record<Name, string>;
}

/** For what is no cursor of the list. */
export function cursorRefused(): ApiProblem {
  return invalidRequest([
    {
      field: 'cursor',
      message: 'is no cursor of this list.',
      recommendation: 'Take nextCursor of the page before, or begin without one.',
    },
  ]);
}

/** Of a text that is not JSON, none. */
function partsOf(text: string): ReadonlyMap<string, unknown> {
  try {
    return new Map(Object.entries(Object(JSON.parse(Buffer.from(text, 'base64url').toString()))));
  } catch {
    return new Map();
  }
}
