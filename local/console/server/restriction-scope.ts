import type { RestrictionScope } from '../world/deeds/restrictions.ts';
import type { Organisation } from '../world/organisation.ts';
import type { TokenGrant } from './tokens.ts';

/** The scope of this level and id; undefined where the console has none. */
export function scopeOf(
  { accounts, sites, groups }: Organisation,
  level: Exclude<RestrictionScope['level'], 'tenant'>,
  id: string | null,
): RestrictionScope | undefined {
  if (level === 'account') {
    const account = accounts.find((known) => known.id === id);
    return account && { level, id, accountId: account.id, siteId: null, name: account.name };
  }
  if (level === 'site') {
    const site = sites.find((known) => known.id === id);
    return site && { level, id, accountId: site.account.id, siteId: site.id, name: site.name };
  }
  const group = groups.find((known) => known.id === id);
  return group && { level, id, accountId: group.site.account.id, siteId: group.site.id, name: group.name };
}

/** For everything that the console has. */
export const tenantScope: RestrictionScope = {
  level: 'tenant',
  id: null,
  accountId: null,
  siteId: null,
  name: 'Global',
};

/** A token of a site sees and changes what belongs to its site or lies below it, and nothing above. */
export function isWithin(token: TokenGrant | undefined, { siteId }: RestrictionScope): boolean {
  return token?.siteId === undefined || token.siteId === siteId;
}
