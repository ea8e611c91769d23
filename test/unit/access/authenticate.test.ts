import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { authenticate } from '../../../shared/access/authenticate.ts';
import type { JwtVerifier } from '../../../shared/access/jwt.ts';
import type { RequestHeaders } from '../../../shared/access/presented-credential.ts';
import type { Principal } from '../../../shared/access/principal.ts';
import { MemoryKeys } from '../../support/memory/memory-keys.ts';
import { anyKeyParts, madeKey, mutationOf, now, tells } from './key-support.ts';

const { text: key, stored } = madeKey();
const other = madeKey(2).text;
const subject: Principal = { kind: 'jwt', id: 'sub', name: 'sub', rights: ['read'], tenants: ['acme'] };
const anyToken: JwtVerifier = { verify: async () => ({ kind: 'principal', principal: subject }) };
let keys: MemoryKeys;

beforeEach(async () => {
  keys = new MemoryKeys();
  await keys.create(stored);
});

const sent = (headers: RequestHeaders, jwt?: JwtVerifier, requestsPerMinute?: number) =>
  authenticate(
    { headers, now },
    {
      keys,
      ...(jwt === undefined ? {} : { jwt }),
      ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    },
  );

describe('authentication with a key', () => {
  it.each<[string, RequestHeaders]>([
    ['x-api-key', { 'x-api-key': key }],
    ['X-API-Key', { 'X-API-Key': key }],
    ['Authorization', { Authorization: `Bearer ${key}` }],
    ['authorization in other letters', { AUTHORIZATION: `bearer   ${key}` }],
    ['a list of one', { 'x-api-key': [key] }],
    ['spaces around it', { 'x-api-key': ` ${key}\t` }],
    ['the same key in both', { 'x-api-key': key, authorization: `Bearer ${key}` }],
    ['an empty header beside', { 'x-api-key': '', authorization: `Bearer ${key}` }],
    ['other headers beside', { accept: '*/*', cookie: undefined, 'x-api-key': key }],
  ])('lets in who sends %s', async (_, headers) => {
    expect(await sent(headers, anyToken)).toStrictEqual({
      kind: 'principal',
      principal: { kind: 'key', id: stored.id, name: 'nightly export', rights: ['read'], tenants: ['acme'] },
      requestsThisMinute: 1,
    });
    expect(keys.rows.get(stored.id)?.lastUsedAt).toBe(now);
  });

  it.each<[string, string, RequestHeaders]>([
    ['key_missing', 'nothing', {}],
    ['key_missing', 'an empty header', { 'x-api-key': ' ' }],
    ['key_missing', 'an empty list', { 'x-api-key': [] }],
    ['key_malformed', 'a cut key', { 'x-api-key': key.slice(0, -1) }],
    ['key_malformed', 'a key in quotes', { 'x-api-key': `"${key}"` }],
    ['key_malformed', 'two keys in one header', { 'x-api-key': `${key}, ${key}` }],
    ['key_malformed', 'the header twice', { 'x-api-key': [key, key] }],
    ['key_malformed', 'the header twice in other letters', { 'x-api-key': key, 'X-Api-Key': key }],
    ['key_malformed', 'Authorization twice', { authorization: [`Bearer ${key}`, `Bearer ${key}`] }],
    ['key_malformed', 'two keys', { 'x-api-key': key, authorization: `Bearer ${other}` }],
    ['key_malformed', 'a key and a token', { 'x-api-key': key, authorization: 'Bearer e30.e30.e30' }],
    ['key_malformed', 'a key and a password', { 'x-api-key': key, authorization: 'Basic YTpi' }],
    ['key_malformed', 'another scheme', { authorization: `ApiKey ${key}` }],
    ['key_malformed', 'no scheme', { authorization: key }],
    ['key_malformed', 'Bearer and nothing', { authorization: 'Bearer' }],
    ['key_malformed', 'Bearer and two things', { authorization: `Bearer ${key} ${key}` }],
    ['key_malformed', 'a token as a key', { 'x-api-key': 'e30.e30.e30' }],
    [
      'key_malformed',
      'the same token in both',
      { 'x-api-key': 'e30.e30.e30', authorization: 'Bearer e30.e30.e30' },
    ],
    ['key_malformed', 'a cut key as bearer', { authorization: `Bearer ${key.slice(0, -1)}` }],
    ['key_unknown', 'a key of another installation', { 'x-api-key': other }],
  ])('answers %s to %s, and asks the store for no more than it must', async (code, _, headers) => {
    const answer = await sent(headers, anyToken);
    expect(answer).toStrictEqual({
      kind: 'refused',
      code,
      message: expect.stringMatching(/^[A-Z].*\.$/),
      recommendation: expect.stringMatching(/^[A-Z].*\.$/),
    });
    expect(keys.calls).toStrictEqual({ get: code === 'key_unknown' ? 1 : 0, use: 0 });
  });

  it('refuses a key from the moment of its end, and a revoked one whatever the time', async () => {
    const ending = madeKey(4, { expiresAt: now });
    const lasting = madeKey(5, { expiresAt: now + 1 });
    const revoked = madeKey(6, { expiresAt: now - 1 });
    for (const { stored } of [ending, lasting, revoked]) await keys.create(stored);
    await keys.revoke(revoked.stored.id, now + 60_000);
    expect(await sent({ 'x-api-key': lasting.text })).toMatchObject({ kind: 'principal' });
    expect(await sent({ 'x-api-key': ending.text })).toMatchObject({ code: 'key_expired' });
    expect(await sent({ 'x-api-key': revoked.text })).toMatchObject({ code: 'key_revoked' });
    expect(keys.calls.use).toBe(1);
  });

  it('refuses every mutation of a character of the key, in either header', async () => {
    await fc.assert(
      fc.asyncProperty(mutationOf(key), fc.boolean(), async (mutated, asBearer) => {
        const headers = asBearer ? { authorization: `Bearer ${mutated}` } : { 'x-api-key': mutated };
        // At the ends, spaces are no part of a header's value.
        fc.pre(mutated.trim() === mutated);
        expect((await sent(headers)).kind).toBe('refused');
      }),
      { numRuns: 1000 },
    );
  });

  it('lets in as many requests a minute as are configured, and says when the next minute begins', async () => {
    const headers = { 'x-api-key': key };
    for (const count of [1, 2])
      expect(await sent(headers, undefined, 2)).toMatchObject({
        kind: 'principal',
        requestsThisMinute: count,
      });
    expect(await sent(headers, undefined, 2)).toMatchObject({
      kind: 'refused',
      code: 'rate_limited',
      retryAfterSeconds: 50,
    });
    const last = await authenticate({ headers, now: now + 49_999 }, { keys, requestsPerMinute: 2 });
    expect(last).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
    const next = await authenticate({ headers, now: now + 50_000 }, { keys, requestsPerMinute: 2 });
    expect(next).toMatchObject({ kind: 'principal', requestsThisMinute: 1 });
  });

  it('lets in 600 requests a minute where nothing is configured', async () => {
    for (let i = 0; i < 599; i++) await keys.use(stored.id, now);
    expect(await sent({ 'x-api-key': key })).toMatchObject({ kind: 'principal', requestsThisMinute: 600 });
    expect(await sent({ 'x-api-key': key })).toMatchObject({ code: 'rate_limited' });
  });

  it('tells the store when it has seen the key used, so that one write is enough', async () => {
    const seen: unknown[] = [];
    const watched = {
      get: (id: string) => keys.get(id),
      use: async (...use: unknown[]) => {
        seen.push(use);
        return 1;
      },
    };
    await keys.use(stored.id, now - 7);
    await authenticate({ headers: { 'x-api-key': key }, now }, { keys: watched });
    expect(seen).toStrictEqual([[stored.id, now, now - 7]]);
  });

  it('passes on what the store throws: a key is not unknown because the table is down', async () => {
    const down = async () => {
      throw new Error('table down');
    };
    const headers = { 'x-api-key': key };
    await expect(authenticate({ headers, now }, { keys: { get: down, use: down } })).rejects.toThrow(
      'table down',
    );
    const countless = { get: (id: string) => keys.get(id), use: down };
    await expect(authenticate({ headers, now }, { keys: countless })).rejects.toThrow('table down');
  });
});

