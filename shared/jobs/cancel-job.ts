import type { ConnectorDependencies } from '../connectors/connector-dependencies.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import { settleJobs } from '../connectors/settle-connector.ts';
import type { Backfill, Job } from './backfill.ts';

/**
 * Stops what only this job wants to be read. What is in the lake by then stays, and a later job over the same time goes on from there.
 * @returns the job as it is then; undefined where others have changed the connector's jobs meanwhile, and nothing was changed
 */
export async function cancelJob(
  stored: StoredConnector,
  seen: Backfill,
  job: Job,
  dependencies: ConnectorDependencies,
): Promise<Job | undefined> {
  const cancelled = { ...job, cancelledAt: job.cancelledAt ?? dependencies.clock.now() };
  const jobs = seen.jobs.map((one) => (one.id === job.id ? cancelled : one));
  if (!(await dependencies.backfills.put(stored.connector, { ...seen, jobs }))) return undefined;
  await settleJobs(stored, dependencies);
  return cancelled;
}
