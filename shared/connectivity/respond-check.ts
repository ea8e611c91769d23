import type { SentinelOneApi } from '../ports.ts';
import { fieldAt, listAt, textAt } from '../records/json-fields.ts';
import type { Finding } from './finding.ts';
import type { Introduction } from './introduction.ts';
import { isBeyondToken, type Outcome, outcomeOf } from './outcome.ts';
import { type Granted, grantedBy, responsePermissions } from './response-permissions.ts';

export interface RespondQuestion {
  readonly api: SentinelOneApi;
  readonly user: Introduction['user'];
  readonly signal: AbortSignal;
}

/** Nobody has more, and each of them is a request. */
const mostRoles = 3;

/**
 * What the role of the token lets a response do. It is read from the role and not tried: no action of the console can be
 * tried without doing it.
 */
export async function respondFinding({ api, user, signal }: RespondQuestion): Promise<Finding> {
  const owner = await user;
  if (owner.kind === 'refused') return hiddenOrThrow(owner);
  const scopeRoles = listAt(owner.json, 'data', 'scopeRoles');
  const ids = [...new Set(scopeRoles.map((role) => textAt(role, 'roleId')))].filter((id) => id !== undefined);
  const roles = await Promise.all(
    ids
      .slice(0, mostRoles)
      .map((id) => outcomeOf(api, { method: 'GET', path: `/rbac/role/${encodeURIComponent(id)}` }, signal)),
  );
  const refused = roles.find((role) => role.kind === 'refused');
  if (refused?.kind === 'refused' || roles.length === 0) {
    const hidden = refused?.kind === 'refused' ? hiddenOrThrow(refused) : notVisible;
    return isViewer(scopeRoles.map((role) => textAt(role, 'roleName'))) ? mayNothing : hidden;
  }
  const listed = roles.map(
    (role) => (role.kind === 'answered' ? fieldAt(role.json, 'data') : undefined) ?? null,
  );
  return findingOf(grantedBy(listed));
}

const notVisible: Finding = {
  ok: true,
  detail: 'what the role may do is not visible to this token (Users.view, Roles.view)',
  recommendation:
    'To see it here, give the role of the service user Users.view and Roles.view. Actions work without them, if the role has the permission for each.',
};

const mayNothing: Finding = {
  ok: false,
  code: 'respond_not_permitted',
  detail: 'The role of the token may only look: it may not act on endpoints or threats.',
  recommendation: `On Settings > Users > Roles give the role of the service user the permissions for the actions that are wanted: ${permissionsOf(responsePermissions)}.`,
};

/** Each once: some actions need the same one. */
function permissionsOf(rows: readonly { readonly permissions: readonly string[] }[]): string {
  return [...new Set(rows.flatMap(({ permissions }) => permissions))].join(', ');
}

/** An action that needs several is granted by all of them, and refused by any. */
function grantedAll(permissions: readonly string[], granted: (permission: string) => Granted): Granted {
  const each = permissions.map(granted);
  if (each.includes('no')) return 'no';
  return each.includes('unknown') ? 'unknown' : 'yes';
}

function hiddenOrThrow({ error }: Extract<Outcome, { kind: 'refused' }>): Finding {
  if (error.httpStatus === 401 || isBeyondToken(error)) return notVisible;
  throw error;
}

/** The console's own role of that name may not act. */
function isViewer(names: readonly (string | undefined)[]): boolean {
  return names.length > 0 && names.every((name) => name?.trim().toLowerCase() === 'viewer');
}

function findingOf(granted: (permission: string) => Granted): Finding {
  const rows = responsePermissions.map((row) => ({ ...row, granted: grantedAll(row.permissions, granted) }));
  const those = (wanted: Granted) => rows.filter((row) => row.granted === wanted);
  const [may, mayNot, unknown] = [those('yes'), those('no'), those('unknown')];
  if (unknown.length === rows.length)
    return { ...notVisible, detail: 'the role names no permission that can be told to be one for responses' };
  // Whoever may look may add notes too.
  const isReader = may.every(({ permissions }) => permissions.every((name) => name.endsWith('.view')));
  if (isReader) return mayNothing;
  const detail = [
    `may ${may.map(({ action }) => action).join(', ')}`,
    ...(mayNot.length === 0 ? [] : [`may not ${mayNot.map(({ action }) => action).join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`unknown: ${unknown.map(({ action }) => action).join(', ')}`]),
  ].join('; ');
  if (mayNot.length === 0) return { ok: true, detail };
  return {
    ok: true,
    code: 'respond_partly_permitted',
    detail,
    recommendation: `If these actions are wanted, give the role of the service user ${permissionsOf(mayNot)}.`,
  };
}
