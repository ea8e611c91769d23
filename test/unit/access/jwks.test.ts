import { beforeAll, describe, expect, it } from 'vitest';
import { createJwks } from '../../../shared/access/jwks.ts';
import { createJwtVerifier } from '../../../shared/access/jwt.ts';
import { now } from './key-support.ts';
import { Issuer, settings, signer, Warnings } from './token-support.ts';

type Signer = Awaited<ReturnType<typeof signer>>;
let old: Signer;
let rotated: Signer;
const exp = Math.floor(now / 1000) + 86_400;

beforeAll(async () => {
  [old, rotated] = await Promise.all([signer('ES256', 'old'), signer('ES256', 'rotated')]);
});

function verifying(...keys: readonly unknown[]) {
  const issuer = new Issuer(...keys);
  const log = new Warnings();
  const verifier = createJwtVerifier({ settings, fetch: issuer.fetch, log });
  return { issuer, log, verify: (token: string, at = 0) => verifier.verify(token, now + at) };
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const letIn = { kind: 'principal' };
const noKey = { code: 'token_invalid', message: expect.stringContaining('none of the keys') };
const unavailable = (reason: string) => ({
  code: 'jwks_unavailable',
  health: 'unavailable',
  retryable: true,
  message: `The keys of the token issuer could not be read: ${reason}.`,
});

describe('the keys of the issuer', () => {
  it('are read once, for the first token, from the configured URL only', async () => {
    const { issuer, verify } = verifying(old.jwk);
    expect(issuer.requests).toHaveLength(0);
    const token = await old.sign({ exp });
    const answers = await Promise.all(Array.from({ length: 10 }, () => verify(token)));
    for (const answer of answers) expect(answer).toMatchObject(letIn);
    expect(await verify(token, 10 * minuteMs - 1)).toMatchObject(letIn);
    expect(issuer.requests).toStrictEqual([{ url: settings.jwksUrl, redirect: 'error', hasSignal: true }]);
  });

  it('are read again after ten minutes, so that a withdrawn key does not live on', async () => {
    const { issuer, verify } = verifying(old.jwk);
    const token = await old.sign({ exp });
    await verify(token);
    issuer.keys = [rotated.jwk];
    expect(await verify(token, 10 * minuteMs)).toMatchObject(noKey);
    expect(issuer.requests).toHaveLength(2);
  });

  it('are read again for a new one, but not for every name that is made up', async () => {
    const { issuer, verify } = verifying(old.jwk);
    await verify(await old.sign({ exp }));
    issuer.keys = [old.jwk, rotated.jwk];
    const token = await rotated.sign({ exp });
    expect(await verify(token, 29 * secondMs)).toMatchObject(noKey);
    expect(issuer.requests).toHaveLength(1);
    expect(await verify(token, 30 * secondMs)).toMatchObject(letIn);
    expect(issuer.requests).toHaveLength(2);
    for (let i = 0; i < 20; i++) {
      const madeUp = await rotated.sign({ exp }, { kid: `made up ${i}` });
      expect(await verify(madeUp, 31 * secondMs + i)).toMatchObject(noKey);
    }
    expect(issuer.requests).toHaveLength(2);
  });

  it('are read once for many tokens that name a new one at the same time', async () => {
    const { issuer, verify } = verifying(old.jwk);
    await verify(await old.sign({ exp }));
    issuer.keys = [rotated.jwk];
    const token = await rotated.sign({ exp });
    const answers = await Promise.all(Array.from({ length: 10 }, () => verify(token, minuteMs)));
    for (const answer of answers) expect(answer).toMatchObject(letIn);
    expect(issuer.requests).toHaveLength(2);
  });

  it('are not read again for whoever has seen older ones than there are', async () => {
    const { fetch, requests } = new Issuer(old.jwk);
    const jwks = createJwks({ url: settings.jwksUrl, fetch, log: new Warnings() });
    const seen = await jwks.current(now);
    const newer = await jwks.newer(seen, now + 30 * secondMs);
    expect(newer).not.toBe(seen);
    expect(await jwks.newer(seen, now + 30 * secondMs)).toBe(newer);
    expect(requests).toHaveLength(2);
  });

  it('are not read for a token that would be refused anyhow', async () => {
    const { issuer, verify } = verifying(old.jwk);
    await verify(await old.sign({ exp }));
    for (const token of [await old.sign({ exp, aud: 'x' }), await old.sign({ exp: 1 }), 'garbage'])
      expect(await verify(token, 5 * minuteMs)).toMatchObject({ kind: 'refused' });
    expect(issuer.requests).toHaveLength(1);
  });

  it('stay good for an hour while the issuer is down, with a warning each time it is asked', async () => {
    const { issuer, log, verify } = verifying(old.jwk);
    const token = await old.sign({ exp });
    await verify(token);
    issuer.instead = () => new Response('down', { status: 500 });
    expect(await verify(token, 10 * minuteMs)).toMatchObject(letIn);
    // Within five seconds it is not asked again.
    expect(await verify(token, 10 * minuteMs + 4_999)).toMatchObject(letIn);
    expect(issuer.requests).toHaveLength(2);
    expect(await verify(token, 10 * minuteMs + 5_000)).toMatchObject(letIn);
    expect(issuer.requests).toHaveLength(3);
    expect(log.lines).toHaveLength(2);
    expect(log.lines[0]).toContain('status 500');
    await expect(verify(token, 60 * minuteMs)).rejects.toMatchObject(
      unavailable('the issuer answered with status 500'),
    );
    issuer.instead = undefined;
    expect(await verify(token, 60 * minuteMs + 5_000)).toMatchObject(letIn);
  });

  it('leave it open whose a token is that names a new one while the issuer is down', async () => {
    const { issuer, log, verify } = verifying(old.jwk);
    await verify(await old.sign({ exp }));
    issuer.instead = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ENOTFOUND') }));
    const token = await rotated.sign({ exp });
    const reason = unavailable('the issuer could not be reached');
    await expect(verify(token, minuteMs)).rejects.toMatchObject({ ...reason, retryAfterMs: 5_000 });
    await expect(verify(token, minuteMs + 1)).rejects.toMatchObject(reason);
    expect(log.lines).toStrictEqual([expect.stringContaining('ENOTFOUND')]);
    expect(issuer.requests).toHaveLength(2);
  });

  it.each<[string, () => Response | Promise<Response>, string]>([
    ['a status', () => new Response('{"keys":[]}', { status: 404 }), 'the issuer answered with status 404'],
    [
      'a redirect that was not followed',
      () => new Response(null, { status: 302 }),
      'the issuer answered with status 302',
    ],
    ['no JSON', () => new Response('<html>'), 'the answer is not a JSON Web Key Set'],
    ['null', () => new Response('null'), 'the answer is not a JSON Web Key Set'],
    ['nothing', () => new Response(null), 'the answer is not a JSON Web Key Set'],
    ['a list', () => new Response('[]'), 'the answer is not a JSON Web Key Set'],
    ['keys that are none', () => new Response('{"keys":[7]}'), 'the answer is not a JSON Web Key Set'],
    [
      'too many keys',
      () => Response.json({ keys: Array.from({ length: 101 }, () => ({ kty: 'EC' })) }),
      'the answer holds more than 100 keys',
    ],
    [
      'too much',
      () => new Response(`{"keys":[]${' '.repeat(256 * 1024)}}`),
      'the answer is longer than 262144 bytes',
    ],
    [
      'nothing in time',
      () => Promise.reject(new DOMException('timed out', 'TimeoutError')),
      'it took longer than 3000 ms',
    ],
  ])('cannot be read where the issuer answers with %s', async (_, instead, reason) => {
    const { issuer, verify } = verifying();
    issuer.instead = instead;
    await expect(verify(await old.sign({ exp }))).rejects.toMatchObject(unavailable(reason));
  });

  it('stops reading an answer that does not end', async () => {
    const { issuer, verify } = verifying();
    let sent = 0;
    let isCancelled = false;
    issuer.instead = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            sent += 1;
            controller.enqueue(new Uint8Array(65_536));
          },
          cancel() {
            isCancelled = true;
          },
        }),
      );
    await expect(verify(await old.sign({ exp }))).rejects.toMatchObject({ code: 'jwks_unavailable' });
    expect(sent).toBeLessThan(10);
    expect(isCancelled).toBe(true);
  });

  it('count only where they are strong, public and for signatures', async () => {
    const { privateKey, jwk, sign } = await signer('RS256', 'r1');
    const token = await sign({ exp });
    const privateJwk = await crypto.subtle.exportKey('jwk', privateKey);
    const others = [
      { kty: 'oct', k: 'AAAA', kid: 'r1' },
      { kty: 'EC', kid: 'r1' },
      { kty: 'new', kid: 'r1' },
    ];
    for (const good of [jwk, { ...jwk, key_ops: ['verify', 'encrypt'], ext: false, x5c: ['none'] }])
      expect(await verifying(...others, good).verify(token)).toMatchObject(letIn);
    for (const other of [
      { ...jwk, n: 'AQAB' },
      { ...jwk, n: Buffer.from(String(jwk.n), 'base64url').subarray(0, 128).toString('base64url') },
      { ...jwk, n: undefined },
      { ...jwk, n: '!' },
      { ...jwk, kty: 'AKP' },
      { ...old.jwk, kid: 'r1', alg: 'RS256' },
      { ...jwk, use: 'enc' },
      { ...jwk, key_ops: ['encrypt'] },
      { ...jwk, key_ops: 'verify' },
      { ...jwk, alg: 'RSA-OAEP' },
      { ...jwk, kid: 'r2' },
      { ...privateJwk, kid: 'r1', key_ops: ['verify'] },
    ])
      expect(await verifying(other).verify(token)).toMatchObject({ code: 'token_invalid' });
  });

  it('need no name where there is one only, and one where there are two', async () => {
    const nameless = await old.sign({ exp }, { kid: undefined });
    expect(await verifying(old.jwk).verify(nameless)).toMatchObject(letIn);
    expect(await verifying(old.jwk, rotated.jwk).verify(nameless)).toMatchObject(noKey);
  });
});
