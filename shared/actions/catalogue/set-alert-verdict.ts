import * as z from 'zod/mini';
import { consoleField } from '../kinds/console-field.ts';
import { choice } from '../kinds/parameters.ts';
import { analystVerdicts } from '../kinds/review-values.ts';

/** What analysts think of STAR alerts. */
export const setAlertVerdict = consoleField({
  id: 'set-alert-verdict',
  title: "Set a STAR alert's analyst verdict",
  description: 'Says what the analyst thinks of the alert of a custom rule.',
  target: 'alert',
  permission: 'Custom Alerts.updateAnalystVerdict',
  path: '/cloud-detection/alerts/analyst-verdict',
  field: 'alertInfo.analystVerdict',
  values: analystVerdicts,
  parameters: z.strictObject({ verdict: choice(analystVerdicts) }),
  wanted: ({ verdict }) => verdict,
  parametersFor: (verdict) => ({ verdict }),
  // Records say `True positive`, calls want `TRUE_POSITIVE`.
  spelt: (verdict) => verdict.toUpperCase(),
  example: { verdict: 'false_positive' },
});
