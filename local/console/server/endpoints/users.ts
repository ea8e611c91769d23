import { formatMicros, micros } from '../../world/micro-time.ts';
import { jsonAnswer } from '../answer.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { refuseUnknown } from '../query.ts';
import { userOf } from '../token-user.ts';
import type { TokenGrant } from '../tokens.ts';
import { forbidden, invalidParameter, notFound, unauthorized } from '../vendor-error.ts';
import { roleIdOf } from './roles.ts';

const none = new Set<string>();

/** Every good token passes, whatever its role: it tells nobody from a viewer. */
export const viewerAuthCheck: Endpoint = {
  method: 'GET',
  path: '/users/viewer-auth-check',
  authentication: 'token',
  answer({ query }) {
    refuseUnknown(query, none);
    return jsonAnswer({ data: { success: true } });
  },
};

/** No token passes, an administrator's neither. */
export const tenantAdminAuthCheck: Endpoint = {
  method: 'GET',
  path: '/users/tenant-admin-auth-check',
  authentication: 'token',
  answer({ query }) {
    refuseUnknown(query, none);
    throw forbidden('User does not have required permissions');
  },
};

/** The token's own user. */
export const user: Endpoint = {
  method: 'GET',
  path: '/user',
  authentication: 'token',
  permission: 'Users.view',
  answer({ query, token, tokens, world }) {
    refuseUnknown(query, none);
    if (token === undefined) throw unauthorized();
    const own = userOf(token, world);
    const scope = token.siteId === undefined ? 'tenant' : 'site';
    const id = token.siteId ?? world.accounts.id(0);
    const name = token.siteId === undefined ? 'Global' : world.sites.name(world.sites.find(token.siteId));
    const roleId = roleIdOf(token, tokens);
    return jsonAnswer({
      data: {
        apiToken: lifetime(token),
        canGenerateApiToken: token.role === 'Admin',
        email: `${token.label}@simulator.example`,
        fullName: own.name,
        id: own.id,
        lastLogin: formatMicros(token.createdAtMs * micros.millisecond),
        lowestRole: token.role,
        scope,
        scopeRoles: [{ id, name, roleId, roleName: token.role, roles: [token.role] }],
        twoFaEnabled: false,
      },
    });
  },
};

/** Tells the life time of the token that is sent in the body. */
export const apiTokenDetails: Endpoint = {
  method: 'POST',
  path: '/users/api-token-details',
  authentication: 'token',
  answer(call) {
    refuseUnknown(call.query, none);
    const grant = call.tokens.find(tokenOf(call));
    if (grant === undefined) throw notFound();
    return jsonAnswer({ data: lifetime(grant) });
  },
};

function lifetime(grant: TokenGrant) {
  return {
    createdAt: formatMicros(grant.createdAtMs * micros.millisecond),
    expiresAt: formatMicros(grant.expiresAtMs * micros.millisecond),
  };
}

function tokenOf({ body }: Call): string {
  const token = property(property(parse(body), 'data'), 'apiToken');
  if (token === undefined) throw invalidParameter('data.apiToken', 'Missing data for required field.');
  if (typeof token !== 'string') throw invalidParameter('data.apiToken', 'Not a valid string.');
  return token;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalidParameter('body', 'Not valid JSON.');
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
