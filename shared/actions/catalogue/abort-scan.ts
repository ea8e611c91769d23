import type { Look, Observation } from '../action-type.ts';
import { type ActivityMeanings, seenInActivities, typesOf } from '../kinds/activity-meanings.ts';
import { agentCommand } from '../kinds/agent-command.ts';
import { consoleWords } from '../kinds/console-words.ts';
import { noParameters } from '../kinds/parameters.ts';
import { hasMoved, scanBefore, scanEvidence, scanStatus } from '../kinds/scan-status.ts';
import type { Reason, Subject } from '../subject.ts';

const meanings: ActivityMeanings = { 72: { kind: 'accepted' }, 91: { kind: 'done' } };

/** Ends a full disk scan that is running. */
export const abortScan = agentCommand({
  id: 'abort-scan',
  title: 'Abort the disk scan',
  description: 'Ends the full disk scan that is running.',
  danger: 'endpoint',
  permission: 'Endpoints.abortScan',
  verb: 'abort-scan',
  parameters: noParameters,
  example: {},
  doneWhen:
    "The agent's `scanStatus` is `aborted`; or `finished`, with another `scanFinishedAt` than before, where the scan was faster.",
  typicalSeconds: 60,
  timeoutMinutes: 30,
  isRepeatable: true,
  activityTypes: typesOf(meanings),
  revertedBy: [],
  unsuitable: withoutScan,
  // Where no scan runs there is nothing to abort, which is another thing than an aborted scan: see `withoutScan`.
  reached: () => undefined,
  before: scanBefore,
  observe: observeAbort,
  revert: () => undefined,
});

/**
 * A scan that was asked for and has not started cannot be told from none, so that "no scan is running" must not pass for the wanted
 * state: the scan might start the next minute.
 */
function withoutScan(subject: Subject): Reason | undefined {
  const status = scanStatus(subject);
  if (status === undefined || status === 'started') return undefined;
  return {
    code: 'no_scan_running',
    message: `No scan is running on the endpoint (scanStatus is ${consoleWords(status)}).`,
    recommendation: 'Where a scan was asked for and has not started yet, abort it when it has.',
  };
}

function observeAbort({ subject, before, activities }: Look<unknown>): Observation {
  const status = scanStatus(subject);
  const told = seenInActivities(activities, meanings);
  if (status === 'aborted') return { kind: 'done', evidence: [scanEvidence(subject, 'scanAbortedAt')] };
  if (status === 'finished' && hasMoved(subject, before, 'scanFinishedAt'))
    return { kind: 'done', evidence: [scanEvidence(subject, 'scanFinishedAt')] };
  // Aborted by the log, and running by the record: the record is late, or the next scan has begun.
  if (status === 'started' && told.kind === 'done')
    return { kind: 'in_progress', evidence: [scanEvidence(subject, 'scanStartedAt'), ...told.evidence] };
  return told;
}
