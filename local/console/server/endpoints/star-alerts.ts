import { micros } from '../../world/micro-time.ts';
import { alertStatuses, alertVerdicts } from '../../world/star-alert-plan.ts';
import type { StarAlerts } from '../../world/star-alerts.ts';
import { axisFilters, type FilterTable, oneOf, scopeFilters, timeFilters } from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';

/** Filters spell the words of the answers in another way. */
export function inFilters(word: string): string {
  return word.toUpperCase().replaceAll(' ', '_');
}

const severities = ['Low', 'Medium', 'High', 'Critical', 'Info'];

/** The filters of `/cloud-detection/alerts`, and of everything else that selects such alerts. */
export function starAlertFilters(records: StarAlerts): FilterTable {
  const record = (row: number) => records.timeline.revisions.record(row);
  return {
    ...scopeFilters(records),
    ...timeFilters('createdAt', (row) => records.eventUs(record(row))),
    ...axisFilters('reportedAt'),
    severity: oneOf((row) => records.rule(record(row)).severity, severities),
    incidentStatus: oneOf(
      (row) => inFilters(records.state(record(row)).incidentStatus),
      alertStatuses.map(inFilters),
    ),
    analystVerdict: oneOf(
      (row) => inFilters(records.state(record(row)).analystVerdict),
      alertVerdicts.map(inFilters),
    ),
  };
}

/** Hits of custom rules. What analysts do to them can be filtered by, but not by when they did it. */
export const starAlerts = listEndpoint({
  path: '/cloud-detection/alerts',
  permission: 'Custom Alerts.view',
  records: (world, { nowMs }) => world.starAlerts(nowMs * micros.millisecond),
  filters: starAlertFilters,
  sortKeys: (records) => ({
    id: 'record',
    alertInfoAlertId: 'record',
    alertInfoReportedAt: 'axis',
    alertInfoCreatedAt: (row) => records.eventUs(records.timeline.revisions.record(row)),
  }),
});
