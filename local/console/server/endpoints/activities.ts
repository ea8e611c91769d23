import { axisBetween, axisFilters, oneOfNumbers, scopeFilters } from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';

export const activities = listEndpoint({
  path: '/activities',
  permission: 'Activity Page.view',
  records: (world) => world.activities,
  filters: (records) => ({
    ...scopeFilters(records),
    ...axisFilters('createdAt'),
    ...axisBetween('createdAt'),
    activityTypes: oneOfNumbers((row) => records.activityType(records.timeline.revisions.record(row))),
  }),
  sortKeys: () => ({ id: 'record', createdAt: 'axis' }),
});
