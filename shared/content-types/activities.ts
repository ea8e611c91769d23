import { windowed } from '../engine/readings/windowed.ts';
import { activityFields } from '../records/activity-fields.ts';
import { requiredTextAt } from '../records/json-fields.ts';
import type { ContentType } from './content-type.ts';
import { newestOf } from './parts/newest.ts';
import { eventTimeAt, minuteMs, timeAt } from './parts/times.ts';

const createdAt = eventTimeAt('createdAt');
const updatedAt = eventTimeAt('updatedAt');

/** The console's audit trail and event feed. An activity is written once and does not change. */
export const activities: ContentType = {
  id: 'activities',
  label: 'Activities',
  msgClass: 'sentinelone_activities',
  index: 'syslog',
  permission: 'Activity Page.view',
  defaultIntervalMs: 5 * minuteMs,
  settleMs: minuteMs,
  lateBecause: "An activity is visible within seconds; a minute covers the console's own clocks.",
  costs: 'One request per 1,000 activities.',
  reading: windowed({
    path: '/activities',
    timeField: 'createdAt',
    sortKey: timeAt('createdAt'),
    pageSize: 1000,
  }),
  probe: newestOf({ path: '/activities', sortBy: 'createdAt', timeOf: createdAt }),
  identity: (activity) => ({
    id: requiredTextAt(activity, 'id'),
    revision: requiredTextAt(activity, 'createdAt'),
  }),
  eventTime: (activity) => createdAt(activity) ?? updatedAt(activity),
  normalize: activityFields,
};
