import type { LedgerEntry } from '../../ports.ts';
import { invalidRequest, notFound } from '../problem.ts';
import { type Route, route } from '../route.ts';
import * as schema from '../schemas/ledger.ts';
import { timeRangeProblem } from '../time-range.ts';

const dayMs = 86_400_000;
/** Windows of a day are 300 at most; an answer must fit into what a function may give. */
const mostDays = 31;

const get = route({
  id: 'getLedger',
  method: 'GET',
  path: '/v1/connectors/{connectorId}/ledger',
  right: 'read',
  tag: 'Status',
  summary: 'The proof of completeness of a content type',
  description:
    'One entry for each window of time that was closed and had something in it: what was read, filtered and written, and what the console itself said how many there were. read = written + filtered. Windows without a record leave no entry; everything up to `completeUpTo` was read.',
  query: schema.ledgerQuery,
  answers: {
    200: {
      description: `The windows that began in the time, at most ${mostDays} days; the last one where it is not named.`,
      schema: schema.ledger,
      example: schema.ledgerExample,
    },
  },
  async handle({ connector, query, services, now }) {
    const to = query.to === undefined ? now : Date.parse(query.to);
    const from = query.from === undefined ? to - dayMs : Date.parse(query.from);
    const problem = timeRangeProblem(from, to, mostDays);
    if (problem !== undefined) throw invalidRequest([problem]);
    const { tenant, id } = connector.connector;
    const streams = await services.connectors.streams(tenant, id);
    const stream = streams.find((one) => one.id.contentType === query.contentType);
    if (stream === undefined) throw notFound('content type of the connector');
    const entries = await services.connectors.ledger(stream.id, from, to);
    const sum = (amount: 'read' | 'written' | 'filtered') =>
      entries.reduce((total, entry) => total + entry[amount], 0);
    return {
      status: 200,
      body: {
        contentType: query.contentType,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        completeUpTo: new Date(stream.watermark).toISOString(),
        sums: {
          windows: entries.length,
          read: sum('read'),
          written: sum('written'),
          filtered: sum('filtered'),
        },
        windows: entries.map(told),
      },
    };
  },
});

/** What was counted. */
export const ledgerRoutes: readonly Route[] = [get];

/** Times as ISO-8601 UTC. The stream and its fence are nobody's business. */
function told({ window, stream: _, fence: __, closedAt, ...counted }: LedgerEntry) {
  return {
    ...counted,
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
    closedAt: new Date(closedAt).toISOString(),
  };
}
