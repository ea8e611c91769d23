import type { ListParams } from '../ports.ts';
import type { StreamSettings } from './stream.ts';

/** The filters that keep a walk within the connector's sites and accounts. */
export function scopeOf({ siteIds, accountIds }: StreamSettings): ListParams {
  return {
    ...(siteIds.length > 0 ? { siteIds: siteIds.join(',') } : {}),
    ...(accountIds.length > 0 ? { accountIds: accountIds.join(',') } : {}),
  };
}
