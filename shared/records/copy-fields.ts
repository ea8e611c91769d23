import type { Json, JsonObject } from '../json.ts';

/** An object that is being filled. */
export type Fields = Record<string, Json | undefined>;

/** Copies the named fields and returns `to`. Several times faster than spreading objects that were picked before. */
export function copyFields(to: Fields, from: JsonObject, names: readonly string[]): Fields {
  for (const name of names) {
    // An assignment would lose a field of this name.
    if (name === '__proto__') Object.defineProperty(to, name, { ...dataField, value: from[name] });
    else to[name] = from[name];
  }
  return to;
}

const dataField = { enumerable: true, configurable: true, writable: true };
