import { type ApiKey, type KeyParts, secretMatches } from './api-key.ts';
import type { JwtVerifier } from './jwt.ts';
import { type KeyStore, minuteOf } from './key-store.ts';
import { presentedCredential, type RequestHeaders } from './presented-credential.ts';
import type { Principal } from './principal.ts';
import { type Refusal, refusal } from './refusal.ts';

export interface AuthenticateDependencies {
  readonly keys: Pick<KeyStore, 'get' | 'use'>;
  /** Where absent, bearer tokens are refused. */
  readonly jwt?: JwtVerifier;
  /** For each key, over all processes; `defaultRequestsPerMinute` where absent. */
  readonly requestsPerMinute?: number;
}

export interface AuthenticateRequest {
  readonly headers: RequestHeaders;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type Authentication =
  | {
      readonly kind: 'principal';
      readonly principal: Principal;
      /** Of an API key, this one included; tokens are not counted. */
      readonly requestsThisMinute?: number;
    }
  | Refusal;

export const defaultRequestsPerMinute = 600;

/**
 * Finds out whom a call comes from, by an API key or a token of the configured issuer. Calls with an AWS signature have been
 * checked by the gateway; `principalFromIam` is for them.
 * Throws what the store throws, and `ConnectorError` `jwks_unavailable` where the issuer's keys cannot be read.
 */
export async function authenticate(
  { headers, now }: AuthenticateRequest,
  { keys, jwt, requestsPerMinute = defaultRequestsPerMinute }: AuthenticateDependencies,
): Promise<Authentication> {
  const presented = presentedCredential(headers);
  if (presented.kind === 'refused') return presented;
  if (presented.kind === 'token') return jwt === undefined ? noTokens : jwt.verify(presented.token, now);

  const key = await knownKey(presented.key, keys);
  if (key === undefined) return unknownKey;
  if (key.revokedAt !== undefined) return revokedKey;
  if (key.expiresAt !== undefined && key.expiresAt <= now) return expiredKey;
  const requestsThisMinute = await keys.use(key.id, now, key.lastUsedAt);
  if (requestsThisMinute > requestsPerMinute) return rateLimited(requestsPerMinute, now);
  const { id, name, rights, tenants } = key;
  return { kind: 'principal', principal: { kind: 'key', id, name, rights, tenants }, requestsThisMinute };
}

/** The stored key, if the secret is its own. An unknown id and a wrong secret take the same steps and the same way out. */
async function knownKey(
  { id, secret }: KeyParts,
  keys: AuthenticateDependencies['keys'],
): Promise<ApiKey | undefined> {
  const stored = await keys.get(id);
  return secretMatches(secret, stored?.secretHash) ? stored : undefined;
}

const unknownKey = refusal(
  'key_unknown',
  'There is no such API key.',
  'Check that the key is complete and of this installation; if it is lost, have an admin create a new one.',
);
const revokedKey = refusal(
  'key_revoked',
  'This API key has been revoked.',
  'Use another key, or have an admin create a new one.',
);
const expiredKey = refusal(
  'key_expired',
  'This API key has expired.',
  'Have an admin create a new key; the time of an existing one cannot be extended.',
);
const noTokens = refusal(
  'key_malformed',
  'The header Authorization holds a bearer token that is no API key, and this installation takes API keys only.',
  'Send an API key, which begins with sl_. To use tokens of an identity provider, configure its issuer first.',
);

function rateLimited(limit: number, now: number): Refusal {
  return {
    ...refusal(
      'rate_limited',
      `This API key has made its ${limit} requests of this minute.`,
      'Wait as long as Retry-After says. Ask less often, or have the limit raised in the configuration.',
    ),
    retryAfterSeconds: Math.ceil(((minuteOf(now) + 1) * 60_000 - now) / 1000),
  };
}
