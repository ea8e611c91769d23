import type { ActionType } from './action-type.ts';
import { abortScan } from './catalogue/abort-scan.ts';
import { addNote } from './catalogue/add-note.ts';
import { addToBlocklist } from './catalogue/add-to-blocklist.ts';
import { broadcastMessage } from './catalogue/broadcast-message.ts';
import { contain } from './catalogue/contain.ts';
import { fetchLogs } from './catalogue/fetch-logs.ts';
import { initiateScan } from './catalogue/initiate-scan.ts';
import { kill } from './catalogue/kill.ts';
import { quarantine } from './catalogue/quarantine.ts';
import { release } from './catalogue/release.ts';
import { remediate } from './catalogue/remediate.ts';
import { removeFromBlocklist } from './catalogue/remove-from-blocklist.ts';
import { restart } from './catalogue/restart.ts';
import { rollbackRemediation } from './catalogue/rollback-remediation.ts';
import { setAlertStatus } from './catalogue/set-alert-status.ts';
import { setAlertVerdict } from './catalogue/set-alert-verdict.ts';
import { setAnalystVerdict } from './catalogue/set-analyst-verdict.ts';
import { setIncidentStatus } from './catalogue/set-incident-status.ts';
import { unquarantine } from './catalogue/unquarantine.ts';

/** All response actions there are, in the order in which they are shown. Adding one is one line here. */
export const actionTypes: readonly ActionType[] = [
  contain,
  release,
  initiateScan,
  abortScan,
  kill,
  quarantine,
  unquarantine,
  remediate,
  rollbackRemediation,
  addToBlocklist,
  removeFromBlocklist,
  restart,
  fetchLogs,
  broadcastMessage,
  setIncidentStatus,
  setAnalystVerdict,
  addNote,
  setAlertStatus,
  setAlertVerdict,
];

/** The action type with the id, or undefined where there is none. */
export function findActionType(id: string): ActionType | undefined {
  return actionTypes.find((candidate) => candidate.id === id);
}
