import type { Json } from '../json.ts';
import { textAt } from '../records/json-fields.ts';
import { redact } from '../sentinelone/redact.ts';

const longest = 120;

/** A short text of the console's for the report: on one line, and without anything that could be a credential. */
export function shortText(
  value: Json | undefined,
  secret: string,
  ...path: readonly string[]
): string | undefined {
  const text = textAt(value, ...path);
  if (text === undefined) return undefined;
  return redact(text.replace(/[\s\p{Cc}]+/gu, ' ').trim(), [secret]).slice(0, longest);
}
