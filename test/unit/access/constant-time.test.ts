import * as crypto from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { secretMatches } from '../../../shared/access/api-key.ts';
import { authenticate } from '../../../shared/access/authenticate.ts';
import { MemoryKeys } from '../../support/memory/memory-keys.ts';
import { madeKey, now } from './key-support.ts';

vi.mock('node:crypto', async (original) => {
  const actual = await original<typeof crypto>();
  return {
    ...actual,
    timingSafeEqual: vi.fn(actual.timingSafeEqual),
    createHash: vi.fn(actual.createHash),
  };
});

const { text, stored } = madeKey();
const secretOfAnother = madeKey(2).text.slice(20);

describe('the comparison of secrets', () => {
  beforeEach(() => vi.clearAllMocks());

  it.each([
    ['the right key', text, 'principal'],
    ['a wrong secret', `${text.slice(0, 20)}${secretOfAnother}`, 'refused'],
    ['an id that does not exist', madeKey(3).text, 'refused'],
  ])('takes the same steps for %s', async (_, key, expected) => {
    const keys = new MemoryKeys();
    await keys.create(stored);
    vi.clearAllMocks();
    const { kind } = await authenticate({ headers: { 'x-api-key': key }, now }, { keys });
    expect(kind).toBe(expected);
    expect(keys.calls.get).toBe(1);
    expect(vi.mocked(crypto.createHash).mock.calls).toStrictEqual([['sha256']]);
    const compared = vi.mocked(crypto.timingSafeEqual).mock.calls;
    expect(compared.map(([a, b]) => [a.byteLength, b.byteLength])).toStrictEqual([[32, 32]]);
  });

  it('matches nothing where there is no hash, whatever the comparison says', () => {
    vi.mocked(crypto.timingSafeEqual).mockReturnValueOnce(true);
    expect(secretMatches(secretOfAnother, undefined)).toBe(false);
  });

  it('gives one answer for a wrong secret and an id that does not exist', async () => {
    const keys = new MemoryKeys();
    await keys.create({ ...stored, expiresAt: now - 1 });
    await keys.revoke(stored.id, now - 1);
    const wrongSecret = { 'x-api-key': `${text.slice(0, 20)}${secretOfAnother}` };
    const wrongId = { 'x-api-key': madeKey(3).text };
    const answer = await authenticate({ headers: wrongSecret, now }, { keys });
    expect(answer).toMatchObject({ kind: 'refused', code: 'key_unknown' });
    expect(await authenticate({ headers: wrongId, now }, { keys })).toStrictEqual(answer);
    expect(keys.calls.use).toBe(0);
  });
});
