import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretHash } from '../../../shared/access/api-key.ts';
import { authenticate } from '../../../shared/access/authenticate.ts';
import { type CreateKeyOutcome, createKey } from '../../../shared/access/create-key.ts';
import type { KeyDraft } from '../../../shared/access/key-draft.ts';
import type { Principal } from '../../../shared/access/principal.ts';
import { type Right, rights } from '../../../shared/access/rights.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryKeys } from '../../support/memory/memory-keys.ts';
import { bytesFrom, madeKey, now, tells } from './key-support.ts';

const yearMs = 365 * 86_400_000;
const operator = { kind: 'operator', id: 'anna' } as const;
const draft: KeyDraft = { name: 'nightly export', tenants: ['acme'], rights: ['read'], createdBy: operator };

function making(keys = new MemoryKeys(), bytes = bytesFrom(9)) {
  const dependencies = { keys, clock: new ManualClock(now), randomBytes: bytes };
  return { keys, make: (change: Partial<KeyDraft> = {}) => createKey(dependencies, { ...draft, ...change }) };
}

function problems(outcome: CreateKeyOutcome) {
  if (outcome.kind !== 'refused') throw new Error('It was created.');
  return outcome.problems;
}

describe('a new key', () => {
  it('is stored without its secret, shown once, and opens what it was made for', async () => {
    const { keys, make } = making(new MemoryKeys(), randomBytes);
    const outcome = await make({ expiresAt: now + yearMs });
    if (outcome.kind !== 'created') throw new Error('It was refused.');
    const { key, apiKey } = outcome;
    expect(apiKey).toStrictEqual({
      id: key.slice(3, 19),
      name: 'nightly export',
      tenants: ['acme'],
      rights: ['read'],
      createdAt: now,
      createdBy: 'operator:anna',
      expiresAt: now + yearMs,
    });
    const stored = await keys.get(apiKey.id);
    expect(stored).toStrictEqual({ ...apiKey, secretHash: stored?.secretHash });
    expect(isSecretHash(stored?.secretHash)).toBe(true);
    expect(tells(JSON.stringify(stored), key.slice(20))).toBe(false);
    expect(await authenticate({ headers: { 'x-api-key': key }, now }, { keys })).toMatchObject({
      kind: 'principal',
      principal: { id: apiKey.id, rights: ['read'], tenants: ['acme'] },
    });
  });

  it('has each right and tenant once, and no end where none is given', async () => {
    const { make } = making();
    const outcome = await make({ tenants: ['b', 'a', 'b'], rights: ['respond', 'read', 'respond'] });
    expect(outcome).toMatchObject({
      kind: 'created',
      apiKey: { tenants: ['b', 'a'], rights: ['read', 'respond'] },
    });
    expect(outcome.kind === 'created' && 'expiresAt' in outcome.apiKey).toBe(false);
  });

  it('is another one each time, and none where the randomness repeats itself', async () => {
    const { keys, make } = making();
    const [a, b] = [await make(), await make()];
    if (a.kind !== 'created' || b.kind !== 'created') throw new Error('They were refused.');
    expect(a.key).not.toBe(b.key);
    const again = making(keys);
    await expect(again.make()).rejects.toThrow(`The new key id ${a.apiKey.id} exists already`);
    expect(keys.rows.size).toBe(2);
  });
});

