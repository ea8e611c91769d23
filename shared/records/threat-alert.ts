import { isObject, type JsonObject } from '../json.ts';
import { isPublicAddress } from './addresses.ts';
import { attackOf, type Exposure } from './attack/kill-chain.ts';
import { killChainVersion } from './attack/tactics.ts';
import { derivedRecord } from './derived-record.ts';
import { enumAt, fieldAt, listAt, presentFields, textAt } from './json-fields.ts';
import { threatDescription } from './threat-fields.ts';
import { threatScore } from './threat-score.ts';

/**
 * The alert of a threat's record, for the index `alerts`: `xdr_event`, scores, status, and the record's own fields.
 * A pure function of the record, so it is the same when it is made again from the log. Throws an Error where the
 * record has no `threatInfo` to judge.
 */
export function threatAlert(record: JsonObject): JsonObject {
  const threatInfo = fieldAt(record, 'threatInfo');
  if (!isObject(threatInfo)) throw new Error('The field threatInfo is missing or no object.');
  const { score, severity, fidelity } = threatScore(threatInfo);
  const xdrEvent = xdrEventOf(record);
  return derivedRecord(
    record,
    { from: 'syslog', to: 'alerts' },
    {
      event_source: 'sentinelone',
      event_category: 'endpoint',
      event_name: xdrEvent.name,
      event_status: eventStatus(threatInfo),
      event_score: score,
      severity,
      fidelity,
      xdr_event: xdrEvent,
    },
  );
}

/** Alerts are typed by their ATT&CK pair; what is particular to this one is in the description. */
function xdrEventOf(record: JsonObject): JsonObject & { readonly name: string } {
  const exposure = exposureOf(record);
  const attack = attackOf(listAt(record, 'indicators'), exposure);
  const technique = textAt(attack.technique, 'name') ?? '';
  return {
    name: ['SentinelOne', textAt(attack.tactic, 'name'), technique].join('-'),
    display_name: `SentinelOne: ${technique}`,
    ...presentFields({ description: threatDescription(record) }),
    tags: [exposure],
    tactic: attack.tactic,
    technique: attack.technique,
    ttps: attack.ttps,
    ...presentFields({
      subtype: presentFields({ name: textAt(record, 'threatInfo', 'classification') }),
    }),
    xdr_killchain_stage: attack.stage,
    xdr_killchain_version: killChainVersion,
  };
}

/** Without a public address the attack is taken for an internal one: it was seen on the endpoint. */
function exposureOf(record: JsonObject): Exposure {
  return isPublicAddress(textAt(record, 'srcip')) ? 'external' : 'internal';
}

/** A status that the console invents tomorrow counts as new: an alert must not vanish because of it. */
function eventStatus(threatInfo: JsonObject): string {
  if (enumAt(threatInfo, 'analystVerdict') === 'false_positive') return 'Ignored';
  return statuses.get(enumAt(threatInfo, 'incidentStatus') ?? '') ?? 'New';
}

const statuses: ReadonlyMap<string, string> = new Map([
  ['unresolved', 'New'],
  ['in_progress', 'In Progress'],
  ['resolved', 'Closed'],
]);
