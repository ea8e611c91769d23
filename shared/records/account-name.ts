import type { JsonObject } from '../json.ts';
import { presentFields } from './json-fields.ts';

/** `user.*` of an account name; `DOMAIN\name` is split. Empty where there is no name. */
export function userFields(account: string | undefined): JsonObject {
  const separator = account?.indexOf('\\') ?? -1;
  if (account === undefined || separator < 0) return presentFields({ name: account });
  return presentFields({ name: account.slice(separator + 1), domain: account.slice(0, separator) });
}
