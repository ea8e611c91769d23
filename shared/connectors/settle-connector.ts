import { settleBackfill } from '../jobs/settle-backfill.ts';
import type { ConnectorDependencies } from './connector-dependencies.ts';
import type { StoredConnector } from './connector-registry.ts';
import { startStreams } from './start-streams.ts';

/**
 * Makes everything beside a connector's entry what the entry says: its streams are opened, paused or removed, and of a deleted one
 * the token goes too. Entries overtake each other while this is under way, so the entry is read again at the end: whoever comes
 * last leaves what the newest one wants. Doing it again changes nothing.
 */
export function settleConnector(stored: StoredConnector, dependencies: ConnectorDependencies): Promise<void> {
  return settle(stored, dependencies, settleEntry);
}

/**
 * The same after a change of the jobs alone: the live streams are left to whoever changes the entry. That may have happened since
 * it was read.
 */
export function settleJobs(stored: StoredConnector, dependencies: ConnectorDependencies): Promise<void> {
  return settle(stored, dependencies, settleBackfill);
}

type Settling = (stored: StoredConnector, dependencies: ConnectorDependencies) => Promise<void>;

async function settle(
  stored: StoredConnector,
  dependencies: ConnectorDependencies,
  first: Settling,
): Promise<void> {
  const { tenant, id } = stored.connector;
  let failure = await failureOf(first(stored, dependencies));
  for (let current = stored; ; ) {
    const latest = await dependencies.registry.get(tenant, id);
    if (latest === undefined || latest.version === current.version) {
      if (failure === undefined) return;
      throw failure.error;
    }
    // A stream that somebody has removed meanwhile is no reason to leave the newer entry undone.
    failure = await failureOf(settleEntry(latest, dependencies));
    current = latest;
  }
}

async function failureOf(work: Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return { error };
  }
}

async function settleEntry(stored: StoredConnector, dependencies: ConnectorDependencies): Promise<void> {
  if (stored.state === 'deleted') return await remove(stored, dependencies);
  await startStreams(stored, dependencies);
  await settleBackfill(stored, dependencies);
}

async function remove(
  { connector: { tenant, id } }: StoredConnector,
  { connectors, control, secrets }: ConnectorDependencies,
): Promise<void> {
  const streams = [...(await connectors.streams(tenant, id)), ...(await connectors.parts(tenant, id))];
  await Promise.all(streams.map((stream) => control.remove(stream.id)));
  await secrets.remove({ tenant, connector: id });
}
