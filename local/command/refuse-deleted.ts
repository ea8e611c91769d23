import { connectorIdText, type TenantConnector } from '../../shared/connectors/connector-id.ts';
import type { ConnectorRegistry } from '../../shared/connectors/connector-registry.ts';
import { UsageError } from './usage-error.ts';

/**
 * Commands make a connector's id of its console's name, so they would bring back one that was deleted: without its progress, over
 * the objects that it has left in the lake. Throws `UsageError`.
 */
export async function refuseDeleted(
  connector: TenantConnector,
  registry: Pick<ConnectorRegistry, 'get'>,
): Promise<void> {
  const stored = await registry.get(connector.tenant, connector.id);
  if (stored?.state !== 'deleted') return;
  throw new UsageError(
    `--tenant: the connector ${connectorIdText(connector)} was deleted by the control API, and its id is never used again; name another tenant, or create the connector by POST /v1/connectors.`,
  );
}
