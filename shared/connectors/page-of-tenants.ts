import type {
  ConnectorPage,
  ConnectorPlace,
  ConnectorRegistry,
  StoredConnector,
} from './connector-registry.ts';

/** Whose connectors, from where on, and how many at most. */
export interface TenantsPage {
  readonly tenants: readonly string[] | 'all';
  readonly after?: ConnectorPlace;
  readonly limit: number;
}

/**
 * A page of the connectors of some tenants. Nothing of other tenants is read, so that no place between pages can tell of them. As
 * in the registry, a page may hold fewer than the limit with others to follow.
 */
export async function pageOfTenants(
  registry: ConnectorRegistry,
  { tenants, after, limit }: TenantsPage,
): Promise<ConnectorPage> {
  if (tenants === 'all') return await registry.page({ ...(after === undefined ? {} : { after }), limit });
  const wanted = [...new Set(tenants)]
    .sort()
    .filter((tenant) => after === undefined || tenant >= after.tenant);
  const connectors: StoredConnector[] = [];
  for (const tenant of wanted) {
    const page = await registry.page({
      tenant,
      ...(after?.tenant === tenant ? { after } : {}),
      limit: limit - connectors.length,
    });
    connectors.push(...page.connectors);
    if (page.after !== undefined) return { connectors, after: page.after };
    const last = connectors.at(-1)?.connector;
    if (connectors.length >= limit && last !== undefined && tenant !== wanted.at(-1))
      return { connectors, after: { tenant: last.tenant, id: last.id } };
  }
  return { connectors };
}
