import type { JsonObject } from '../json.ts';
import { attackOf } from './attack/kill-chain.ts';
import { enumAt, textAt } from './json-fields.ts';
import { eventStatus, exposureOf, nativeAlert } from './native-alert.ts';
import { pointsFor, rescoredEvent, reviewedScore, scoreRuleOf } from './score-rule.ts';

/**
 * A unified alert's record as a native alert. The console says how severe it is and how sure; it tells no ATT&CK pairs. A pure
 * function, as `threatAlert`. Throws an Error where the record has no id.
 */
export function unifiedAlert(record: JsonObject, options: JsonObject): JsonObject {
  if (textAt(record, 'id') === undefined) throw new Error('The field id is missing or blank.');
  const rule = scoreRuleOf(options);
  const verdict = enumAt(record, 'analystVerdict');
  const score = reviewedScore(
    rule,
    {
      severity: pointsFor(rule.severityOfLevel, enumAt(record, 'severity')),
      fidelity: pointsFor(rule.fidelityStart, enumAt(record, 'confidenceLevel')),
    },
    verdict,
  );
  const product = textAt(record, 'detectionSource', 'product') ?? 'Alert';
  const name = textAt(record, 'name') ?? textAt(record, 'classification') ?? 'Unified Alert';
  return nativeAlert(record, 'syslog', {
    name: `SentinelOne-${product}-${name}`,
    displayName: `SentinelOne ${product}: ${name}`,
    description: textAt(record, 'description'),
    subtype: textAt(record, 'classification'),
    attack: attackOf([], exposureOf(record)),
    status: eventStatus(enumAt(record, 'status'), verdict),
    score,
    fields: rescoredEvent(record, options, score.severity),
  });
}
