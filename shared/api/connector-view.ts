import type { output } from 'zod/mini';
import { connectorIdText } from '../connectors/connector-id.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import type { connectorView as connectorViewSchema } from './schemas/connector.ts';

/** A connector as it is told; times as ISO-8601 UTC, the token never. */
export function connectorView(stored: StoredConnector): output<typeof connectorViewSchema> {
  const { connector, functions, state, updatedAt } = stored;
  const { intervalMs } = connector;
  return {
    id: connectorIdText(connector),
    tenant: connector.tenant,
    tenantName: connector.tenantName,
    name: connector.name,
    hostUrl: connector.hostUrl,
    functions: [...functions],
    contentTypes: [...connector.contentTypes],
    ...(intervalMs === undefined ? {} : { intervalMinutes: intervalMs / 60_000 }),
    since: new Date(connector.since).toISOString(),
    siteIds: [...connector.siteIds],
    accountIds: [...connector.accountIds],
    filters: (connector.filters ?? []).map((filter) => ({ ...filter })),
    options: { ...connector.options },
    state,
    createdAt: new Date(connector.createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    etag: etagOf(stored),
  };
}

/** A strong validator: it changes with every change. */
export function etagOf({ version }: Pick<StoredConnector, 'version'>): string {
  return `"${version}"`;
}
