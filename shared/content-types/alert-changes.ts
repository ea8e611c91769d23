import { revisited } from '../engine/readings/revisited.ts';
import { requiredTextAt } from '../records/json-fields.ts';
import { alerts, openAlerts, stateOf } from './alerts.ts';
import type { ContentType } from './content-type.ts';
import { minuteMs } from './parts/times.ts';

/** New revisions of STAR alerts whose status or verdict an analyst has changed. The endpoint cannot be asked for those, so the open ones are. */
export const alertChanges: ContentType = {
  ...alerts,
  id: 'alert-changes',
  label: 'Changes of STAR alerts',
  defaultIntervalMs: 15 * minuteMs,
  keepsPace: true,
  settleMs: 0,
  lateBecause: 'Nothing is late: it is the present that is read.',
  costs: 'One request per 100 open alerts, and at least one, every 15 minutes.',
  reading: revisited({ ...openAlerts, path: '/cloud-detection/alerts', everyMs: 15 * minuteMs }),
  identity: (alert, window) => ({
    id: requiredTextAt(alert, 'alertInfo', 'alertId'),
    revision: `${stateOf(alert)} ${new Date(window.from).toISOString()}`,
  }),
  companions: [],
};
