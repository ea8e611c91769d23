import type { ContentType } from '../content-types/content-type.ts';
import { ConnectorError } from '../errors.ts';
import type { ListParams } from '../ports.ts';
import type { StreamSettings } from './stream.ts';

/**
 * The filters that keep a walk within the connector's sites and accounts. Throws a `ConnectorError` where the content type
 * cannot be kept within them: reading more than was asked for would show a tenant what is not its own.
 */
export function scopeOf(
  { label, sitesRefused }: Pick<ContentType, 'label' | 'sitesRefused'>,
  { siteIds, accountIds }: StreamSettings,
): ListParams {
  if (siteIds.length > 0 && sitesRefused !== undefined) throw sitesNotPossible(label, sitesRefused);
  return {
    ...(siteIds.length > 0 ? { siteIds: siteIds.join(',') } : {}),
    ...(accountIds.length > 0 ? { accountIds: accountIds.join(',') } : {}),
  };
}

function sitesNotPossible(label: string, why: string): ConnectorError {
  return new ConnectorError({
    code: 'site_scope_not_possible',
    message: `${label} cannot be limited to the connector's sites: ${why}`,
    health: 'misconfigured',
    retryable: false,
    recommendation:
      'Name accounts instead of sites in a connector of its own for this content type, or switch the content type off.',
  });
}
