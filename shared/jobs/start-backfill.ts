import { isDeepStrictEqual } from 'node:util';
import type { ConnectorDependencies } from '../connectors/connector-dependencies.ts';
import { earliestSince } from '../connectors/connector-input.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import type { InputProblem } from '../connectors/input-problem.ts';
import { settleJobs } from '../connectors/settle-connector.ts';
import type { Span } from '../engine/stream.ts';
import { type Backfill, type Job, missingSpans } from './backfill.ts';

export interface BackfillRequest extends Span {
  readonly contentTypes: readonly string[];
  readonly createdBy: string;
}

export type StartBackfillOutcome =
  | { readonly kind: 'started'; readonly job: Job }
  | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] }
  /** Too many changes by others at once; nothing was changed. */
  | { readonly kind: 'busy' };

const mostTries = 5;
const mostJobs = 200;

/**
 * Has a time before the connector's beginning read, beside what is new and with less of a hurry. What is read already, or is being
 * read, is not read again: the job takes part in it. The same request again is the same job, and completes what was interrupted.
 */
export async function startBackfill(
  stored: StoredConnector,
  request: BackfillRequest,
  dependencies: ConnectorDependencies,
): Promise<StartBackfillOutcome> {
  const { clock, backfills } = dependencies;
  const { connector } = stored;
  const problems = problemsOf(stored, request, dependencies, clock.now());
  if (problems.length > 0) return { kind: 'invalid', problems };
  for (let tries = 0; tries < mostTries; tries++) {
    const seen = await backfills.get(connector);
    const same = seen.jobs.find((job) => isSame(job, request));
    if (same !== undefined) {
      await settleJobs(stored, dependencies);
      return { kind: 'started', job: same };
    }
    if (seen.jobs.length >= mostJobs) return { kind: 'invalid', problems: [tooManyJobs] };
    const job: Job = { id: `j${seen.jobs.length + 1}`, ...request, createdAt: clock.now() };
    const next = withSpans(seen, job, connector.since);
    if (!(await backfills.put(connector, next))) continue;
    await settleJobs(stored, dependencies);
    return { kind: 'started', job };
  }
  return { kind: 'busy' };
}

function isSame({ contentTypes, from, to, createdBy, cancelledAt }: Job, request: BackfillRequest): boolean {
  return cancelledAt === undefined && isDeepStrictEqual({ contentTypes, from, to, createdBy }, request);
}

function withSpans(seen: Backfill, job: Job, since: number): Backfill {
  const spans: Record<string, Backfill['spans'][string]> = { ...seen.spans };
  for (const contentType of job.contentTypes) {
    const known = spans[contentType] ?? [];
    spans[contentType] = [...known, ...missingSpans(known, job, since, (n) => `b${n}`)];
  }
  return { version: seen.version, spans, jobs: [...seen.jobs, job] };
}

function problemsOf(
  { connector, functions, state }: StoredConnector,
  { contentTypes, from, to }: BackfillRequest,
  { findContentType }: ConnectorDependencies,
  now: number,
): readonly InputProblem[] {
  const problems: InputProblem[] = [];
  if (state !== 'active' || !functions.includes('collect')) {
    problems.push({
      field: 'connectorId',
      message: 'names a connector that does not collect now.',
      recommendation: 'Resume it, or give it the function collect.',
    });
  }
  contentTypes.forEach((id, i) => {
    const field = `contentTypes[${i}]`;
    const declared = connector.contentTypes.includes(id) ? findContentType(id) : undefined;
    if (declared === undefined) {
      problems.push({
        field,
        message: 'is no content type of the connector.',
        recommendation: `Choose from ${connector.contentTypes.join(', ')}.`,
      });
    } else if (declared.reading.readsPast !== true) {
      problems.push({
        field,
        message: 'has no past that could be read by time.',
        recommendation:
          'Leave it out: it is read as a whole, or follows records of another content type, and what the console has of it is collected in any case.',
      });
    }
  });
  if (from < earliestSince) {
    problems.push({
      field: 'from',
      message: `is before ${new Date(earliestSince).getUTCFullYear()}.`,
      recommendation: 'Name a later time: a span that the console refuses stays in the way of later jobs.',
    });
  }
  if (from >= to) {
    problems.push({
      field: 'from',
      message: 'is not before the end.',
      recommendation: 'Name the earlier time first.',
    });
  }
  if (to > now) {
    problems.push({
      field: 'to',
      message: 'is in the future.',
      recommendation: 'Leave it out: the job ends where the live collection begins.',
    });
  }
  if (from >= connector.since) {
    problems.push({
      field: 'from',
      message: `is not before ${new Date(connector.since).toISOString()}, where the live collection begins.`,
      recommendation: 'Nothing to do: everything after that is in the lake or on its way.',
    });
  }
  return problems;
}

const tooManyJobs: InputProblem = {
  field: 'connectorId',
  message: `names a connector that has had ${mostJobs} jobs.`,
  recommendation: 'Ask for a longer time at once; what is read already is not read again.',
};
