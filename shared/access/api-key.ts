import { createHash, timingSafeEqual } from 'node:crypto';
import type { Right } from './rights.ts';

/** So many random bytes; `randomBytes` of node:crypto, and something else in tests only. */
export type RandomBytes = (size: number) => Uint8Array;

/** An API key's text, taken apart. */
export interface KeyParts {
  /** 16 of a-z and 0-9. Not secret: it is in lists and logs. */
  readonly id: string;
  /** 32 random bytes as base64url, 43 characters. */
  readonly secret: string;
}

/** An API key as it is stored. Times are epoch milliseconds. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly tenants: readonly string[] | 'all';
  readonly rights: readonly Right[];
  readonly createdAt: number;
  /** Who made it, as `creatorName` writes it. */
  readonly createdBy: string;
  /** From then on it is refused; never where absent. */
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  readonly lastUsedAt?: number;
  /** `hashSecret` of its secret. */
  readonly secretHash: string;
}

/** An API key as it is shown. */
export type ApiKeyView = Omit<ApiKey, 'secretHash'>;

const idLength = 16;
const secretBytes = 32;
/** The 43rd character of 32 bytes holds two bits that are always 0: any other would be a second text of the same secret. */
const keyPattern = /^sl_([a-z0-9]{16})_([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$/;
const idPattern = /^[a-z0-9]{16}$/;
const hashPattern = /^[0-9a-f]{64}$/;

/** What every API key begins with; secret scanners find leaked keys by it. */
export const keyPrefix = 'sl_';

/** A new id and secret. */
export function newKeyParts(randomBytes: RandomBytes): KeyParts {
  const number = BigInt(`0x${Buffer.from(randomBytes(idLength)).toString('hex')}`);
  // 128 random bits for 83 bits of id: the remainder prefers no id by more than one in 2^45.
  const id = (number % 36n ** BigInt(idLength)).toString(36).padStart(idLength, '0');
  return { id, secret: Buffer.from(randomBytes(secretBytes)).toString('base64url') };
}

/** True where it can be the id of a key. */
export function isKeyId(text: string): boolean {
  return idPattern.test(text);
}

/** The text that is shown to its owner, once. */
export function formatKey({ id, secret }: KeyParts): string {
  return `${keyPrefix}${id}_${secret}`;
}

/** The inverse of `formatKey`; undefined for any other text. */
export function parseKey(text: string): KeyParts | undefined {
  const [, id, secret] = keyPattern.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/**
 * SHA-256 of the secret's text, 64 hexadecimal digits. Slow, salted hashes are for passwords, which can be guessed; nobody
 * guesses 256 random bits, however fast the hash is.
 */
export function hashSecret(secret: string): string {
  return digest(secret).toString('hex');
}

/** True for what `hashSecret` returns. */
export function isSecretHash(value: unknown): value is string {
  return typeof value === 'string' && hashPattern.test(value);
}

/**
 * True where the stored hash is the secret's. Takes as long whatever the secret is, and also where there is no hash: an id
 * that does not exist costs what a wrong secret costs.
 * Throws a RangeError where the hash is none.
 */
export function secretMatches(secret: string, storedHash: string | undefined): boolean {
  const expected = Buffer.from(storedHash ?? noHash, 'hex');
  return timingSafeEqual(digest(secret), expected) && storedHash !== undefined;
}

/** What is compared where there is nothing to compare with. */
const noHash = '0'.repeat(64);

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The key without the hash of its secret. */
export function viewOf(key: ApiKey): ApiKeyView {
  const { secretHash: _, ...view } = key;
  return view;
}
