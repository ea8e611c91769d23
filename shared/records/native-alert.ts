import type { LakeIndex } from '../engine/log-entry.ts';
import type { JsonObject } from '../json.ts';
import { isPublicAddress } from './addresses.ts';
import type { Attack, Exposure } from './attack/kill-chain.ts';
import { killChainVersion } from './attack/tactics.ts';
import { derivedRecord } from './derived-record.ts';
import { presentFields, textAt } from './json-fields.ts';
import type { AlertScore } from './score-rule.ts';

/** What a native alert says that is not in the record already. */
export interface NativeAlert {
  /** What kind of detection it is, the same for all of its kind. */
  readonly name: string;
  readonly displayName: string;
  /** What is particular to this one. */
  readonly description: string | undefined;
  readonly subtype: string | undefined;
  readonly attack: Attack;
  readonly status: string;
  readonly score: AlertScore;
  /** Other fields of the index. */
  readonly fields?: JsonObject;
}

/** The record as an alert, for the index `alerts`. A pure function of its arguments. */
export function nativeAlert(record: JsonObject, from: LakeIndex, alert: NativeAlert): JsonObject {
  const { name, attack, score } = alert;
  return derivedRecord(
    record,
    { from, to: 'alerts' },
    {
      event_source: 'sentinelone',
      event_category: 'endpoint',
      event_name: name,
      event_status: alert.status,
      event_score: score.score,
      severity: score.severity,
      fidelity: score.fidelity,
      ...alert.fields,
      xdr_event: {
        name,
        display_name: alert.displayName,
        ...presentFields({ description: alert.description }),
        tags: [exposureOf(record)],
        tactic: attack.tactic,
        technique: attack.technique,
        ttps: attack.ttps,
        ...presentFields({ subtype: presentFields({ name: alert.subtype }) }),
        xdr_killchain_stage: attack.stage,
        xdr_killchain_version: killChainVersion,
      },
    },
  );
}

/** Without a public address the attack is taken for an internal one: it was seen on the endpoint. */
export function exposureOf(record: JsonObject): Exposure {
  return isPublicAddress(textAt(record, 'srcip')) ? 'external' : 'internal';
}

const statuses: ReadonlyMap<string, string> = new Map([
  ['unresolved', 'New'],
  ['new', 'New'],
  ['in_progress', 'In Progress'],
  ['resolved', 'Closed'],
]);

/**
 * The alert's status, from the console's status and the analyst's verdict in one spelling (`enumAt`). A status that the console
 * invents tomorrow counts as new: an alert must not vanish because of it.
 */
export function eventStatus(status: string | undefined, verdict: string | undefined): string {
  if (verdict?.startsWith('false_positive')) return 'Ignored';
  return statuses.get(status ?? '') ?? 'New';
}
