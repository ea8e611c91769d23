import { creatorName } from '../../access/create-key.ts';
import { maySee, type Principal } from '../../access/principal.ts';
import { connectorIdText, parseConnectorId } from '../../connectors/connector-id.ts';
import type { StoredConnector } from '../../connectors/connector-registry.ts';
import type { Backfill, Job } from '../../jobs/backfill.ts';
import { cancelJob } from '../../jobs/cancel-job.ts';
import { jobStatus } from '../../jobs/job-progress.ts';
import { startBackfill } from '../../jobs/start-backfill.ts';
import { ApiProblem, invalidRequest, notFound } from '../problem.ts';
import { type Route, route } from '../route.ts';
import * as schema from '../schemas/job.ts';
import type { Services } from '../services.ts';

const tag = 'Jobs';
const shown = (description: string) => ({ description, schema: schema.jobView, example: schema.jobExample });

const backfill = route({
  id: 'createBackfill',
  method: 'POST',
  path: '/v1/connectors/{connectorId}/backfill',
  right: 'admin',
  tag,
  summary: 'Read a time before the beginning of a connector',
  description:
    'Runs beside what is collected now, and gives way to it. It ends where the live collection begins; what is in the lake already, or is being read by another job, is not read again. The same request again is the same job, unless that was cancelled. Only content types that are read by time have a past.',
  body: schema.newBackfill,
  example: schema.newBackfillExample,
  answers: {
    202: {
      ...shown('The job has begun; its progress is under `Location`.'),
      headers: ['Location', 'Retry-After'],
    },
  },
  problems: [409],
  async handle({ principal, connector, body, services, now }) {
    const outcome = await startBackfill(
      connector,
      {
        contentTypes: [...new Set(body.contentTypes)],
        from: Date.parse(body.from),
        to: body.to === undefined ? Math.min(now, connector.connector.since) : Date.parse(body.to),
        createdBy: creatorName(principal),
      },
      services,
    );
    if (outcome.kind === 'invalid') throw invalidRequest(outcome.problems);
    if (outcome.kind === 'busy') throw busy();
    const view = await viewOf(connector, outcome.job, services);
    return {
      status: 202,
      body: view,
      headers: { Location: `/v1/jobs/${view.id}`, 'Retry-After': '30' },
    };
  },
});

const list = route({
  id: 'listJobs',
  method: 'GET',
  path: '/v1/connectors/{connectorId}/jobs',
  right: 'read',
  tag,
  summary: 'List the jobs of a connector',
  answers: {
    200: { description: 'Newest first.', schema: schema.jobList, example: { jobs: [schema.jobExample] } },
  },
  async handle({ connector, services }) {
    const { tenant, id } = connector.connector;
    const [known, streams] = await Promise.all([
      services.backfills.get({ tenant, id }),
      services.connectors.parts(tenant, id),
    ]);
    const jobs = known.jobs.toReversed().map((job) => told(connector, jobStatus(job, known, streams)));
    return { status: 200, body: { jobs } };
  },
});

const get = route({
  id: 'getJob',
  method: 'GET',
  path: '/v1/jobs/{jobId}',
  right: 'read',
  tag,
  summary: 'How far a job has come',
  description:
    '`paused` where nobody works on what is left, because the connector is paused or no longer has the content type: it goes on when that changes. `percent` is of the time that the job asked for; `records` are those of the whole `spans`, which jobs share. The `error` of a span is what stands in its way, and it is tried again by itself.',
  answers: { 200: shown('The job.') },
  async handle({ principal, params, services }) {
    const { connector, job } = await find(params['jobId'] ?? '', principal, services);
    return { status: 200, body: await viewOf(connector, job, services) };
  },
});

const cancel = route({
  id: 'cancelJob',
  method: 'POST',
  path: '/v1/jobs/{jobId}/cancel',
  right: 'admin',
  tag,
  summary: 'Cancel a job',
  description:
    'What has been read by then stays in the lake; a later job over the same time goes on from there.',
  answers: { 200: shown('The job; `done` where it was faster.') },
  problems: [409],
  async handle({ principal, params, services }) {
    const { connector, known, job } = await find(params['jobId'] ?? '', principal, services);
    const cancelled = await cancelJob(connector, known, job, services);
    if (cancelled === undefined) throw busy();
    return { status: 200, body: await viewOf(connector, cancelled, services) };
  },
});

/** What is read beside the live collection. */
export const jobRoutes: readonly Route[] = [backfill, list, get, cancel];

/** A job's id is `<connector's id>.<number>`. What belongs to another tenant is as good as not there. */
async function find(
  jobId: string,
  principal: Principal,
  { registry, backfills }: Services,
): Promise<{ readonly connector: StoredConnector; readonly known: Backfill; readonly job: Job }> {
  const at = jobId.lastIndexOf('.');
  const place = parseConnectorId(jobId.slice(0, Math.max(0, at)));
  if (place === undefined || !maySee(principal, place.tenant)) throw notFound('job');
  const connector = await registry.get(place.tenant, place.id);
  if (connector === undefined || connector.state === 'deleted') throw notFound('job');
  const known = await backfills.get(place);
  const job = known.jobs.find(({ id }) => id === jobId.slice(at + 1));
  if (job === undefined) throw notFound('job');
  return { connector, known, job };
}

async function viewOf(connector: StoredConnector, job: Job, { backfills, connectors }: Services) {
  const { tenant, id } = connector.connector;
  const [known, streams] = await Promise.all([backfills.get({ tenant, id }), connectors.parts(tenant, id)]);
  return told(connector, jobStatus(job, known, streams));
}

/** Times as ISO-8601 UTC. */
function told({ connector }: StoredConnector, { job, state, contentTypes }: ReturnType<typeof jobStatus>) {
  const iso = (time: number) => new Date(time).toISOString();
  return {
    id: `${connectorIdText(connector)}.${job.id}`,
    connector: connectorIdText(connector),
    kind: 'backfill' as const,
    state,
    from: iso(job.from),
    to: iso(job.to),
    createdAt: iso(job.createdAt),
    createdBy: job.createdBy,
    ...(job.cancelledAt === undefined ? {} : { cancelledAt: iso(job.cancelledAt) }),
    contentTypes: contentTypes.map(({ contentType, done, records, spans }) => ({
      contentType,
      // Never 100 before it is done.
      percent: Math.floor(done * 1000) / 10,
      records,
      spans: spans.map((span) => ({
        from: iso(span.from),
        to: iso(span.to),
        watermark: iso(span.watermark),
        ...(span.error === undefined ? {} : { error: span.error }),
      })),
    })),
  };
}

function busy(): ApiProblem {
  return new ApiProblem({
    status: 409,
    code: 'jobs_changed',
    detail: "Somebody else has changed the connector's jobs at the same time.",
    recommendation: 'Try again.',
    retryAfterSeconds: 1,
  });
}
