import * as z from 'zod/mini';
import { enumAt } from '../../records/json-fields.ts';

/** For actions that need nothing besides their targets. */
export const noParameters = z.strictObject({});

/** One of the values, however the caller spells it: `In progress`, `IN_PROGRESS` and `in-progress` are `in_progress`. */
export function choice<const V extends readonly [string, ...string[]]>(values: V) {
  const inOneSpelling = z.pipe(
    z.string().check(z.maxLength(64)),
    z.transform((text: string) => enumAt(text) ?? ''),
  );
  return z.pipe(inOneSpelling, z.enum(values));
}

/** A text that says something, without blanks around it. */
export function text(mostCharacters: number) {
  return z.string().check(z.trim(), z.minLength(1), z.maxLength(mostCharacters));
}
