import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { idProblem } from '../connectors/names.ts';
import type { Log } from '../ports.ts';
import { createJwks, type FetchJwks } from './jwks.ts';
import type { Principal } from './principal.ts';
import { type Refusal, refusal } from './refusal.ts';
import { rights as knownRights, type Right } from './rights.ts';

/** Whose tokens are taken, and where in them the tenants and rights are. */
export interface JwtSettings {
  /** Exactly the claim `iss`. */
  readonly issuer: string;
  /** The claim `aud` must hold one of these. */
  readonly audiences: readonly string[];
  /** The issuer's `jwks_uri`; https. */
  readonly jwksUrl: string;
  /** The claim with the tenant's id, or a list of ids; e.g. `custom:tenant`. */
  readonly tenantClaim: string;
  /** The value of the tenant claim that stands for every tenant. Where absent, tokens name their tenants one by one. */
  readonly allTenants?: string;
  /** The claim with the rights: words with spaces between, or a list; `scope` where absent. */
  readonly rightsClaim?: string;
  /** What stands before a right's name there; `sentinel-lake:` where absent. Words without it are other applications'. */
  readonly rightsPrefix?: string;
}

export interface JwtVerifierOptions {
  readonly settings: JwtSettings;
  readonly log: Log;
  /** `fetch` where absent. */
  readonly fetch?: FetchJwks;
}

export interface JwtVerifier {
  /**
   * Whom the token speaks of. Throws `ConnectorError` `jwks_unavailable` where that cannot be known now.
   * @param now epoch milliseconds
   */
  verify(
    token: string,
    now: number,
  ): Promise<{ readonly kind: 'principal'; readonly principal: Principal } | Refusal>;
}

/** Signatures with a public key only: with HS256 the public key would be the secret (RFC 8725, 2.1), and `none` is no signature. */
const algorithms = ['RS256', 'ES256', 'PS256'];
const clockToleranceSeconds = 60;
/** Longer than any that fits into API Gateway's headers (10,240 bytes). */
const longestToken = 10_240;
const accessTokenTypes = ['jwt', 'at+jwt', 'application/at+jwt'];
/** OpenID Connect Core, 2: at most 255 ASCII characters. */
const subjectPattern = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/**
 * Verifies access tokens of one issuer. One per process is enough and better: it keeps the issuer's keys. Throws a plain Error
 * where the settings are no good.
 */
export function createJwtVerifier({
  settings,
  log,
  fetch = globalThis.fetch,
}: JwtVerifierOptions): JwtVerifier {
  if (settings.allTenants === '') throw new Error('The value that stands for every tenant is empty.');
  if (settings.issuer === '' || settings.audiences.length === 0 || settings.audiences.includes(''))
    throw new Error('The settings for tokens need an issuer and at least one audience.');
  const jwks = createJwks({ url: settings.jwksUrl, fetch, log });

  async function verified(token: string, keys: JWTVerifyGetKey, now: number) {
    return jwtVerify(token, keys, {
      issuer: settings.issuer,
      audience: [...settings.audiences],
      algorithms,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
    });
  }

  async function verifiedWithNewerKeys(token: string, now: number) {
    const keys = await jwks.current(now);
    try {
      return await verified(token, keys, now);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const newer = await jwks.newer(keys, now);
      if (newer === undefined) throw error;
      return verified(token, newer, now);
    }
  }

  return {
    async verify(token, now) {
      if (token.length > longestToken) return invalid('It is too long.');
      try {
        const { payload, protectedHeader } = await verifiedWithNewerKeys(token, now);
        if (!isAccessToken(protectedHeader.typ)) return invalid('Its type is not that of an access token.');
        return principalOf(payload, settings);
      } catch (error) {
        if (error instanceof errors.JOSEError) return refusalOf(error);
        throw error;
      }
    },
  };
}

/** Other kinds of tokens of the same issuer, such as logout tokens, must not pass for one (RFC 8725, 3.11). Many issuers name none. */
function isAccessToken(type: unknown): boolean {
  return type === undefined || (typeof type === 'string' && accessTokenTypes.includes(type.toLowerCase()));
}

/** The library's messages are not passed on: what they say of a token is up to the library. */
function refusalOf(error: errors.JOSEError): Refusal {
  if (error instanceof errors.JWTExpired)
    return refusal('token_expired', 'The token has expired.', 'Get a new token from the identity provider.');
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`Its claim ${error.claim} is missing or not what it must be.`);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid(`It is not signed with ${algorithms.join(', ')}.`);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return invalid('It names none of the keys that the issuer publishes.');
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('Its signature is wrong.');
  return invalid('It is not a signed JSON Web Token.');
}

function principalOf(
  payload: JWTPayload,
  settings: JwtSettings,
): { readonly kind: 'principal'; readonly principal: Principal } | Refusal {
  const { sub } = payload;
  if (typeof sub !== 'string' || !subjectPattern.test(sub))
    return invalid('Its claim sub is not 1 to 255 printable ASCII characters.');
  const { tenantClaim, rightsClaim = 'scope', rightsPrefix = 'sentinel-lake:' } = settings;
  const tenants = tenantsOf(payload[tenantClaim], settings.allTenants);
  if (tenants === undefined)
    return invalid(`Its claim ${tenantClaim} is not the id of a tenant or a list of such.`);
  const rights = rightsOf(payload[rightsClaim], rightsPrefix);
  if (rights.length === 0)
    return invalid(
      `Its claim ${rightsClaim} names none of ${knownRights.map((right) => rightsPrefix + right).join(', ')}.`,
    );
  return { kind: 'principal', principal: { kind: 'jwt', id: sub, name: sub, rights, tenants } };
}

function tenantsOf(claim: unknown, all: string | undefined): Principal['tenants'] | undefined {
  const values: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  if (all !== undefined && values.includes(all)) return 'all';
  const ids = values.filter((value) => typeof value === 'string' && idProblem(value) === undefined);
  return ids.length === 0 || ids.length < values.length ? undefined : [...new Set(ids as string[])];
}

function rightsOf(claim: unknown, prefix: string): readonly Right[] {
  const words: readonly unknown[] =
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return knownRights.filter((right) => words.includes(`${prefix}${right}`));
}

function invalid(reason: string): Refusal {
  return refusal(
    'token_invalid',
    `The token is refused. ${reason}`,
    'Get an access token for this API from the configured issuer, with the tenant and the rights in its claims.',
  );
}
