import { windowed } from '../engine/readings/windowed.ts';
import type { JsonObject } from '../json.ts';
import { agentFields } from '../records/agent-fields.ts';
import { fieldAt, requiredTextAt } from '../records/json-fields.ts';
import { parseConsoleTime } from '../sentinelone/console-time.ts';
import type { ContentType } from './content-type.ts';

/** Endpoints as assets. A keep-alive does not move `updatedAt`, so a record is as fresh as the last real change. */
export const agents: ContentType = {
  id: 'agents',
  label: 'Endpoints',
  msgClass: 'sentinelone_host',
  index: 'assets',
  permission: 'Endpoints.view',
  defaultIntervalMs: 5 * 60_000,
  settleMs: 60_000,
  reading: windowed({
    path: '/agents',
    timeField: 'updatedAt',
    sortKey: updatedAt,
    pageSize: 1000,
    // Without these the console may leave out hosts that were removed, and the lake would never learn of it.
    params: { isDecommissioned: 'True,False', isUninstalled: 'True,False' },
  }),
  identity: (agent) => ({ id: requiredTextAt(agent, 'id'), revision: requiredTextAt(agent, 'updatedAt') }),
  eventTime: updatedAt,
  normalize: agentFields,
};

function updatedAt(agent: JsonObject): number | undefined {
  return parseConsoleTime(fieldAt(agent, 'updatedAt'));
}
