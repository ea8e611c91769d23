import type { Json } from '../json.ts';

/** What a text comparison sees of a value: text as it is, numbers and booleans as they are written; undefined of objects. */
export function scalarText(value: Json): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.isRawJSON(value) ? value.rawJSON : undefined;
}

/** The text of a number, also of one that a double cannot hold; undefined of everything else. */
export function numberText(value: Json): string | undefined {
  if (typeof value === 'number') return String(value);
  return JSON.isRawJSON(value) ? value.rawJSON : undefined;
}
