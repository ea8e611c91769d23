import type { JsonObject } from '../../json.ts';
import { enumAt } from '../../records/json-fields.ts';
import type { Look, Observation } from '../action-type.ts';
import type { Evidence, Subject } from '../subject.ts';
import { type ActivityMeanings, seenInActivities } from './activity-meanings.ts';
import { fieldEvidence } from './evidence.ts';

/** The two words of `networkStatus` on the way to where a command leads. */
export interface NetworkWay {
  readonly underWay: 'disconnecting' | 'connecting';
  readonly wanted: 'disconnected' | 'connected';
}

/** That the endpoint is where it is wanted. An endpoint on its way there is not: nobody knows yet whether it arrives. */
export function reachedNetwork({ record }: Subject, { wanted }: NetworkWay): readonly Evidence[] | undefined {
  return enumAt(record, 'networkStatus') === wanted ? [networkEvidence(record)] : undefined;
}

/**
 * How far an endpoint has come. What its record says counts more than the activity log: an endpoint that was cut off and is
 * connected again must not pass for isolated.
 */
export function networkObservation(
  { subject: { record }, activities }: Look<unknown>,
  { underWay, wanted }: NetworkWay,
  meanings: ActivityMeanings,
): Observation {
  const status = enumAt(record, 'networkStatus');
  const told = seenInActivities(activities, meanings);
  const evidence = [networkEvidence(record), ...(told.kind === 'nothing' ? [] : told.evidence)];
  if (status === wanted) return { kind: 'done', evidence };
  if (told.kind === 'failed') return { ...told, evidence };
  if (status === underWay || (told.kind === 'done' && status !== undefined))
    return { kind: 'in_progress', evidence };
  return told;
}

function networkEvidence(record: JsonObject): Evidence {
  return fieldEvidence({ source: 'agent', record, field: 'networkStatus' });
}
