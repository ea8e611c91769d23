import { oneScope } from '../engine/readings/one-scope.ts';
import { windowed } from '../engine/readings/windowed.ts';
import { requiredTextAt } from '../records/json-fields.ts';
import { rogueFields } from '../records/rogue-fields.ts';
import type { ContentType } from './content-type.ts';
import { newestOf } from './parts/newest.ts';
import { ofFirstAccount } from './parts/newest-of-scope.ts';
import { eventTimeAt, hourMs, minuteMs, timeAt } from './parts/times.ts';

const lastSeen = eventTimeAt('lastSeen');

/**
 * Hosts without an agent that endpoints have seen in their networks. They are seen again all day long, and the console keeps
 * the last time only: a run of the stream reads each of them once at most, so the connector's interval bounds the revisions.
 */
export const rogues: ContentType = {
  id: 'rogues',
  label: 'Rogues',
  msgClass: 'sentinelone_rogues_table',
  index: 'syslog',
  permission: 'Rogues.view',
  defaultIntervalMs: hourMs,
  keepsPace: true,
  settleMs: minuteMs,
  lateBecause: "A sighting is visible within seconds; a minute covers the console's own clocks.",
  costs: 'One request per 1,000 hosts seen, and per account where the console wants one to be named.',
  reading: oneScope(
    windowed({
      path: '/rogues/table-view',
      timeField: 'lastSeen',
      sortKey: timeAt('lastSeen'),
      pageSize: 1000,
    }),
  ),
  probe: ofFirstAccount(newestOf({ path: '/rogues/table-view', sortBy: 'lastSeen', timeOf: lastSeen })),
  identity: (rogue) => ({
    id: requiredTextAt(rogue, 'id'),
    revision: requiredTextAt(rogue, 'lastSeen'),
  }),
  eventTime: lastSeen,
  normalize: rogueFields,
};
