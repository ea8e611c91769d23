import { rememberOpen } from '../engine/readings/revisited.ts';
import { windowed } from '../engine/readings/windowed.ts';
import type { JsonObject } from '../json.ts';
import { enumAt, requiredTextAt, textAt } from '../records/json-fields.ts';
import { starAlert } from '../records/star-alert.ts';
import { starAlertFields } from '../records/star-alert-fields.ts';
import type { ContentType } from './content-type.ts';
import { nativeAlertsOption, scoresOption } from './parts/alert-options.ts';
import { newestOf } from './parts/newest.ts';
import { dayMs, eventTimeAt, minuteMs, timeAt } from './parts/times.ts';

const reportedAt = timeAt('alertInfo', 'reportedAt');
const happenedAt = eventTimeAt('alertInfo', 'createdAt');
const knownAt = eventTimeAt('alertInfo', 'reportedAt');

/** How open alerts are remembered; `alert-changes` asks for them again. */
export const openAlerts = {
  contentType: 'alerts',
  idOf: (alert: JsonObject) => textAt(alert, 'alertInfo', 'alertId'),
  openStateOf: (alert: JsonObject) =>
    enumAt(alert, 'alertInfo', 'incidentStatus') === 'resolved' ? undefined : stateOf(alert),
  timeOf: reportedAt,
  mostAgeMs: 90 * dayMs,
} as const;

/**
 * Hits of custom detection rules (STAR), by the time at which the console reported them: an endpoint that was offline reports
 * late what happened long ago.
 */
export const alerts: ContentType = {
  id: 'alerts',
  label: 'STAR alerts',
  msgClass: 'sentinelone_cloud_detection_alerts',
  index: 'syslog',
  permission: 'Custom Alerts.view',
  defaultIntervalMs: 5 * minuteMs,
  settleMs: minuteMs,
  lateBecause:
    "By the time at which the console reported an alert, not by the event's; visible within seconds.",
  costs: 'One request per 1,000 alerts.',
  reading: {
    ...windowed({
      path: '/cloud-detection/alerts',
      timeField: 'reportedAt',
      sortBy: 'alertInfoReportedAt',
      sortKey: reportedAt,
      pageSize: 1000,
    }),
    remember: rememberOpen(openAlerts),
  },
  probe: newestOf({ path: '/cloud-detection/alerts', sortBy: 'alertInfoReportedAt', timeOf: knownAt }),
  identity: (alert) => ({
    id: requiredTextAt(alert, 'alertInfo', 'alertId'),
    revision: `reported ${requiredTextAt(alert, 'alertInfo', 'reportedAt')}`,
  }),
  eventTime: (alert) => happenedAt(alert) ?? knownAt(alert),
  normalize: starAlertFields,
  // Where threats are collected as well, a rule that makes a threat of its hits would be an alert twice.
  derived: { index: 'alerts', switchedOnBy: nativeAlertsOption.name, derive: starAlert },
  options: [nativeAlertsOption, scoresOption],
  companions: ['alert-changes'],
};

/** What analysts change about an alert. The console moves no time stamp when they do. */
export function stateOf(alert: JsonObject): string {
  const status = enumAt(alert, 'alertInfo', 'incidentStatus') ?? '';
  return `${status} ${enumAt(alert, 'alertInfo', 'analystVerdict') ?? ''}`;
}
