import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { exportSPKI } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJwtVerifier, type JwtSettings } from '../../../shared/access/jwt.ts';
import { mutationOf, now, tells } from './key-support.ts';
import { goodClaims, Issuer, settings, signer, Warnings } from './token-support.ts';

type Signer = Awaited<ReturnType<typeof signer>>;
let rsa: Signer;
let pss: Signer;
let ec: Signer;
let stranger: Signer;

beforeAll(async () => {
  [rsa, pss, ec, stranger] = await Promise.all([
    signer('RS256', 'r1'),
    signer('PS256', 'p1'),
    signer('ES256', 'e1'),
    signer('RS256', 'r1'),
  ]);
});

function verifying(change: Partial<JwtSettings> = {}) {
  const issuer = new Issuer(rsa.jwk, pss.jwk, ec.jwk);
  const verifier = createJwtVerifier({
    settings: { ...settings, ...change },
    fetch: issuer.fetch,
    log: new Warnings(),
  });
  return (token: string, at = now) => verifier.verify(token, at);
}

const withClaims = async (claims: object, change: Partial<JwtSettings> = {}) =>
  verifying(change)(await ec.sign(claims));
const bytesOf = (token: string) =>
  token
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('hex'))
    .join('.');
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token of the issuer', () => {
  it('makes a principal of its subject, tenant and rights, with each algorithm', async () => {
    const verify = verifying();
    for (const { sign } of [rsa, pss, ec])
      expect(await verify(await sign())).toStrictEqual({
        kind: 'principal',
        principal: { kind: 'jwt', id: 'anna', name: 'anna', rights: ['read'], tenants: ['acme'] },
      });
  });

  it.each<[string, object, Partial<JwtSettings>, object]>([
    ['a list of tenants', { 'custom:tenant': ['acme', 'b', 'acme'] }, {}, { tenants: ['acme', 'b'] }],
    [
      'every tenant, where a value says so',
      { 'custom:tenant': '*' },
      { allTenants: '*' },
      { tenants: 'all' },
    ],
    ['every tenant, in a list', { 'custom:tenant': ['acme', '*'] }, { allTenants: '*' }, { tenants: 'all' }],
    ['a tenant called all', { 'custom:tenant': 'all' }, {}, { tenants: ['all'] }],
    ['another claim for the tenant', { org: 'b' }, { tenantClaim: 'org' }, { tenants: ['b'] }],
    [
      'several scopes',
      { scope: 'sentinel-lake:test x sentinel-lake:read' },
      {},
      { rights: ['read', 'test'] },
    ],
    ['scopes as a list', { scope: ['sentinel-lake:admin', 'openid'] }, {}, { rights: ['admin'] }],
    [
      'another claim and prefix for the rights',
      { 'cognito:groups': ['soc-respond', 'sentinel-lake:admin'] },
      { rightsClaim: 'cognito:groups', rightsPrefix: 'soc-' },
      { rights: ['respond'] },
    ],
    ['rights without a prefix', { scope: 'read' }, { rightsPrefix: '' }, { rights: ['read'] }],
    ['another audience of ours', { aud: ['x', 'sentinel-lake-test'] }, {}, { id: 'anna' }],
    ['the longest subject', { sub: 'x'.repeat(255) }, {}, { id: 'x'.repeat(255) }],
  ])('may say %s', async (_, claims, change, expected) => {
    expect(await withClaims(claims, change)).toMatchObject({ kind: 'principal', principal: expected });
  });

  it.each<[string, object, string]>([
    ['another issuer', { iss: 'https://id.example.com' }, 'iss'],
    ['no issuer', { iss: undefined }, 'iss'],
    ['another audience', { aud: 'other' }, 'aud'],
    ['no audience', { aud: undefined }, 'aud'],
    ['no subject', { sub: undefined }, 'sub'],
    ['an empty subject', { sub: '' }, 'sub'],
    ['a subject with a line break', { sub: 'a\nb' }, 'sub'],
    ['a long subject', { sub: 'x'.repeat(256) }, 'sub'],
    ['no end', { exp: undefined }, 'exp'],
    ['no tenant', { 'custom:tenant': undefined }, 'custom:tenant'],
    ['an empty list of tenants', { 'custom:tenant': [] }, 'custom:tenant'],
    ['tenants with spaces between', { 'custom:tenant': 'acme b' }, 'custom:tenant'],
    ['a tenant that is none beside a good one', { 'custom:tenant': ['acme', 7] }, 'custom:tenant'],
    ['every tenant, where nothing says so', { 'custom:tenant': '*' }, 'custom:tenant'],
    ['no rights', { scope: undefined }, 'scope'],
    ['rights without the prefix', { scope: 'read admin' }, 'scope'],
    ['rights in other letters', { scope: 'sentinel-lake:Read SENTINEL-LAKE:read' }, 'scope'],
    ['rights that are a map', { scope: { 'sentinel-lake:read': true } }, 'scope'],
    ['an unknown right', { scope: 'sentinel-lake:write sentinel-lake:' }, 'scope'],
  ])('with %s is refused, by the name of the claim', async (_, claims, claim) => {
    expect(await withClaims(claims)).toMatchObject({
      kind: 'refused',
      code: 'token_invalid',
      message: expect.stringContaining(`claim ${claim} `),
    });
  });

  it('does not take what every object has for a claim', async () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(await withClaims({}, { tenantClaim: name })).toMatchObject({ code: 'token_invalid' });
  });

  it('is good from a minute before it begins to a minute after its end, and no longer', async () => {
    const verify = verifying();
    const token = await ec.sign();
    const at = (seconds: number) => verify(token, seconds * 1000);
    const { nbf, exp } = goodClaims;
    expect(await at(nbf - 61)).toMatchObject({ code: 'token_invalid' });
    expect(await at(nbf - 60)).toMatchObject({ kind: 'principal' });
    expect(await at(exp + 59)).toMatchObject({ kind: 'principal' });
    expect(await at(exp + 60)).toMatchObject({ code: 'token_expired' });
  });

  it.each([undefined, 'JWT', 'at+jwt', 'application/at+jwt', 'AT+JWT'])(
    'may be of the type %s',
    async (typ) => {
      const token = await ec.sign({}, typ === undefined ? { typ: undefined } : { typ });
      expect(await verifying()(token)).toMatchObject({ kind: 'principal' });
    },
  );

  it.each(['logout+jwt', 'dpop+jwt', ''])('is refused with the type %j', async (typ) => {
    expect(await verifying()(await ec.sign({}, { typ }))).toMatchObject({ code: 'token_invalid' });
  });
});

