import { isObject, type JsonObject } from '../../json.ts';
import { enumAt, listAt, textAt } from '../../records/json-fields.ts';
import { parseConsoleTime } from '../../sentinelone/console-time.ts';
import type { Evidence, Reason } from '../subject.ts';
import { timeOf } from './evidence.ts';
import { isSinceSent } from './since-sent.ts';

/** As `mitigationStatus[].action` names them; their paths are spelt differently. */
export type MitigationAction = 'kill' | 'quarantine' | 'unquarantine' | 'remediate' | 'rollback';

/** The newest entry of a threat's `mitigationStatus[]` for the action. */
export function newestMitigation(threat: JsonObject, action: MitigationAction): JsonObject | undefined {
  return entriesFor(threat, action).reduce<JsonObject | undefined>(
    (newest, entry) => (newest === undefined || timeOfEntry(entry) >= timeOfEntry(newest) ? entry : newest),
    undefined,
  );
}

/** `success`, `failed`, `partial`, `pending`, `pending_reboot`, `sent`. */
export function mitigationState(entry: JsonObject): string | undefined {
  return enumAt(entry, 'status');
}

/** That the action has been carried out, and nothing has been done since that undoes it, or might. */
export function isInForce(threat: JsonObject, action: MitigationAction, contrary: MitigationAction): boolean {
  const entry = newestMitigation(threat, action);
  if (entry === undefined || mitigationState(entry) !== 'success') return false;
  return entriesFor(threat, contrary).every(
    (one) => mitigationState(one) === 'failed' || timeOfEntry(one) < timeOfEntry(entry),
  );
}

/** The newest entry, where it is not the one of before and not older than the command. */
export function mitigationSince(
  threat: JsonObject,
  action: MitigationAction,
  { lastUpdate, sentAt }: { readonly lastUpdate: string | undefined; readonly sentAt: number },
): JsonObject | undefined {
  const entry = newestMitigation(threat, action);
  if (entry === undefined || textAt(entry, 'lastUpdate') === lastUpdate) return undefined;
  return isSinceSent(entry['lastUpdate'], sentAt) ? entry : undefined;
}

/** What an entry shows. `lastUpdate` is the console's time; the entry's other times are the agent's. */
export function mitigationEvidence(entry: JsonObject): Evidence {
  return {
    source: 'threat',
    field: `mitigationStatus.${actionOf(entry)}`,
    value: textAt(entry, 'status') ?? null,
    ...timeOf(entry['lastUpdate']),
  };
}

/** Why an action that was done in part counts as failed. */
export function partlyDone(entry: JsonObject): Reason {
  const counters = ['success', 'failed', 'notFound', 'pendingReboot', 'total'].flatMap((name) => {
    const count = textAt(entry, 'actionsCounters', name);
    return count !== undefined && /^\d{1,9}$/.test(count) ? [`${name} ${count}`] : [];
  });
  return {
    code: 'partly_done',
    message: `The agent could do only a part of it${counters.length === 0 ? '' : ` (${counters.join(', ')})`}.`,
    recommendation:
      'Look at the mitigation report of the threat in the console; what is left may need a restart or another action.',
  };
}

function entriesFor(threat: JsonObject, action: MitigationAction): readonly JsonObject[] {
  return listAt(threat, 'mitigationStatus')
    .filter(isObject)
    .filter((entry) => actionOf(entry) === action);
}

/** Milliseconds; entries without a time are older than all others. */
function timeOfEntry(entry: JsonObject): number {
  return parseConsoleTime(entry['lastUpdate']) ?? Number.NEGATIVE_INFINITY;
}

function actionOf(entry: JsonObject): string | undefined {
  const action = enumAt(entry, 'action');
  if (action === 'un_quarantine') return 'unquarantine';
  return action === 'rollback_remediation' ? 'rollback' : action;
}
