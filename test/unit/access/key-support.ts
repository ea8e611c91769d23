import fc from 'fast-check';
import { formatKey, hashSecret, newKeyParts } from '../../../shared/access/api-key.ts';
import type { NewApiKey } from '../../../shared/access/key-store.ts';

export const now = Date.parse('2026-11-24T10:00:10Z');

/** Bytes that are the same each time, and others for another seed. */
export function bytesFrom(seed: number): (size: number) => Uint8Array {
  let state = seed;
  return (size) =>
    Uint8Array.from({ length: size }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 16;
    });
}

/** The parts of a key made of any bytes, the most extreme ones too. */
export const anyKeyParts = fc
  .tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([first, second]) => newKeyParts((size) => (size === 16 ? first : second)));

/** A key's text and what is stored of it. */
export function madeKey(seed = 1, change: Partial<NewApiKey> = {}): { text: string; stored: NewApiKey } {
  const parts = newKeyParts(bytesFrom(seed));
  const stored: NewApiKey = {
    id: parts.id,
    name: 'nightly export',
    tenants: ['acme'],
    rights: ['read'],
    createdAt: now - 1000,
    createdBy: 'operator:anna',
    secretHash: hashSecret(parts.secret),
    ...change,
  };
  return { text: formatKey(parts), stored };
}

/** The text with one character at the place replaced by another one. */
export const mutationOf = (text: string) =>
  fc
    .tuple(
      fc.nat({ max: text.length - 1 }),
      fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ .=+/\t\u00e9'),
    )
    .map(([at, char]) => text.slice(0, at) + char + text.slice(at + 1))
    .filter((mutated) => mutated !== text);

/** True where the text holds eight characters in a row of the secret. */
export function tells(text: string, secret: string): boolean {
  return Array.from({ length: secret.length - 7 }, (_, i) => secret.slice(i, i + 8)).some((part) =>
    text.includes(part),
  );
}