describe('a draft of a key', () => {
  it.each<[string, Partial<KeyDraft>, readonly string[]]>([
    ['no name', { name: '' }, ['name']],
    ['a name of spaces', { name: '   ' }, ['name']],
    ['a long name', { name: 'x'.repeat(65) }, ['name']],
    ['a name with a line break', { name: 'a\nb' }, ['name']],
    ['a name beyond ASCII', { name: 'Schlüssel' }, ['name']],
    ['a number as a name', { name: 7 }, ['name']],
    ['no tenants', { tenants: [] }, ['tenants']],
    ['nothing as tenants', { tenants: undefined }, ['tenants']],
    ['a text as tenants', { tenants: 'acme' }, ['tenants']],
    ['too many tenants', { tenants: Array.from({ length: 501 }, (_, i) => `t${i}`) }, ['tenants']],
    ['names that are no ids', { tenants: ['Acme', 'ok', 7, ''] }, ['tenants[0]', 'tenants[2]', 'tenants[3]']],
    ['no rights', { rights: [] }, ['rights']],
    ['a text as rights', { rights: 'read' }, ['rights']],
    ['unknown rights', { rights: ['read', 'write', null] }, ['rights[1]', 'rights[2]']],
    ['more rights than there are', { rights: Array.from({ length: 5 }, () => 'read') }, ['rights']],
    ['an end that is now', { expiresAt: now }, ['expiresAt']],
    ['an end beyond two years', { expiresAt: now + 2 * yearMs + 1 }, ['expiresAt']],
    ['an end that is no number', { expiresAt: '2027-01-01' }, ['expiresAt']],
    ['an end that no text was', { expiresAt: Number.NaN }, ['expiresAt']],
    ['an end between milliseconds', { expiresAt: now + 0.5 }, ['expiresAt']],
    [
      'everything wrong at once',
      { name: '', tenants: [], rights: [], expiresAt: null },
      ['name', 'tenants', 'rights', 'expiresAt'],
    ],
  ])('with %s is refused, and nothing is stored', async (_, change, fields) => {
    const { keys, make } = making();
    const found = problems(await make(change));
    expect(found.map(({ field }) => field)).toStrictEqual(fields);
    for (const { message, recommendation } of found) {
      expect(message).toMatch(/^(must|is|goes) .*\.$/);
      expect(recommendation).toMatch(/^[A-Z].*\.$/);
    }
    expect(keys.rows.size).toBe(0);
  });

  it.each<[string, Partial<KeyDraft>]>([
    ['the longest name', { name: '~'.repeat(64) }],
    ['all tenants', { tenants: 'all' }],
    ['a tenant called all', { tenants: ['all'] }],
    ['all rights', { rights }],
    ['the nearest end', { expiresAt: now + 1 }],
    ['the furthest end', { expiresAt: now + 2 * yearMs }],
    ['500 tenants', { tenants: Array.from({ length: 500 }, (_, i) => `t${i}`) }],
  ])('with %s is good', async (_, change) => {
    const { make } = making();
    const { createdBy: _by, ...content } = { ...draft, ...change };
    expect(await make(change)).toMatchObject({ kind: 'created', apiKey: content });
  });

  it('says nothing of a key that was pasted into a field', async () => {
    const { text } = madeKey();
    const { make } = making();
    const outcome = await make({ name: `${text}${text}`, tenants: [text], rights: [text], expiresAt: text });
    expect(problems(outcome)).toHaveLength(4);
    expect(tells(JSON.stringify(outcome), text)).toBe(false);
  });

  it('never makes a key that reaches further than its creator', async () => {
    const tenantsOf = fc.oneof(
      fc.constant('all' as const),
      fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
    );
    const creator = fc.record({
      tenants: tenantsOf,
      rights: fc.subarray<Right>([...rights], { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(creator, tenantsOf, async (creator, tenants) => {
        const createdBy: Principal = { kind: 'key', id: '0123456789abcdef', name: 'n', ...creator };
        const outcome = await making().make({ tenants, createdBy });
        const covers =
          creator.tenants === 'all' ||
          (tenants !== 'all' && tenants.every((tenant) => creator.tenants.includes(tenant)));
        if (creator.rights.includes('admin') && covers)
          expect(outcome).toMatchObject({ apiKey: { createdBy: 'key:0123456789abcdef', tenants } });
        else expect(problems(outcome)).toMatchObject([{ field: 'tenants' }]);
      }),
    );
  });
});
