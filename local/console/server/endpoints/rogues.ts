import { rogueDeviceTypes, rogueOsTypes } from '../../world/rogue-body.ts';
import type { Call } from '../endpoint.ts';
import { axisBetween, axisFilters, oneOf, scopeFilters, timeBetween, timeFilters } from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';
import { invalidParameter } from '../vendor-error.ts';

/** Hosts without an agent, by the time at which they were last seen. */
export const rogues = listEndpoint({
  path: '/rogues/table-view',
  permission: 'Rogues.view',
  records(world, call) {
    refuseWithoutAccount(call);
    return world.rogues;
  },
  filters: (records) => {
    const record = (row: number) => records.timeline.revisions.record(row);
    const firstSeen = (row: number) => records.createdUs(record(row));
    return {
      ...scopeFilters(records),
      ...timeFilters('firstSeen', firstSeen),
      ...timeBetween('firstSeen', firstSeen),
      ...axisFilters('lastSeen'),
      ...axisBetween('lastSeen'),
      osTypes: oneOf((row) => records.kind(record(row)).osType, rogueOsTypes),
      deviceTypes: oneOf((row) => records.kind(record(row)).deviceType, rogueDeviceTypes),
    };
  },
  sortKeys: () => ({ id: 'record', lastSeen: 'axis', firstSeen: 'record' }),
});

/** A token of a site has to name its account, and on some consoles every token has to name one. */
function refuseWithoutAccount({ world, token, query }: Call): void {
  const mustName = token?.siteId !== undefined || world.options.roguesByAccount === true;
  if (mustName && !/^\d+$/.test(query.get('accountIds') ?? ''))
    throw invalidParameter('accountIds', 'Please provide a single valid account ID.');
}
