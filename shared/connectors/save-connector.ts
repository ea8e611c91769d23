import type { ContentType } from '../content-types/content-type.ts';
import type { Clock, Connector, ConnectorStore, ConsoleCredentials, SecretStore } from '../ports.ts';
import { intervalMsOf } from './interval.ts';

export interface SaveConnectorDependencies {
  readonly clock: Clock;
  readonly connectors: ConnectorStore;
  readonly secrets: SecretStore;
  readonly findContentType: (id: string) => ContentType | undefined;
}

/**
 * Stores a connector and opens a stream for each of its content types and their companions; they are due at once. Saving it
 * again changes settings and credentials and keeps the progress of the streams that exist.
 *
 * The secret goes first: a stream without a secret would report a fault that is none. The host is kept with the token,
 * so that nobody who may only write the table can send a token to another host.
 * Throws a plain Error for a content type that does not exist; the caller validates its input before.
 */
export async function saveConnector(
  connector: Connector,
  credentials: ConsoleCredentials,
  { clock, connectors, secrets, findContentType }: SaveConnectorDependencies,
): Promise<void> {
  const find = (id: string) => {
    const contentType = findContentType(id);
    if (contentType === undefined)
      throw new Error(`Connector ${connector.id} names the unknown content type ${id}.`);
    return contentType;
  };
  const named = connector.contentTypes.map(find);
  const companions = named.flatMap((contentType) => (contentType.companions ?? []).map(find));
  const contentTypes = new Set([...named, ...companions]);
  const ownerOf = (id: string) => named.find((other) => other.companions?.includes(id));
  await secrets.put({ tenant: connector.tenant, connector: connector.id }, JSON.stringify(credentials));
  await connectors.put(connector);
  const now = clock.now();
  for (const contentType of contentTypes) {
    const id = { tenant: connector.tenant, connector: connector.id, contentType: contentType.id };
    await connectors.ensureStream(id, {
      since: connector.since,
      settings: {
        tenantName: connector.tenantName,
        connectorName: connector.name,
        intervalMs: intervalMsOf(contentType, connector),
        siteIds: connector.siteIds,
        accountIds: connector.accountIds,
        ...optionsFor(contentType, ownerOf(contentType.id), connector),
      },
      nextDueAt: now,
      now,
    });
    await connectors.makeDue(id, now);
  }
}

/** A companion is another way to the same data, so what is said of the content type that names it goes for both. */
function optionsFor(contentType: ContentType, owner: ContentType | undefined, { options }: Connector) {
  const { intervalMinutes: _, ...shared } = options?.[owner?.id ?? ''] ?? {};
  const own = { ...shared, ...options?.[contentType.id] };
  return Object.keys(own).length === 0 ? {} : { options: own };
}
