import type { Json } from '../json.ts';
import { textAt } from './json-fields.ts';

/** What the console writes where it knows nothing. */
const unknown = /^(?:unknown(?: device)?|n\/a|not available)$/i;

/** The text at the path, or undefined where there is none, or a word for none. */
export function knownTextAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const text = textAt(value, ...path);
  return text === undefined || unknown.test(text.trim()) ? undefined : text;
}
