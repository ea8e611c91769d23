import { isTrueAt } from '../../records/json-fields.ts';
import type { Look, Observation } from '../action-type.ts';
import { type ActivityMeanings, seenInActivities, typesOf } from '../kinds/activity-meanings.ts';
import { agentCommand } from '../kinds/agent-command.ts';
import { noParameters } from '../kinds/parameters.ts';
import { hasMoved, scanBefore, scanEvidence, scanStatus } from '../kinds/scan-status.ts';
import type { Reason, Subject } from '../subject.ts';

const aborted: Reason = {
  code: 'scan_aborted',
  message: 'The scan was aborted before its end.',
  recommendation: "Look in the console's activity log who aborted it, and scan again.",
};

const meanings: ActivityMeanings = {
  71: { kind: 'accepted' },
  90: { kind: 'in_progress' },
  91: { kind: 'failed', reason: aborted },
  92: { kind: 'done' },
};

/** Full disk scan. */
export const initiateScan = agentCommand({
  id: 'initiate-scan',
  title: 'Scan the whole disk',
  description:
    'Starts a full disk scan. What it finds becomes a threat, and is mitigated as the policy says. It takes hours on a large disk.',
  danger: 'endpoint',
  permission: 'Endpoints.initiateScan',
  verb: 'initiate-scan',
  parameters: noParameters,
  example: {},
  doneWhen: "The agent's `scanStatus` is `finished`, with another `scanFinishedAt` than before.",
  typicalSeconds: 7_200,
  timeoutMinutes: 1_440,
  isRepeatable: true,
  activityTypes: typesOf(meanings),
  // A scan that is done cannot be taken back, and aborting one that runs may be aborting somebody else's.
  revertedBy: [],
  unsuitable: whileScanning,
  // What is wanted is a scan from now on, to its end.
  reached: () => undefined,
  before: scanBefore,
  observe: observeScan,
  revert: () => undefined,
});

/**
 * A scan that runs is nobody knows whose, and not at its end: it must not pass for the one that was asked for. What the console shows
 * of an endpoint that is offline is how it was.
 */
function whileScanning(subject: Subject): Reason | undefined {
  if (scanStatus(subject) !== 'started' || !isTrueAt(subject.record, 'isActive')) return undefined;
  return {
    code: 'scan_running',
    message: 'A scan is running on the endpoint (scanStatus is started), so no other one can be started.',
    recommendation: 'Ask again when it has ended, or abort it first.',
  };
}

function observeScan({ subject, before, activities }: Look<unknown>): Observation {
  const status = scanStatus(subject);
  if (status === 'finished' && hasMoved(subject, before, 'scanFinishedAt'))
    return { kind: 'done', evidence: [scanEvidence(subject, 'scanFinishedAt')] };
  if (status === 'aborted' && hasMoved(subject, before, 'scanAbortedAt'))
    return { kind: 'failed', evidence: [scanEvidence(subject, 'scanAbortedAt')], reason: aborted };
  if (status === 'started')
    return { kind: 'in_progress', evidence: [scanEvidence(subject, 'scanStartedAt')] };
  // The record shows no other scan than before, or does not tell; the log may know more.
  return seenInActivities(activities, meanings);
}
