import { isObject, type JsonObject } from '../json.ts';
import { attackOf } from './attack/kill-chain.ts';
import { enumAt, fieldAt, listAt, textAt } from './json-fields.ts';
import { eventStatus, exposureOf, nativeAlert } from './native-alert.ts';
import { rescoredEvent, scoreRuleOf } from './score-rule.ts';
import { threatDescription } from './threat-fields.ts';
import { threatScore } from './threat-score.ts';

/**
 * The alert of a threat's record, for the index `alerts`: `xdr_event`, scores, status, and the record's own fields.
 * A pure function of the record and the options, so it is the same when it is made again from the log. Throws an Error where
 * the record has no `threatInfo` to judge.
 */
export function threatAlert(record: JsonObject, options: JsonObject): JsonObject {
  const threatInfo = fieldAt(record, 'threatInfo');
  if (!isObject(threatInfo)) throw new Error('The field threatInfo is missing or no object.');
  const score = threatScore(threatInfo, scoreRuleOf(options));
  const attack = attackOf(listAt(record, 'indicators'), exposureOf(record));
  const technique = textAt(attack.technique, 'name') ?? '';
  return nativeAlert(record, 'syslog', {
    // Alerts are typed by their ATT&CK pair; what is particular to this one is in the description.
    name: ['SentinelOne', textAt(attack.tactic, 'name'), technique].join('-'),
    displayName: `SentinelOne: ${technique}`,
    description: threatDescription(record),
    subtype: textAt(threatInfo, 'classification'),
    attack,
    status: eventStatus(enumAt(threatInfo, 'incidentStatus'), enumAt(threatInfo, 'analystVerdict')),
    score,
    fields: rescoredEvent(record, options, score.severity),
  });
}
