import * as z from 'zod/mini';
import { consoleField, fieldResults } from '../kinds/console-field.ts';
import { choice } from '../kinds/parameters.ts';
import { incidentStatuses } from '../kinds/review-values.ts';

const permission = 'Threats.updateIncidentStatus';

/** How far the work on threats is. */
export const setIncidentStatus = consoleField({
  id: 'set-incident-status',
  title: "Set a threat's incident status",
  description: 'Says how far the work on the threat is. The analyst verdict stays as it is.',
  target: 'threat',
  permission,
  path: '/threats/incident',
  field: 'threatInfo.incidentStatus',
  values: incidentStatuses,
  parameters: z.strictObject({ status: choice(incidentStatuses) }),
  wanted: ({ status }) => status,
  parametersFor: (status) => ({ status }),
  example: { status: 'resolved' },
  results: fieldResults(permission),
});
