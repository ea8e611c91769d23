import type { ConnectorDependencies } from '../connectors/connector-dependencies.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import type { Backfill, Job } from './backfill.ts';
import { settleBackfill } from './settle-backfill.ts';

/**
 * Stops what only this job wants to be read. What is in the lake by then stays, and a later job over the same time goes on from there.
 * False: others have changed the connector's jobs meanwhile, and nothing was changed.
 */
export async function cancelJob(
  stored: StoredConnector,
  seen: Backfill,
  job: Job,
  dependencies: ConnectorDependencies,
): Promise<boolean> {
  const cancelledAt = job.cancelledAt ?? dependencies.clock.now();
  const jobs = seen.jobs.map((one) => (one.id === job.id ? { ...one, cancelledAt } : one));
  if (!(await dependencies.backfills.put(stored.connector, { ...seen, jobs }))) return false;
  await settleBackfill(stored, dependencies);
  return true;
}
