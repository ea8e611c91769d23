import type { JsonObject } from '../../../shared/json.ts';
import type { Restriction } from '../world/deeds/restrictions.ts';
import { formatMicros } from '../world/micro-time.ts';

/** A restriction as `GET /restrictions` answers it. */
export function restrictionBody(restriction: Restriction): JsonObject {
  const { id, createdUs, user, scope, type, osType, value, sha256Value, description, source } = restriction;
  const ids = (level: typeof scope.level) => (scope.level === level && scope.id !== null ? [scope.id] : []);
  const created = formatMicros(createdUs);
  return {
    createdAt: created,
    description,
    id,
    imported: false,
    includeChildren: true,
    includeParents: false,
    notRecommended: 'NONE',
    osType,
    scope: {
      accountIds: ids('account'),
      groupIds: ids('group'),
      siteIds: ids('site'),
      tenant: scope.level === 'tenant',
    },
    scopeName: scope.name,
    scopePath: scope.level === 'tenant' ? 'Global' : `Global / ${scope.name}`,
    sha256Value,
    source,
    type,
    updatedAt: created,
    userId: user.id,
    userName: user.name,
    value,
  };
}