describe('a token that the issuer has not made', () => {
  it('is refused where a stranger has signed it with a key of the same name', async () => {
    expect(await verifying()(await stranger.sign())).toMatchObject({
      code: 'token_invalid',
      message: expect.stringContaining('signature is wrong'),
    });
  });

  it('is refused without a signature', async () => {
    const token = `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(goodClaims)}.`;
    expect(await verifying()(token)).toMatchObject({ code: 'token_invalid' });
  });

  it.each(['HS256', 'HS512'])('is refused with %s, keyed with what the issuer publishes', async (alg) => {
    const head = `${encoded({ alg, kid: 'r1', typ: 'JWT' })}.${encoded(goodClaims)}`;
    for (const secret of [await exportSPKI(rsa.publicKey), JSON.stringify(rsa.jwk)]) {
      const signature = createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret)
        .update(head)
        .digest('base64url');
      expect(await verifying()(`${head}.${signature}`)).toMatchObject({
        code: 'token_invalid',
        message: expect.stringContaining('not signed with RS256, ES256, PS256'),
      });
    }
  });

  it.each(['RS384', 'ES384', 'EdDSA'])('is refused with %s, although it is a good algorithm', async (alg) => {
    const other = await signer(alg, 'o1');
    const issuer = new Issuer(other.jwk);
    const verifier = createJwtVerifier({ settings, fetch: issuer.fetch, log: new Warnings() });
    expect(await verifier.verify(await other.sign(), now)).toMatchObject({ code: 'token_invalid' });
  });

  it('is refused with a key inside it', async () => {
    const token = await stranger.sign({}, { jwk: stranger.jwk, jku: 'https://evil.example.com/keys' });
    expect(await verifying()(token)).toMatchObject({ code: 'token_invalid' });
  });

  it('is refused when any character of a good one is changed', async () => {
    const token = await ec.sign();
    const verify = verifying();
    await fc.assert(
      fc.asyncProperty(mutationOf(token), async (mutated) => {
        // The last character of a part has bits that stand for nothing.
        fc.pre(bytesOf(mutated) !== bytesOf(token));
        expect(await verify(mutated)).toMatchObject({ kind: 'refused', code: 'token_invalid' });
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused whatever it is, without an exception', async () => {
    const verify = verifying();
    const part = fc.oneof(
      fc.base64String().map((text) => text.replace(/=+$/, '')),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
      fc
        .record({ alg: fc.constantFrom('RS256', 'none', 7), kid: fc.anything(), crit: fc.anything() })
        .map((header) => {
          const text = JSON.stringify(header, (_, value) =>
            typeof value === 'bigint' ? String(value) : value,
          );
          return Buffer.from(text).toString('base64url');
        }),
    );
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (token) => {
        expect(await verify(token)).toMatchObject({ kind: 'refused', code: 'token_invalid' });
      }),
      { numRuns: 500 },
    );
    expect(await verify('x'.repeat(10_241))).toMatchObject({ message: expect.stringContaining('too long') });
  });

  it('leaves no trace of itself in the answer', async () => {
    const verify = verifying();
    const tokens = [
      await stranger.sign(),
      await ec.sign({ exp: 1 }),
      await ec.sign({ aud: 'aud-that-is-not-ours' }),
      await ec.sign({ 'custom:tenant': 'Tenant-that-is-none' }),
      await ec.sign({ scope: 'scope-of-another-application' }),
      await ec.sign({}, { kid: 'kid-that-nobody-knows' }),
      (await ec.sign()).slice(0, -5),
      (await ec.sign()).replaceAll('.', '-'),
    ];
    for (const token of tokens) {
      const answer = await verify(token);
      expect(answer.kind).toBe('refused');
      const text = JSON.stringify(answer);
      expect(tells(text, token)).toBe(false);
      expect(text).not.toMatch(/that-is|that-nobody|another-application/);
    }
  });
});

describe('the settings of the issuer', () => {
  it.each<[string, Partial<JwtSettings>, string]>([
    ['no issuer', { issuer: '' }, 'need an issuer'],
    ['no audience', { audiences: [] }, 'at least one audience'],
    ['an empty audience', { audiences: ['a', ''] }, 'at least one audience'],
    ['keys over http', { jwksUrl: 'http://id.example.com/keys' }, 'is not an https URL'],
    ['keys in a file', { jwksUrl: 'file:///keys' }, 'is not an https URL'],
    ['no URL', { jwksUrl: 'keys' }, 'is not an https URL'],
    ['a password in the URL', { jwksUrl: 'https://a:b@id.example.com/keys' }, 'without a user and password'],
    ['an empty value for all', { allTenants: '' }, 'stands for every tenant is empty'],
  ])('are refused with %s', (_, change, message) => {
    expect(() => createJwtVerifier({ settings: { ...settings, ...change }, log: new Warnings() })).toThrow(
      message,
    );
  });
});
