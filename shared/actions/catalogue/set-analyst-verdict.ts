import * as z from 'zod/mini';
import { consoleField, fieldResults } from '../kinds/console-field.ts';
import { choice } from '../kinds/parameters.ts';
import { analystVerdicts } from '../kinds/review-values.ts';

const permission = 'Threats.updateAnalystVerdict';

/** What analysts think of threats. */
export const setAnalystVerdict = consoleField({
  id: 'set-analyst-verdict',
  title: "Set a threat's analyst verdict",
  description: 'Says what the analyst thinks of the threat. The incident status stays as it is.',
  target: 'threat',
  permission,
  path: '/threats/analyst-verdict',
  field: 'threatInfo.analystVerdict',
  values: analystVerdicts,
  parameters: z.strictObject({ verdict: choice(analystVerdicts) }),
  wanted: ({ verdict }) => verdict,
  parametersFor: (verdict) => ({ verdict }),
  example: { verdict: 'true_positive' },
  results: fieldResults(permission),
});
