import type { JsonObject } from '../json.ts';
import { presentFields } from './json-fields.ts';

/** `user.*` of an account name; `DOMAIN\name` is split. Empty where there is no name. */
export function userFields(text: string | undefined): JsonObject {
  const account = text === undefined ? undefined : (threeNames.exec(text)?.[1] ?? text);
  const separator = account?.indexOf('\\') ?? -1;
  if (account === undefined || separator < 0) return presentFields({ name: account });
  return presentFields({ name: account.slice(separator + 1), domain: account.slice(0, separator) });
}

/** `Effective: root, Real: ana, Login: ana` of a process on Linux: what counts is whose rights it has. */
const threeNames = /^Effective: (.*), Real: .*, Login: /;
