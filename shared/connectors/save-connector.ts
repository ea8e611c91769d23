import { settleBackfill } from '../jobs/settle-backfill.ts';
import type { Connector, ConsoleCredentials } from '../ports.ts';
import type { ConnectorDependencies } from './connector-dependencies.ts';
import type { StoredConnector } from './connector-registry.ts';
import { openStreams } from './open-streams.ts';
import { saveToken } from './save-token.ts';

export type SaveConnectorDependencies = Pick<
  ConnectorDependencies,
  'clock' | 'registry' | 'connectors' | 'control' | 'backfills' | 'secrets' | 'findContentType'
>;

/** Changes that come in between before it is taken for a fault. */
const mostTries = 5;

/**
 * For commands: stores a connector under an id that they choose, whether there is one or not, and makes all of its streams due at
 * once. Saving it again changes settings and credentials; it keeps the progress of the streams that exist, and the beginning: where
 * the live streams begin, those of the past end.
 * Throws a plain Error for a content type that does not exist, for a name that another connector has, and for an id that was deleted;
 * the caller validates its input before.
 */
export async function saveConnector(
  connector: Connector,
  credentials: ConsoleCredentials,
  dependencies: SaveConnectorDependencies,
): Promise<void> {
  const { clock, connectors, secrets, findContentType } = dependencies;
  const unknown = connector.contentTypes.find((id) => findContentType(id) === undefined);
  if (unknown !== undefined)
    throw new Error(`Connector ${connector.id} names the unknown content type ${unknown}.`);
  const stored = await store(connector, dependencies);
  await saveToken(connector, credentials, secrets);
  const now = clock.now();
  await openStreams(stored, dependencies, now);
  await settleBackfill(stored, dependencies);
  for (const { id, pausedAt } of await connectors.streams(connector.tenant, connector.id))
    if (pausedAt === undefined) await connectors.makeDue(id, now);
}

async function store(
  connector: Connector,
  { clock, registry }: SaveConnectorDependencies,
): Promise<StoredConnector> {
  for (let tries = 0; tries < mostTries; tries++) {
    const seen = await registry.get(connector.tenant, connector.id);
    // Its successor would be without its progress, over the objects that it has left in the lake.
    if (seen?.state === 'deleted')
      throw new Error(`Connector ${connector.id} was deleted, and its id is never used again.`);
    const { since, createdAt } = seen?.connector ?? connector;
    const stored: StoredConnector = {
      connector: { ...connector, since, createdAt },
      functions: seen?.functions ?? ['collect'],
      state: 'active',
      version: (seen?.version ?? 0) + 1,
      updatedAt: clock.now(),
    };
    const outcome = seen === undefined ? await registry.create(stored) : await registry.replace(stored, seen);
    if (outcome === 'created' || outcome === 'replaced') return stored;
    if (outcome === 'name_taken')
      throw new Error(`Another connector of the tenant ${connector.tenant} is called ${connector.name}.`);
  }
  throw new Error(`Connector ${connector.id} was changed by others ${mostTries} times in a row.`);
}
