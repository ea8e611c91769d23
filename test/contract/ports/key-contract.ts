import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ApiKeyView, hashSecret, newKeyParts } from '../../../shared/access/api-key.ts';
import type { KeyStore, NewApiKey } from '../../../shared/access/key-store.ts';

const now = Date.parse('2026-11-24T10:00:10Z');
const minuteMs = 60_000;

/** What every implementation of the key store must do. `store` gives the implementation under test. */
export function defineKeyContract(store: () => KeyStore): void {
  /** A key that no other test knows. */
  async function newKey(change: Partial<NewApiKey> = {}): Promise<NewApiKey> {
    const { id, secret } = newKeyParts(randomBytes);
    const key: NewApiKey = {
      id,
      name: 'nightly export',
      tenants: ['acme', 'globex'],
      rights: ['read', 'test'],
      createdAt: now,
      createdBy: 'operator:anna',
      secretHash: hashSecret(secret),
      ...change,
    };
    expect(await store().create(key)).toBe(true);
    return key;
  }
  async function all(limit: number): Promise<readonly ApiKeyView[]> {
    const keys: ApiKeyView[] = [];
    let cursor: string | undefined;
    do {
      const page = await store().list({ limit, ...(cursor === undefined ? {} : { cursor }) });
      if (page.kind !== 'page') throw new Error('Our own cursor was refused.');
      expect(page.keys.length).toBeLessThanOrEqual(limit);
      expect(page.keys.length).toBeGreaterThan(0);
      keys.push(...page.keys);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return keys;
  }
  const shown = ({ secretHash: _, ...view }: NewApiKey): ApiKeyView => view;

  it('gives a key as it was created, with and without an end', async () => {
    for (const key of [await newKey(), await newKey({ tenants: 'all', expiresAt: now + minuteMs })])
      expect(await store().get(key.id)).toStrictEqual(key);
  });

  it('creates no key a second time, and leaves the first one alone', async () => {
    const key = await newKey();
    expect(await store().create({ ...key, name: 'other', rights: ['admin'] })).toBe(false);
    expect(await store().get(key.id)).toStrictEqual(key);
  });

  it.each(['', '0000000000000000', 'a', 'USE', 'x'.repeat(3000), '☃'])(
    'knows no key of the id %j',
    async (id) => {
      expect(await store().get(id)).toBeUndefined();
      expect(await store().revoke(id, now)).toBeUndefined();
      expect(await store().get(id)).toBeUndefined();
    },
  );

  it('ends a key once: whoever comes later changes nothing', async () => {
    const key = await newKey();
    const revoked = { ...shown(key), revokedAt: now + 5 };
    expect(await store().revoke(key.id, now + 5)).toStrictEqual(revoked);
    for (const at of [now + 9, now]) expect(await store().revoke(key.id, at)).toStrictEqual(revoked);
    expect(await store().get(key.id)).toStrictEqual({ ...key, revokedAt: now + 5 });
  });

  it('ends a key for one of many who want it at the same time', async () => {
    const key = await newKey();
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, i) => store().revoke(key.id, now + i)));
    const times = new Set(outcomes.map((outcome) => outcome?.revokedAt));
    expect(times.size).toBe(1);
    expect(times).toContain((await store().get(key.id))?.revokedAt);
  });

  it('lists every key once, in the order of ids, in pages of any size and without hashes', async () => {
    const made = [];
    for (let i = 0; i < 5; i++) made.push(await newKey());
    const [, second, third] = made;
    if (second === undefined || third === undefined) throw new Error('They were made.');
    await store().revoke(second.id, now + 1);
    await store().use(third.id, now + 2);
    const expected = made.map((key) => ({
      ...shown(key),
      ...(key === second ? { revokedAt: now + 1 } : {}),
      ...(key === third ? { lastUsedAt: now + 2 } : {}),
    }));
    for (const limit of [1, 3, 100]) {
      const keys = await all(limit);
      expect(keys.map(({ id }) => id)).toStrictEqual([...new Set(keys.map(({ id }) => id))].sort());
      expect(keys).toStrictEqual(expect.arrayContaining(expected));
      expect(JSON.stringify(keys)).not.toMatch(/hash/i);
    }
  });

  it('ends the list with its last key, however the pages fall', async () => {
    await newKey();
    const total = (await all(100)).length;
    const page = await store().list({ limit: total });
    expect(page).toMatchObject({ kind: 'page' });
    expect(page).not.toHaveProperty('nextCursor');
  });

  it.each(['', 'x', '!', Buffer.from('USE').toString('base64url'), `${'A'.repeat(21)}B`])(
    'refuses the cursor %j',
    async (cursor) => {
      expect(await store().list({ limit: 10, cursor })).toStrictEqual({ kind: 'cursor_refused' });
    },
  );

  it.each([0, -1, 1.5, 101, Number.NaN])('throws for a page of %d keys', async (limit) => {
    await expect(store().list({ limit })).rejects.toThrow(RangeError);
  });

  describe('use', () => {
    it('counts the requests of a minute, begins anew in the next, and notes the last', async () => {
      const key = await newKey();
      const counts = [];
      for (const at of [0, 1, 49_999, 50_000, 50_001, 50_000 + 3 * minuteMs])
        counts.push(await store().use(key.id, now + at));
      expect(counts).toStrictEqual([1, 2, 3, 1, 2, 1]);
      expect(await store().get(key.id)).toStrictEqual({ ...key, lastUsedAt: now + 50_000 + 3 * minuteMs });
    });

    it.each([
      ['nothing', undefined],
      ['this minute', now],
      ['another minute', now - minuteMs],
      ['a minute to come', now + 5 * minuteMs],
    ])('counts the same for those who have seen %s', async (_, lastUsedAt) => {
      const key = await newKey();
      const counts = [];
      for (const at of [0, 1, 2, minuteMs, minuteMs + 1])
        counts.push(await store().use(key.id, now + at, lastUsedAt));
      expect(counts).toStrictEqual([1, 2, 3, 1, 2]);
    });

    it('counts every request once, however many come at the same time', async () => {
      const key = await newKey();
      await store().use(key.id, now - minuteMs);
      const counts = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store().use(key.id, now, i % 2 === 0 ? now : undefined)),
      );
      expect(counts.sort((a, b) => a - b)).toStrictEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    });

    it('counts whoever is a little late into the minute that has begun', async () => {
      const key = await newKey();
      await store().use(key.id, now + minuteMs);
      expect(await store().use(key.id, now + 49_999)).toBe(2);
      expect(await store().use(key.id, now + minuteMs)).toBe(3);
    });

    it('does not believe a minute that nobody can have reached', async () => {
      const key = await newKey();
      await store().use(key.id, now + 2 * minuteMs);
      expect(await store().use(key.id, now)).toBe(1);
      expect(await store().use(key.id, now)).toBe(2);
    });

    it('keeps keys apart', async () => {
      const [one, other] = [await newKey(), await newKey()];
      await store().use(one.id, now);
      expect(await store().use(other.id, now)).toBe(1);
    });

    it('shows the last use of a key that is revoked', async () => {
      const key = await newKey();
      await store().use(key.id, now + 3);
      expect(await store().revoke(key.id, now + 4)).toStrictEqual({
        ...shown(key),
        revokedAt: now + 4,
        lastUsedAt: now + 3,
      });
    });
  });
}
