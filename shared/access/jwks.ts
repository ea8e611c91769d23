import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { ConnectorError } from '../errors.ts';
import type { Log } from '../ports.ts';

/** The part of `fetch` that is needed here. */
export type FetchJwks = (
  url: string,
  init: { readonly redirect: 'error'; readonly signal: AbortSignal; readonly headers: { accept: string } },
) => Promise<Response>;

export interface JwksOptions {
  /** Where the issuer publishes its keys; https, and nothing else is ever fetched. */
  readonly url: string;
  readonly fetch: FetchJwks;
  readonly log: Log;
}

/** The issuer's public keys, read when they are needed and kept. `now` is epoch milliseconds. */
export interface Jwks {
  /** Keys read in the last ten minutes; while the issuer is down, in the last hour. Throws `ConnectorError` `jwks_unavailable`. */
  current(now: number): Promise<JWTVerifyGetKey>;
  /**
   * Keys read after those that were `seen`, for a token that names one which is not among them. Undefined where there are none
   * and the last were read less than half a minute ago: made-up names must not lead to a flood of requests. Throws like
   * `current`.
   */
  newer(seen: JWTVerifyGetKey, now: number): Promise<JWTVerifyGetKey | undefined>;
}

const freshMs = 10 * 60_000;
const staleMs = 60 * 60_000;
const cooldownMs = 30_000;
/** After a failure nothing is fetched for so long, and calls that need it fail at once. */
const retryMs = 5_000;
const timeoutMs = 3_000;
const mostBytes = 256 * 1024;
const mostKeys = 100;

/** @throws Error where the URL is not an https URL */
export function createJwks({ url, fetch, log }: JwksOptions): Jwks {
  assertHttps(url);
  let held: { readonly keys: JWTVerifyGetKey; readonly readAt: number } | undefined;
  let failed: { readonly error: ConnectorError; readonly at: number } | undefined;
  let pending: Promise<JWTVerifyGetKey> | undefined;

  async function read(now: number): Promise<JWTVerifyGetKey> {
    try {
      const keys = createLocalJWKSet(await fetchKeys(url, fetch));
      held = { keys, readAt: now };
      return keys;
    } catch (cause) {
      const error = unavailable(cause);
      failed = { error, at: now };
      log.warn(error.message, {
        url,
        cause: String(cause instanceof Error ? (cause.cause ?? cause) : cause),
      });
      throw error;
    }
  }

  /** One request at a time, whoever waits for it. */
  function readOnce(now: number): Promise<JWTVerifyGetKey> {
    if (failed !== undefined && now - failed.at < retryMs) return Promise.reject(failed.error);
    pending ??= read(now).finally(() => {
      pending = undefined;
    });
    return pending;
  }

  return {
    async current(now) {
      const known = held;
      if (known !== undefined && now - known.readAt < freshMs) return known.keys;
      try {
        return await readOnce(now);
      } catch (error) {
        // `read` has logged it.
        if (known !== undefined && now - known.readAt < staleMs) return known.keys;
        throw error;
      }
    },
    async newer(seen, now) {
      if (held !== undefined && held.keys !== seen) return held.keys;
      if (held !== undefined && now - held.readAt < cooldownMs) return undefined;
      return readOnce(now);
    },
  };
}

function assertHttps(url: string): void {
  const { protocol, username, password } = URL.parse(url) ?? {};
  if (protocol !== 'https:' || username !== '' || password !== '')
    throw new Error('The JWKS URL of the token issuer is not an https URL without a user and password.');
}

/** What is wrong with the issuer's answer, in words that end a sentence. */
class UnusableJwks extends Error {}

async function fetchKeys(url: string, fetch: FetchJwks): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: 'application/jwk-set+json, application/json' },
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new UnusableJwks(`the issuer answered with status ${response.status}`);
  }
  const keys = keysOf(await boundedText(response));
  if (keys === undefined) throw new UnusableJwks('the answer is not a JSON Web Key Set');
  if (keys.length > mostKeys) throw new UnusableJwks(`the answer holds more than ${mostKeys} keys`);
  return { keys: keys.flatMap(verifyingKey) };
}

async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > mostBytes) throw new UnusableJwks(`the answer is longer than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

type Jwk = JSONWebKeySet['keys'][number];
/** What the issuer publishes; nothing of it is checked but that it says what kind of key it is. */
type PublishedKey = Jwk & { readonly kty: string };

function keysOf(text: string): readonly PublishedKey[] | undefined {
  try {
    const value: { readonly keys?: unknown } | null = JSON.parse(text);
    const keys = value?.keys;
    return Array.isArray(keys) && keys.every(isJwk) ? keys : undefined;
  } catch {
    // Not JSON, which is said of it together with everything else that is no key set.
    return undefined;
  }
}

function isJwk(value: unknown): value is PublishedKey {
  return typeof value === 'object' && value !== null && 'kty' in value && typeof value.kty === 'string';
}

/**
 * The key with nothing in it that is not public, in a list; an empty one for a key that cannot verify a token. Of such keys a set
 * may have any number (RFC 7517, 5): a token that names one has no key. RSA keys must have 2048 bits (RFC 7518, 3.3).
 */
function verifyingKey(jwk: PublishedKey): readonly Jwk[] {
  const { kid, alg, use, key_ops: uses, d } = jwk;
  // A private key that is published can sign for anybody.
  if (d !== undefined || (uses !== undefined && !(Array.isArray(uses) && uses.includes('verify')))) return [];
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    const { modulusLength } = key.asymmetricKeyDetails ?? {};
    if (modulusLength !== undefined && modulusLength < 2048) return [];
    return [
      {
        ...key.export({ format: 'jwk' }),
        kty: jwk.kty,
        ...(kid === undefined ? {} : { kid }),
        ...(alg === undefined ? {} : { alg }),
        ...(use === undefined ? {} : { use }),
      },
    ];
  } catch {
    // Another kind of key, or a damaged one.
    return [];
  }
}

function unavailable(cause: unknown): ConnectorError {
  const reason =
    cause instanceof UnusableJwks
      ? cause.message
      : cause instanceof Error && cause.name === 'TimeoutError'
        ? `it took longer than ${timeoutMs} ms`
        : 'the issuer could not be reached';
  return new ConnectorError(
    {
      code: 'jwks_unavailable',
      message: `The keys of the token issuer could not be read: ${reason}.`,
      health: 'unavailable',
      retryable: true,
      recommendation:
        'Try again in a few seconds, or use an API key. If it lasts, check the configured JWKS URL.',
      retryAfterMs: retryMs,
    },
    { cause },
  );
}
