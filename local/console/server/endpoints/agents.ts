import {
  isActive,
  isDecommissioned,
  isUninstalled,
  lastActiveUs,
  networkStatus,
} from '../../world/agent-body.ts';
import type { Agents } from '../../world/agents.ts';
import {
  axisFilters,
  contains,
  type FilterTable,
  flags,
  isFlag,
  oneOf,
  oneOfUuids,
  scopeFilters,
  timeFilters,
} from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';

const networkStatuses = ['connected', 'disconnected', 'connecting', 'disconnecting'];

/** The filters of `/agents`, and of everything else that selects agents. */
export function agentFilters(records: Agents): FilterTable {
  const identity = (row: number) => records.identity(records.timeline.revisions.record(row));
  return {
    ...scopeFilters(records),
    ...timeFilters('createdAt', (row) => identity(row).enrolledUs),
    ...timeFilters('registeredAt', (row) => identity(row).enrolledUs),
    ...timeFilters('lastActiveDate', lastActive(records)),
    ...axisFilters('updatedAt'),
    isDecommissioned: flags((row) => isDecommissioned(identity(row), records.state(row))),
    isUninstalled: flags((row) => isUninstalled(identity(row), records.state(row))),
    isActive: isFlag((row) => isActive(identity(row), records.state(row))),
    networkStatuses: oneOf((row) => networkStatus(identity(row), records.state(row)), networkStatuses),
    computerName: oneOf((row) => identity(row).computerName),
    computerName__contains: contains((row) => identity(row).computerName),
    uuid: oneOf((row) => identity(row).uuid),
    uuids: oneOfUuids((row) => identity(row).uuid),
  };
}

function lastActive(records: Agents): (row: number) => number {
  const { revisions } = records.timeline;
  return (row) =>
    lastActiveUs(records.identity(revisions.record(row)), records.state(row), revisions.us(row));
}

export const agents = listEndpoint({
  path: '/agents',
  permission: 'Endpoints.view',
  records: (world) => world.agents,
  filters: agentFilters,
  sortKeys: (records) => ({
    id: 'record',
    createdAt: 'record',
    updatedAt: 'axis',
    lastActiveDate: lastActive(records),
    computerName: (row) => records.identity(records.timeline.revisions.record(row)).computerName,
  }),
});
