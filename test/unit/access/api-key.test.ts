import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatKey,
  hashSecret,
  isKeyId,
  isSecretHash,
  newKeyParts,
  parseKey,
  secretMatches,
  viewOf,
} from '../../../shared/access/api-key.ts';
import { anyKeyParts, bytesFrom, madeKey, mutationOf } from './key-support.ts';

describe('an API key', () => {
  it('looks as documented', () => {
    expect(formatKey(newKeyParts(bytesFrom(7)))).toMatch(/^sl_[a-z0-9]{16}_[A-Za-z0-9_-]{43}$/);
    expect(formatKey(newKeyParts((size) => new Uint8Array(size)))).toBe(
      `sl_${'0'.repeat(16)}_${'A'.repeat(43)}`,
    );
  });

  it('is made of all the randomness that it is given', () => {
    const sizes: number[] = [];
    const { id, secret } = newKeyParts((size) => {
      sizes.push(size);
      return randomBytes(size);
    });
    expect(sizes).toStrictEqual([16, 32]);
    expect(isKeyId(id)).toBe(true);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    // Every bit of the secret's bytes changes it.
    const secrets = Array.from({ length: 256 }, (_, bit) => {
      const bytes = new Uint8Array(32);
      bytes[bit >> 3] = 1 << (bit & 7);
      return newKeyParts((size) => (size === 32 ? bytes : new Uint8Array(size))).secret;
    });
    expect(new Set(secrets).size).toBe(256);
  });

  it('is taken apart into what it was made of', () => {
    fc.assert(
      fc.property(anyKeyParts, (parts) => {
        expect(parseKey(formatKey(parts))).toStrictEqual(parts);
      }),
    );
  });

  it('is nothing else: other texts have no parts, and whatever has parts is their key', () => {
    const near = anyKeyParts.map(formatKey).chain(mutationOf);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
        const parts = parseKey(text);
        if (parts !== undefined) expect(formatKey(parts)).toBe(text);
      }),
    );
    const { text } = madeKey();
    for (const other of [
      '',
      ` ${text}`,
      `${text}\n`,
      `${text}A`,
      text.slice(1),
      text.toUpperCase(),
      `${text},${text}`,
    ])
      expect(parseKey(other)).toBeUndefined();
  });

  it('has one text only: the unused bits of its last character are not free', () => {
    const texts = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map(
      (last) => `sl_${'0'.repeat(16)}_${'A'.repeat(42)}${last}`,
    );
    const parsed = texts.flatMap((text) => parseKey(text) ?? []);
    expect(parsed).toHaveLength(16);
    expect(new Set(parsed.map(({ secret }) => Buffer.from(secret, 'base64url').toString('hex'))).size).toBe(
      16,
    );
  });

  it('is stored as the SHA-256 of its secret and shown without it', () => {
    const { text, stored } = madeKey();
    const secret = parseKey(text)?.secret ?? '';
    expect(stored.secretHash).toBe(createHash('sha256').update(secret).digest('hex'));
    expect(isSecretHash(stored.secretHash)).toBe(true);
    expect(JSON.stringify(stored)).not.toContain(secret);
    const { secretHash, ...shown } = stored;
    expect(viewOf(stored)).toStrictEqual(shown);
    expect(JSON.stringify(viewOf(stored))).not.toContain(secretHash);
  });

  it.each([undefined, 7, '', 'a'.repeat(63), 'A'.repeat(64), `${'a'.repeat(64)}\n`])(
    'takes %j for no hash',
    (value) => {
      expect(isSecretHash(value)).toBe(false);
    },
  );

  it('matches its own hash and no other, and nothing where there is none', () => {
    fc.assert(
      fc.property(anyKeyParts, anyKeyParts, (a, b) => {
        expect(secretMatches(a.secret, hashSecret(a.secret))).toBe(true);
        expect(secretMatches(a.secret, hashSecret(b.secret))).toBe(a.secret === b.secret);
        expect(secretMatches(a.secret, undefined)).toBe(false);
      }),
    );
  });

  it('throws for a stored hash that is none instead of comparing a part of it', () => {
    const { secret } = newKeyParts(bytesFrom(1));
    for (const broken of ['', hashSecret(secret).slice(2), `${hashSecret(secret)}00`])
      expect(() => secretMatches(secret, broken)).toThrow(RangeError);
  });
});
