import { isObject, type JsonObject } from '../json.ts';
import { attackOf } from './attack/kill-chain.ts';
import { enumAt, fieldAt, textAt } from './json-fields.ts';
import { eventStatus, exposureOf, nativeAlert } from './native-alert.ts';
import { pointsFor, rescoredEvent, reviewedScore, scoreRuleOf } from './score-rule.ts';

/**
 * A STAR alert's record as a native alert. Its rule says how severe it is and whether its hits are treated as threats; it knows
 * no ATT&CK pairs. A pure function, as `threatAlert`. Throws an Error where the record has no `alertInfo`.
 */
export function starAlert(record: JsonObject, options: JsonObject): JsonObject {
  const alertInfo = fieldAt(record, 'alertInfo');
  if (!isObject(alertInfo)) throw new Error('The field alertInfo is missing or no object.');
  const rule = scoreRuleOf(options);
  const verdict = enumAt(alertInfo, 'analystVerdict');
  const score = reviewedScore(
    rule,
    {
      severity: pointsFor(rule.severityOfLevel, enumAt(record, 'ruleInfo', 'severity')),
      fidelity: pointsFor(rule.fidelityStart, enumAt(record, 'ruleInfo', 'treatAsThreat')),
    },
    verdict,
  );
  const name = textAt(record, 'ruleInfo', 'name') ?? 'Custom Rule';
  return nativeAlert(record, 'syslog', {
    name: `SentinelOne-STAR-${name}`,
    displayName: `SentinelOne STAR: ${name}`,
    description: textAt(record, 'ruleInfo', 'description') ?? textAt(alertInfo, 'indicatorDescription'),
    subtype: textAt(alertInfo, 'eventType'),
    attack: attackOf([], exposureOf(record)),
    status: eventStatus(enumAt(alertInfo, 'incidentStatus'), verdict),
    score,
    fields: rescoredEvent(record, options, score.severity),
  });
}
