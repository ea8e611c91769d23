import type { Json, JsonObject } from '../json.ts';

/** An object that is being filled. */
export type Fields = Record<string, Json | undefined>;

/** Copies the named fields and returns `to`. Several times faster than spreading objects that were picked before. */
export function copyFields(to: Fields, from: JsonObject, names: readonly string[]): Fields {
  for (const name of names) setField(to, name, from[name]);
  return to;
}

/** Sets a field, whatever its name. */
export function setField(to: Fields, name: string, value: Json | undefined): void {
  // An assignment would lose a field of this name.
  if (name === '__proto__') Object.defineProperty(to, name, { ...dataField, value });
  else to[name] = value;
}

const dataField = { enumerable: true, configurable: true, writable: true };
