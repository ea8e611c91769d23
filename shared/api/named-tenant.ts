import { parseConnectorId } from '../connectors/connector-id.ts';

/** Members of a path whose value begins with the tenant's id and a dot, with what each names. */
const ownedParams = { jobId: 'job', actionId: 'action' } as const;

/** What a call says whose things it is about. */
export interface NamedTenant {
  readonly tenant: string;
  /** What is not there for those who may not see the tenant. */
  readonly what: string;
}

/**
 * The tenants that a call names: in its path, by `tenant` at the top of its query or body, or by a connector's id there. As they
 * came: some may be no ids of tenants.
 */
export function namedTenants(
  params: Readonly<Record<string, string>>,
  query: object,
  body: object,
): readonly NamedTenant[] {
  const owners = Object.entries(ownedParams).map(([name, what]) => ({
    tenant: params[name]?.split('.')[0],
    what,
  }));
  const named = [
    { tenant: params['tenant'], what: 'tenant' },
    ...owners,
    ...[query, body].flatMap((sent) => [
      { tenant: Reflect.get(sent, 'tenant'), what: 'tenant' },
      { tenant: tenantOfConnector(Reflect.get(sent, 'connector')), what: 'connector' },
    ]),
  ];
  return named.flatMap(({ tenant, what }) => (typeof tenant === 'string' ? [{ tenant, what }] : []));
}

function tenantOfConnector(id: unknown): string | undefined {
  return typeof id === 'string' ? parseConnectorId(id)?.tenant : undefined;
}
