import { actionTypes } from '../actions/registry.ts';
import type { Json } from '../json.ts';
import { booleanAt, listAt, textAt } from '../records/json-fields.ts';

/** What a connector may be asked to do, by the ids of the actions, with the permissions that the token's role needs, in the console's own words. */
export const responsePermissions = actionTypes.map(({ id, permission, permissionToSee }) => ({
  action: id,
  permissions: [permission, ...(permissionToSee === undefined ? [] : [permissionToSee])],
}));

/** What a role says about a permission; `unknown` where it does not list it by a name that we know. */
export type Granted = 'yes' | 'no' | 'unknown';

/**
 * Reads a role's permissions as `GET /rbac/role/{id}` lists them: pages, each with permissions. How the names on the wire
 * relate to those in the console's documentation is not published, so both halves are compared by their letters only:
 * `Threats` and `threats`, `Roll back` and `rollback` are the same.
 * @param roles the `data` of the answers; a permission of any of them is one
 */
export function grantedBy(roles: readonly Json[]): (permission: string) => Granted {
  const granted = new Map<string, boolean>();
  for (const page of roles.flatMap((role) => listAt(role, 'pages'))) {
    for (const permission of listAt(page, 'permissions')) {
      const value = booleanAt(permission, 'value') ?? false;
      for (const name of namesOf(page, permission)) granted.set(name, (granted.get(name) ?? false) || value);
    }
  }
  return (permission) => {
    const value = granted.get(lettersOf(permission));
    if (value === undefined) return 'unknown';
    return value ? 'yes' : 'no';
  };
}

/** All that a permission may be called. */
function namesOf(page: Json, permission: Json): ReadonlySet<string> {
  const pages = [textAt(page, 'name'), textAt(page, 'identifier')];
  const own = [textAt(permission, 'identifier'), textAt(permission, 'title')];
  const names = own.filter((name) => name !== undefined);
  const whole = names.flatMap((name) => [name, ...pages.map((prefix) => `${prefix ?? ''}${name}`)]);
  return new Set(whole.map(lettersOf));
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '');
}
