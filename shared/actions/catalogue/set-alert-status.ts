import * as z from 'zod/mini';
import { consoleField } from '../kinds/console-field.ts';
import { choice } from '../kinds/parameters.ts';
import { incidentStatuses } from '../kinds/review-values.ts';

/** How far the work on STAR alerts is. */
export const setAlertStatus = consoleField({
  id: 'set-alert-status',
  title: "Set a STAR alert's incident status",
  description: 'Says how far the work on the alert of a custom rule is.',
  target: 'alert',
  permission: 'Custom Alerts.updateIncidentStatus',
  path: '/cloud-detection/alerts/incident',
  field: 'alertInfo.incidentStatus',
  values: incidentStatuses,
  parameters: z.strictObject({ status: choice(incidentStatuses) }),
  wanted: ({ status }) => status,
  parametersFor: (status) => ({ status }),
  // Records say `In progress`, calls want `IN_PROGRESS`.
  spelt: (status) => status.toUpperCase(),
  example: { status: 'in_progress' },
});
