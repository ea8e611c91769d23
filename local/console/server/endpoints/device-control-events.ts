import { axisBetween, axisFilters, scopeFilters } from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';

/** Devices that were connected to endpoints, by the endpoints' time. */
export const deviceControlEvents = listEndpoint({
  path: '/device-control/events',
  permission: 'Device Control.view',
  records: (world) => world.deviceEvents,
  filters: (records) => ({
    ...scopeFilters(records),
    ...axisFilters('eventTime'),
    ...axisBetween('eventTime'),
  }),
  sortKeys: () => ({ id: 'record', eventTime: 'axis' }),
});
