import { graphqlConnection } from '../engine/readings/graphql-connection.ts';
import { requiredTextAt, textAt } from '../records/json-fields.ts';
import { unifiedAlert } from '../records/unified-alert.ts';
import { unifiedAlertFields } from '../records/unified-alert-fields.ts';
import { unifiedAlertSelection } from '../sentinelone/unified-alert-selection.ts';
import type { ContentType } from './content-type.ts';
import { nativeAlertsOption, scoresOption } from './parts/alert-options.ts';
import { newestOfConnection } from './parts/newest-of-connection.ts';
import { eventTimeAt, minuteMs } from './parts/times.ts';

const detectedAt = eventTimeAt('detectedAt');
const createdAt = eventTimeAt('createdAt');
const updatedAt = eventTimeAt('updatedAt');
const path = '/unifiedalerts/graphql';
const field = 'alerts';
const fixedArguments = 'viewType: ALL';

/** Alerts of all sources of the console, as its unified alert management shows them. Every revision is a record. */
export const unifiedAlerts: ContentType = {
  id: 'unified-alerts',
  label: 'Unified alerts',
  msgClass: 'sentinelone_unified_alerts',
  index: 'syslog',
  permission: 'Unified Alerts.view',
  defaultIntervalMs: 5 * minuteMs,
  settleMs: minuteMs,
  lateBecause: "A change is visible within seconds; a minute covers the console's own clocks.",
  costs: 'Four requests, and one more per 100 alerts.',
  reading: graphqlConnection({
    path,
    field,
    selection: unifiedAlertSelection,
    fixedArguments,
    // The strictest console takes no more.
    pageSize: 100,
    // An alert that nobody has touched may have no `updatedAt` yet. Not `detectedAt`: an endpoint that was offline hands in what
    // it detected days ago.
    axes: ['updatedAt', 'createdAt'],
    hidden: { fieldId: 'confidenceLevel', value: 'INFORMATIONAL' },
  }),
  // Not `updatedAt`: what nobody has touched may have none.
  probe: newestOfConnection({ path, field, fixedArguments, sortBy: 'createdAt', timeOf: createdAt }),
  identity: (alert) => ({
    id: requiredTextAt(alert, 'id'),
    revision: textAt(alert, 'updatedAt') ?? `created ${requiredTextAt(alert, 'createdAt')}`,
  }),
  eventTime: (alert) => detectedAt(alert) ?? createdAt(alert) ?? updatedAt(alert),
  normalize: unifiedAlertFields,
  // It shows threats and STAR alerts as well.
  derived: { index: 'alerts', switchedOnBy: nativeAlertsOption.name, derive: unifiedAlert },
  options: [nativeAlertsOption, scoresOption],
};
