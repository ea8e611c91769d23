import type { JsonObject } from '../json.ts';
import { assetTimes } from './asset-times.ts';
import { fieldAt, textAt } from './json-fields.ts';
import { organizationFields } from './organization-fields.ts';

/** The levels of a console's organisation: accounts have sites, sites have groups. */
export type ScopeKind = 'accounts' | 'sites' | 'groups';

/** Under which names the levels stand in what belongs to them. */
const own: Readonly<Record<ScopeKind, Readonly<Record<string, string>>>> = {
  accounts: { accountId: 'id', accountName: 'name' },
  sites: { siteId: 'id', siteName: 'name' },
  groups: { groupId: 'id', groupName: 'name' },
};

/**
 * The normalised fields of an account, site or group: itself and what it is part of, in the names in which everything else says
 * to which of them it belongs, and since when it is there. When it was last changed is not when it was last seen.
 */
export function scopeFields(kind: ScopeKind, scope: JsonObject): JsonObject {
  return {
    ...assetTimes({ start: fieldAt(scope, 'createdAt') }),
    ...organizationFields((name) => textAt(scope, own[kind][name] ?? name)),
  };
}
