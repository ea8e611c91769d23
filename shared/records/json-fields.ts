import { isObject, type Json, type JsonObject } from '../json.ts';

/** The value at the path, or undefined where any step is missing, null or no object. Inherited names do not count. */
export function fieldAt(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const name of path) {
    if (!isObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

/** The text at the path, or undefined where there is none or it is blank. Numbers are given digit by digit. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = fieldAt(value, ...path);
  if (typeof found === 'number') return String(found);
  if (JSON.isRawJSON(found)) return found.rawJSON;
  return typeof found === 'string' && !isBlank(found) ? found : undefined;
}

/** True where the path holds `true`, as a boolean or as text. */
export function isTrueAt(value: Json | undefined, ...path: readonly string[]): boolean {
  const found = fieldAt(value, ...path);
  return found === true || found === 'true';
}

/** The first text that one of the fields has. */
export function firstTextAt(value: Json | undefined, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textAt(value, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The whole number at the path, from a number or its digits; undefined where there is none, or one beyond 2^53. */
export function integerAt(value: Json | undefined, ...path: readonly string[]): number | undefined {
  const text = textAt(value, ...path)?.trim() ?? '';
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The number at the path, from a number or a text like `7.50`; undefined where there is none. Never below 0. */
export function decimalAt(value: Json | undefined, ...path: readonly string[]): number | undefined {
  const text = textAt(value, ...path)?.trim() ?? '';
  return /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** The boolean at the path, from a boolean or its word (`True`). */
export function booleanAt(value: Json | undefined, ...path: readonly string[]): boolean | undefined {
  const found = fieldAt(value, ...path);
  if (typeof found === 'boolean') return found;
  return booleans.get(typeof found === 'string' ? found.trim().toLowerCase() : '');
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** The list at the path; an empty one where there is something else. */
export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = fieldAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The text at the path. Throws an Error that names the field where there is none. */
export function requiredTextAt(value: JsonObject, ...path: readonly string[]): string {
  const text = textAt(value, ...path);
  if (text === undefined) throw new Error(`The field ${path.join('.')} is missing or blank.`);
  return text;
}

/** A vendor's enum value in one spelling: `In progress`, `IN_PROGRESS` and `in-progress` are `in_progress`. */
export function enumAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  return textAt(value, ...path)
    ?.trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** The fields that have a value: no undefined, null, blank text, empty list or empty object. For names of our own. */
export function presentFields(fields: JsonObject): JsonObject {
  const present: Record<string, Json> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== undefined && isPresent(value)) present[name] = value;
  }
  return present;
}

function isPresent(value: Json): boolean {
  if (value === null) return false;
  if (typeof value === 'string') return !isBlank(value);
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

/** `None` is what a console in Python writes where it means null. */
function isBlank(text: string): boolean {
  return text === 'None' || text.trim() === '';
}
