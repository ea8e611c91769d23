import { connectorIdText, parseConnectorId } from '../connectors/connector-id.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import { ApiProblem, notFound } from './problem.ts';
import type { Services } from './services.ts';

/**
 * The connector by which endpoints are acted on; one that is paused collects nothing and still acts. Whether the caller may know of
 * its tenant was checked before.
 * @param id as callers write it, `<tenant>.<connector>`
 * @throws ApiProblem 404 where there is none, 409 where it is not for acting
 */
export async function respondConnector(
  id: string,
  { registry }: Pick<Services, 'registry'>,
): Promise<StoredConnector> {
  const place = parseConnectorId(id);
  const stored = place === undefined ? undefined : await registry.get(place.tenant, place.id);
  if (stored === undefined || stored.state === 'deleted') throw notFound('connector');
  if (!stored.functions.includes('respond')) {
    throw new ApiProblem({
      status: 409,
      code: 'respond_disabled',
      detail: `The connector ${connectorIdText(stored.connector)} only collects: its functions do not name respond.`,
      recommendation:
        'Have an admin add respond to the functions of the connector, and see that the role of its token has the permissions.',
      field: 'connector',
    });
  }
  return stored;
}
