import { micros } from '../world/micro-time.ts';
import { draws, purpose } from '../world/random.ts';
import type { World } from '../world/world.ts';
import type { Surface } from './endpoint.ts';
import { unauthorized, VendorError } from './vendor-error.ts';

/** What a token is good for. Times in epoch milliseconds. */
export interface TokenGrant {
  /** What logs call it; the token itself is never logged. */
  readonly label: string;
  readonly role: 'Admin' | 'Viewer';
  /** True where its role lets it do something, and not only look. */
  readonly mayAct: boolean;
  /** The only site that the token sees; undefined for all of them. */
  readonly siteId: string | undefined;
  /** Permissions that its role or its scope lacks, each with the detail of the refusal. */
  readonly refused: ReadonlyMap<string, string>;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** The tokens that the simulator hands out, made from the seed. */
export interface IssuedTokens {
  readonly admin: string;
  readonly viewer: string;
  /** Sees one site only, by a role of its own that may act there. */
  readonly siteScoped: string;
  readonly expired: string;
  /** A viewer whose role may not read Deep Visibility. */
  readonly withoutDeepVisibility: string;
  /** Of a scope that is not licensed for custom rules. */
  readonly withoutStar: string;
  /** A viewer with the limits of the console's options; without such, one as good as the viewer's. */
  readonly limited: string;
}

/** What the `limited` token may not do. */
export interface TokenLimits {
  /** Permissions that its role lacks, in the console's own words, e.g. `Rogues.view`. */
  readonly refused?: readonly string[];
  /** True where it is bound to the same site as the `siteScoped` one. */
  readonly isSiteScoped?: boolean;
  /** True where it may act, as far as it is not refused. */
  readonly mayAct?: boolean;
}

export interface Tokens {
  readonly issued: IssuedTokens;
  /** The labels of all tokens that are accepted or refused as expired. */
  readonly labels: readonly string[];
  /** Undefined for a token that was never issued. */
  find(token: string): TokenGrant | undefined;
}

export const noPermission = 'User does not have required permissions';
const deepVisibility = new Map([
  ['SDL Data.viewEdr', noPermission],
  ['Skylight Query API.view', noPermission],
]);
const customRules = new Map([['Custom Alerts.view', 'This scope does not have Custom Rules enabled.']]);

const dayMs = micros.day / micros.millisecond;

/** @param extraToken accepted like the admin's, besides it */
export function tokens(world: World, extraToken: string | undefined, limits: TokenLimits = {}): Tokens {
  const { seed, epochMs } = world.options;
  const made = (name: string, index: number) =>
    `simulator-${name}-${draws(seed, purpose.token, index).hex(40)}`;
  const issued = {
    admin: made('admin', 0),
    viewer: made('viewer', 1),
    siteScoped: made('site', 2),
    expired: made('expired', 3),
    withoutDeepVisibility: made('without-dv', 4),
    withoutStar: made('without-star', 5),
    limited: made('limited', 6),
  };
  const createdAtMs = epochMs - 60 * dayMs;
  const admin: TokenGrant = {
    label: 'admin',
    role: 'Admin',
    mayAct: true,
    siteId: undefined,
    refused: new Map(),
    createdAtMs,
    expiresAtMs: epochMs + 365 * dayMs,
  };
  const viewer: TokenGrant = {
    ...admin,
    label: 'viewer',
    role: 'Viewer',
    mayAct: false,
    expiresAtMs: epochMs + 180 * dayMs,
  };
  const siteId = world.sites.id(0);
  const grants = new Map<string, TokenGrant>([
    [issued.admin, admin],
    [issued.viewer, viewer],
    [issued.siteScoped, { ...viewer, label: 'siteScoped', siteId, mayAct: true }],
    [issued.withoutDeepVisibility, { ...viewer, label: 'withoutDeepVisibility', refused: deepVisibility }],
    [issued.withoutStar, { ...viewer, label: 'withoutStar', refused: customRules }],
    [
      issued.limited,
      {
        ...viewer,
        label: 'limited',
        mayAct: limits.mayAct ?? false,
        siteId: limits.isSiteScoped ? siteId : undefined,
        refused: new Map((limits.refused ?? []).map((permission) => [permission, noPermission])),
      },
    ],
    [issued.expired, { ...admin, label: 'expired', expiresAtMs: epochMs - dayMs }],
    ...(extraToken === undefined ? [] : ([[extraToken, { ...admin, label: 'extra' }]] as const)),
  ]);
  return {
    issued,
    labels: [...grants.values()].map((grant) => grant.label),
    find: (token) => grants.get(token),
  };
}

const authorizations: Readonly<Record<Surface, RegExp>> = {
  management: /^(?:ApiToken|Token) +(\S+)$/i,
  sdl: /^Bearer +(\S+)$/i,
};

/** The grant of a request's Authorization header. Throws 401 where there is no valid one, and 500 where the data lake's API gets another scheme than Bearer. */
export function authenticate(
  tokens: Tokens,
  header: string | undefined,
  nowMs: number,
  surface: Surface = 'management',
): TokenGrant {
  const token = authorizations[surface].exec(header ?? '')?.[1];
  if (surface === 'sdl' && token === undefined)
    throw new VendorError(
      500,
      5_000_010,
      'Server could not process the request.',
      'Authorization header must start with Bearer',
    );
  const grant = token === undefined ? undefined : tokens.find(token);
  if (grant === undefined || grant.expiresAtMs <= nowMs) throw unauthorized();
  return grant;
}

/** For the request log, also of requests that are refused: which token came, never the token. */
export function tokenLabel(tokens: Tokens, header: string | undefined): string {
  if (header === undefined) return 'none';
  const token = Object.values(authorizations).map((form) => form.exec(header)?.[1]);
  return tokens.find(token.find((found) => found !== undefined) ?? '')?.label ?? 'unknown';
}
