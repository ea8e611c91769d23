import type { JsonObject } from '../../json.ts';
import { enumAt, isTrueAt, presentFields, textAt } from '../../records/json-fields.ts';
import type { Activity, Look, Observation } from '../action-type.ts';
import type { Evidence, Subject } from '../subject.ts';
import { type ActivityMeanings, seenInActivities } from './activity-meanings.ts';
import { fieldEvidence } from './evidence.ts';

/** A way of an endpoint: the words of `networkStatus` on it, and the activity types that tell of its command and of its end. */
export interface NetworkWay {
  readonly underWay: 'disconnecting' | 'connecting';
  readonly wanted: 'disconnected' | 'connected';
  readonly issued: number;
  readonly ends: readonly number[];
}

export const offTheNetwork: NetworkWay = {
  ...{ underWay: 'disconnecting', wanted: 'disconnected', issued: 61 },
  // Done, and failed.
  ends: [1001, 2010],
};
export const ontoTheNetwork: NetworkWay = {
  ...{ underWay: 'connecting', wanted: 'connected', issued: 62 },
  ends: [1002],
};

/** `ActionType.history` of both ways. */
export const networkHistory: readonly number[] = [offTheNetwork, ontoTheNetwork].flatMap(
  ({ issued, ends }) => [issued, ...ends],
);

/**
 * That the endpoint is where it is wanted. An endpoint on its way there is not: nobody knows yet whether it arrives. What the console
 * shows of an endpoint that is offline is how it was: a contrary command may wait for it, and then only a command that waits behind
 * that one brings it where it is wanted. The record of one that is online may be late, so the log must not know of a contrary
 * command that is under way; where nobody has read the log, the record is all there is.
 */
export function reachedNetwork(
  { record, history = [] }: Subject,
  way: NetworkWay,
): readonly Evidence[] | undefined {
  const isThere = isTrueAt(record, 'isActive') && enumAt(record, 'networkStatus') === way.wanted;
  return isThere && !isContraryUnderWay(history, way) ? [networkEvidence(record)] : undefined;
}

/** The little that has to be kept of the time before. */
export function networkBefore({ record }: Subject): JsonObject {
  return presentFields({ networkStatus: textAt(record, 'networkStatus') });
}

/**
 * How far an endpoint has come. What its record says counts more than the activity log: an endpoint that was cut off and is
 * connected again must not pass for isolated. But a record that has shown the wanted state before the command as well, or that is
 * of an endpoint that is offline, proves nothing by itself: the log has to say that the command has come to its end.
 */
export function networkObservation(
  { subject: { record }, before, activities }: Look<unknown>,
  { underWay, wanted }: NetworkWay,
  meanings: ActivityMeanings,
): Observation {
  const status = enumAt(record, 'networkStatus');
  const told = seenInActivities(activities, meanings);
  const evidence = [networkEvidence(record), ...(told.kind === 'nothing' ? [] : told.evidence)];
  const isProof = isTrueAt(record, 'isActive') && enumAt(before, 'networkStatus') !== wanted;
  if (status === wanted && (isProof || told.kind === 'done')) return { kind: 'done', evidence };
  if (told.kind === 'failed') return { ...told, evidence };
  if (status === underWay || (told.kind === 'done' && status !== undefined))
    return { kind: 'in_progress', evidence };
  return told;
}

/** @param history newest first */
function isContraryUnderWay(history: readonly Activity[], way: NetworkWay): boolean {
  const contrary = way === offTheNetwork ? ontoTheNetwork : offTheNetwork;
  const issuedAt = history.findIndex(({ type }) => type === contrary.issued);
  if (issuedAt === -1) return false;
  const since = history.slice(0, issuedAt);
  const isEnded = since.some(({ type }) => contrary.ends.includes(type));
  // An agent does one thing after the other: with the end of a later command the earlier one is over.
  const end = since.findIndex(({ type }) => way.ends.includes(type));
  const isOvertaken = end !== -1 && since.slice(end + 1).some(({ type }) => type === way.issued);
  return !isEnded && !isOvertaken;
}

function networkEvidence(record: JsonObject): Evidence {
  return fieldEvidence({ source: 'agent', record, field: 'networkStatus' });
}
