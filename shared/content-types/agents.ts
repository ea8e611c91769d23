import { windowed } from '../engine/readings/windowed.ts';
import { agentFields } from '../records/agent-fields.ts';
import { requiredTextAt } from '../records/json-fields.ts';
import type { ContentType } from './content-type.ts';
import { newestOf } from './parts/newest.ts';
import { eventTimeAt, minuteMs, timeAt } from './parts/times.ts';

const updatedAt = eventTimeAt('updatedAt');
// Without these the console may leave out hosts that were removed, and the lake would never learn of it.
const params = { isDecommissioned: 'True,False', isUninstalled: 'True,False' };

/**
 * Endpoints as assets. A keep-alive does not move `updatedAt`, so a record is as fresh as the last real change; the
 * snapshot beside it is for the rest. */
export const agents: ContentType = {
  id: 'agents',
  label: 'Endpoints',
  msgClass: 'sentinelone_host',
  index: 'assets',
  permission: 'Endpoints.view',
  defaultIntervalMs: 5 * minuteMs,
  settleMs: minuteMs,
  lateBecause: "A change is visible within seconds; a minute covers the console's own clocks.",
  costs: 'One request per 1,000 changed endpoints.',
  reading: windowed({
    path: '/agents',
    timeField: 'updatedAt',
    sortKey: timeAt('updatedAt'),
    pageSize: 1000,
    params,
  }),
  probe: newestOf({ path: '/agents', sortBy: 'updatedAt', timeOf: updatedAt, params }),
  identity: (agent) => ({ id: requiredTextAt(agent, 'id'), revision: requiredTextAt(agent, 'updatedAt') }),
  eventTime: updatedAt,
  normalize: agentFields,
  // `licenseKey`.
  hasSecrets: true,
  companions: ['agents-snapshot'],
};
