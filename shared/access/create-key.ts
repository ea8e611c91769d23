import type { InputProblem } from '../connectors/input-problem.ts';
import type { Clock } from '../ports.ts';
import { type ApiKeyView, formatKey, hashSecret, newKeyParts, type RandomBytes, viewOf } from './api-key.ts';
import { checkKeyDraft, type KeyDraft, type Operator } from './key-draft.ts';
import type { KeyStore } from './key-store.ts';
import type { Principal } from './principal.ts';

export interface CreateKeyDependencies {
  readonly keys: Pick<KeyStore, 'create'>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

export type CreateKeyOutcome =
  /** `key` is for its owner, now: it cannot be had again. */
  | { readonly kind: 'created'; readonly key: string; readonly apiKey: ApiKeyView }
  | { readonly kind: 'refused'; readonly problems: readonly InputProblem[] };

/** Makes an API key and stores it. Throws a plain Error where its id exists: then the randomness is none. */
export async function createKey(
  { keys, clock, randomBytes }: CreateKeyDependencies,
  draft: KeyDraft,
): Promise<CreateKeyOutcome> {
  const now = clock.now();
  const checked = checkKeyDraft(draft, now);
  if (checked.kind === 'refused') return checked;
  const parts = newKeyParts(randomBytes);
  const apiKey = {
    id: parts.id,
    ...checked.value,
    createdAt: now,
    createdBy: creatorName(draft.createdBy),
    secretHash: hashSecret(parts.secret),
  };
  if (!(await keys.create(apiKey)))
    throw new Error(`The new key id ${apiKey.id} exists already: the source of random bytes repeats itself.`);
  return { kind: 'created', key: formatKey(parts), apiKey: viewOf(apiKey) };
}

/** Who did something, in one word: their kind, a colon and their id, e.g. `key:0a1b2c3d4e5f6g7h` or `operator:anna`. */
export function creatorName({ kind, id }: Pick<Principal | Operator, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}
