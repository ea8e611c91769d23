import { micros } from '../world/micro-time.ts';
import { draws, purpose } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { unauthorized } from './vendor-error.ts';

/** What a token is good for. Times in epoch milliseconds. */
export interface TokenGrant {
  /** What logs call it; the token itself is never logged. */
  readonly label: string;
  readonly role: 'Admin' | 'Viewer';
  /** The only site that the token sees; undefined for all of them. */
  readonly siteId: string | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** The tokens that the simulator hands out, made from the seed. */
export interface IssuedTokens {
  readonly admin: string;
  readonly viewer: string;
  readonly siteScoped: string;
  readonly expired: string;
}

export interface Tokens {
  readonly issued: IssuedTokens;
  /** The labels of all tokens that are accepted or refused as expired. */
  readonly labels: readonly string[];
  /** Undefined for a token that was never issued. */
  find(token: string): TokenGrant | undefined;
}

const dayMs = micros.day / micros.millisecond;

/** @param extraToken accepted like the admin's, besides it */
export function tokens(world: World, extraToken: string | undefined): Tokens {
  const { seed, epochMs } = world.options;
  const made = (name: string, index: number) =>
    `simulator-${name}-${draws(seed, purpose.token, index).hex(40)}`;
  const issued = {
    admin: made('admin', 0),
    viewer: made('viewer', 1),
    siteScoped: made('site', 2),
    expired: made('expired', 3),
  };
  const createdAtMs = epochMs - 60 * dayMs;
  const admin: TokenGrant = {
    label: 'admin',
    role: 'Admin',
    siteId: undefined,
    createdAtMs,
    expiresAtMs: epochMs + 365 * dayMs,
  };
  const grants = new Map<string, TokenGrant>([
    [issued.admin, admin],
    [issued.viewer, { ...admin, label: 'viewer', role: 'Viewer', expiresAtMs: epochMs + 180 * dayMs }],
    [issued.siteScoped, { ...admin, label: 'siteScoped', role: 'Viewer', siteId: world.sites.id(0) }],
    [issued.expired, { ...admin, label: 'expired', expiresAtMs: epochMs - dayMs }],
    ...(extraToken === undefined ? [] : ([[extraToken, { ...admin, label: 'extra' }]] as const)),
  ]);
  return {
    issued,
    labels: [...grants.values()].map((grant) => grant.label),
    find: (token) => grants.get(token),
  };
}

const authorization = /^(?:ApiToken|Token) +(\S+)$/i;

/** The grant of a request's Authorization header. Throws 401 where there is no valid one. */
export function authenticate(tokens: Tokens, header: string | undefined, nowMs: number): TokenGrant {
  const token = authorization.exec(header ?? '')?.[1];
  const grant = token === undefined ? undefined : tokens.find(token);
  if (grant === undefined || grant.expiresAtMs <= nowMs) throw unauthorized();
  return grant;
}

/** For the request log, also of requests that are refused: which token came, never the token. */
export function tokenLabel(tokens: Tokens, header: string | undefined): string {
  if (header === undefined) return 'none';
  return tokens.find(authorization.exec(header)?.[1] ?? '')?.label ?? 'unknown';
}