describe('authentication with a token', () => {
  it('gives it to the verifier, whose answer counts', async () => {
    const seen: unknown[] = [];
    const jwt: JwtVerifier = {
      verify: async (...verified) => {
        seen.push(verified);
        return { kind: 'principal', principal: subject };
      },
    };
    const headers = { authorization: 'Bearer e30.e30.e30' };
    expect(await sent(headers, jwt)).toStrictEqual({ kind: 'principal', principal: subject });
    expect(seen).toStrictEqual([['e30.e30.e30', now]]);
    expect(keys.calls).toStrictEqual({ get: 0, use: 0 });
  });

  it('refuses it where no issuer is configured, and says so', async () => {
    expect(await sent({ authorization: 'Bearer e30.e30.e30' })).toMatchObject({
      kind: 'refused',
      code: 'key_malformed',
      message: expect.stringContaining('takes API keys only'),
    });
  });
});

describe('what a refusal says', () => {
  it('holds no part of a key or token, whatever is wrong with it', async () => {
    const wrap = fc.constantFrom<(text: string) => RequestHeaders>(
      (text) => ({ 'x-api-key': text }),
      (text) => ({ 'x-api-key': [text, text] }),
      (text) => ({ 'x-api-key': `${text}x` }),
      (text) => ({ authorization: `Bearer ${text}` }),
      (text) => ({ authorization: text }),
      (text) => ({ authorization: `Basic ${text}` }),
      (text) => ({ 'x-api-key': text, authorization: `Bearer ${key}` }),
      (text) => ({ authorization: `Bearer ${text.slice(3)}` }),
    );
    await fc.assert(
      fc.asyncProperty(anyKeyParts, wrap, async ({ id, secret }, headersOf) => {
        const answer = await sent(headersOf(`sl_${id}_${secret}`));
        expect(answer.kind).toBe('refused');
        expect(tells(JSON.stringify(answer), secret)).toBe(false);
        expect(tells(JSON.stringify(answer), id)).toBe(false);
      }),
    );
  });

  it('holds none of a key that is revoked, expired or used too often either', async () => {
    const ended = [madeKey(4, { expiresAt: now }), madeKey(5), madeKey(6)];
    for (const { stored } of ended) await keys.create(stored);
    await keys.revoke(ended[1]?.stored.id ?? '', now);
    for (const { text } of ended) {
      const answer = await sent({ 'x-api-key': text }, undefined, 0);
      expect(answer.kind).toBe('refused');
      expect(tells(JSON.stringify(answer), text)).toBe(false);
    }
  });
});
