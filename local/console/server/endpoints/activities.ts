import { axisBetween, axisFilters, oneOfIds, oneOfNumbers, scopeFilters } from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';

export const activities = listEndpoint({
  path: '/activities',
  permission: 'Activity Page.view',
  records: (world) => world.activities,
  filters: (records) => ({
    ...scopeFilters(records),
    ...axisFilters('createdAt'),
    ...axisBetween('createdAt'),
    agentIds: oneOfIds((row) => records.agentId(records.timeline.revisions.record(row))),
    threatIds: oneOfIds((row) => records.threatId(records.timeline.revisions.record(row))),
    activityTypes: oneOfNumbers((row) => records.activityType(records.timeline.revisions.record(row))),
  }),
  sortKeys: () => ({ id: 'record', createdAt: 'axis' }),
});
