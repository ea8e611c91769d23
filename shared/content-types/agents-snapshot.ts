import { snapshot } from '../engine/readings/snapshot.ts';
import { requiredTextAt } from '../records/json-fields.ts';
import { agents } from './agents.ts';
import type { ContentType } from './content-type.ts';
import { dayMs, hourMs } from './parts/times.ts';

/**
 * All endpoints once a day. A keep-alive does not move `updatedAt`, so without this the lake would not learn whether a host
 * that never changes is still there.
 */
export const agentsSnapshot: ContentType = {
  ...agents,
  id: 'agents-snapshot',
  label: 'Endpoints, all of them once a day',
  defaultIntervalMs: hourMs,
  keepsPace: true,
  settleMs: 0,
  lateBecause: 'Nothing is late: it is the present that is read.',
  costs: 'One request per 1,000 endpoints, once a day; none in between.',
  reading: snapshot({
    path: '/agents',
    sortBy: 'id',
    pageSize: 1000,
    everyMs: dayMs,
    params: { isDecommissioned: 'True,False', isUninstalled: 'True,False' },
  }),
  identity: (agent, window) => ({
    id: requiredTextAt(agent, 'id'),
    revision: `snapshot ${new Date(window.from).toISOString()}`,
  }),
  // The record says how things are when it is read, however long ago the endpoint was last active.
  eventTime: () => undefined,
  companions: [],
};
