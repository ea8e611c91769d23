import type { Principal } from '../access/principal.ts';
import { parseConnectorId } from '../connectors/connector-id.ts';
import { idProblem } from '../connectors/names.ts';
import { invalidRequest, notFound } from './problem.ts';

/** What a query may say of whose things are wanted. */
export interface TenantQuery {
  readonly tenant?: string | undefined;
  /** `<tenant>.<connector>` */
  readonly connector?: string | undefined;
}

/**
 * The tenant that a query is about: named, or by its connector, or the only one of the caller. Whether the caller may see it was
 * checked before. Throws `ApiProblem` 404 for a text that is no id, 422 where no tenant is meant.
 */
export function askedTenant({ tenant, connector }: TenantQuery, { tenants }: Principal): string {
  if (tenant !== undefined && idProblem(tenant) !== undefined) throw notFound('tenant');
  const place = connector === undefined ? undefined : parseConnectorId(connector);
  if (connector !== undefined && place === undefined) throw notFound('connector');
  const [only, another] = tenants === 'all' ? [] : tenants;
  const found = tenant ?? place?.tenant ?? (another === undefined ? only : undefined);
  if (found !== undefined) return found;
  throw invalidRequest([
    {
      field: 'tenant',
      message: 'is missing.',
      recommendation: 'Name the tenant whose actions are wanted.',
    },
  ]);
}
