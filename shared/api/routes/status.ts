import { type ConnectorStatus, connectorStatus } from '../../status/connector-status.ts';
import type { ContentTypeStatus } from '../../status/content-type-status.ts';
import { type FleetPlace, fleetStatus } from '../../status/fleet-status.ts';
import { cursorRefused, readListCursor, writeListCursor } from '../list-cursor.ts';
import { type Route, route } from '../route.ts';
import * as schema from '../schemas/status.ts';

const tag = 'Status';

const one = route({
  id: 'getConnectorStatus',
  method: 'GET',
  path: '/v1/connectors/{connectorId}/status',
  right: 'read',
  tag,
  summary: 'How a connector works',
  description:
    'Per content type: what happened last, how far it is complete (`watermark`), and, where something is wrong, why and what to do. It is derived from what happened and never set: an error is there until a run has worked.',
  answers: {
    200: { description: 'Worst first.', schema: schema.connectorStatus, example: schema.statusExample },
  },
  async handle({ connector, services, now }) {
    const status = await connectorStatus(connector, services.status, services.findContentType, now);
    return { status: 200, body: told(status) };
  },
});

const fleet = route({
  id: 'getFleetStatus',
  method: 'GET',
  path: '/v1/status',
  right: 'read',
  tag,
  summary: 'How all connectors work, worst first',
  description: '`counts` is of all connectors that the caller may see, not of the page.',
  query: schema.fleetQuery,
  answers: {
    200: {
      description: 'A page.',
      schema: schema.fleetStatus,
      example: { connectors: [schema.statusExample], counts: { licence: 1, ok: 41 } },
    },
  },
  async handle({ principal, query, services, now }) {
    const { tenant, state, cursor, limit = '50' } = query;
    const found = await fleetStatus(
      {
        tenants: tenant === undefined ? principal.tenants : [tenant],
        ...(state === undefined ? {} : { state }),
        ...(cursor === undefined ? {} : { after: placeOf(cursor) }),
        limit: Number(limit),
      },
      services.registry,
      (stored) => connectorStatus(stored, services.status, services.findContentType, now),
    );
    const { after } = found;
    return {
      status: 200,
      body: {
        connectors: found.connectors.map(told),
        counts: found.counts,
        ...(after === undefined
          ? {}
          : { nextCursor: writeListCursor({ rank: String(after.rank), connector: after.connector }) }),
      },
    };
  },
});

/** How connectors work. */
export const statusRoutes: readonly Route[] = [one, fleet];

function placeOf(cursor: string): FleetPlace {
  const { rank, connector } = readListCursor(cursor, ['rank', 'connector']);
  if (!/^\d{1,2}$/.test(rank)) throw cursorRefused();
  return { rank: Number(rank), connector };
}

/** Times as ISO-8601 UTC. */
function told({ contentTypes, lastTest, ...status }: ConnectorStatus) {
  return {
    ...status,
    contentTypes: contentTypes.map(toldType),
    ...(lastTest === undefined
      ? {}
      : { lastTest: { at: new Date(lastTest.at).toISOString(), report: lastTest.report } }),
  };
}

function toldType(status: ContentTypeStatus) {
  const { since, watermark, lagMs, newDataUntil, lastSuccessAt, lastDataAt, nextRunAt, ...rest } = status;
  const time = (name: string, at: number | undefined) =>
    at === undefined ? {} : { [name]: new Date(at).toISOString() };
  return {
    ...rest,
    since: new Date(since).toISOString(),
    watermark: new Date(watermark).toISOString(),
    lagSeconds: Math.round(lagMs / 1000),
    ...time('newDataUntil', newDataUntil),
    ...time('lastSuccess', lastSuccessAt),
    ...time('lastData', lastDataAt),
    ...time('nextRun', nextRunAt),
  };
}
