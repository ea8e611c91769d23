import type { Json } from '../../json.ts';
import { textAt } from '../../records/json-fields.ts';

const mostCharacters = 200;

/** A text of the console's, for a message of ours: one line, not too long; undefined where there is none. */
export function consoleWords(value: Json | undefined): string | undefined {
  const line = textAt(value)
    ?.replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (line === undefined || line === '') return undefined;
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line;
}
