import type { AuditLog } from '../../audit/audit-log.ts';
import type { JsonObject } from '../../json.ts';
import type { Action, TrailEntry } from './action.ts';

/**
 * Brings what of the trail is not in the lake yet to the audit records of its tenant: one object an entry, whose key is made of
 * the action and the step, so that doing it again changes nothing.
 * @returns how many entries are in the lake then
 */
export async function archiveTrail(action: Action, audit: AuditLog): Promise<number> {
  for (const entry of action.trail.slice(action.archived)) {
    await audit.append({
      tenant: action.tenant,
      at: entry.at,
      operation: 'responseAction',
      step: entry.kind,
      actor: entry.by.actor,
      actorName: entry.by.actorName,
      sourceIp: entry.by.sourceIp ?? '',
      requestId: `${action.connector}-${action.id}-${entry.step}`,
      target: `${action.tenant}.${action.connector}.${action.id}`,
      request: {
        action: action.type,
        ...(action.reason === undefined ? {} : { reason: action.reason }),
        ...(action.ticket === undefined ? {} : { ticket: action.ticket }),
      },
      details: detailsOf(action, entry),
      ...(entry.status === undefined ? {} : { status: entry.status }),
    });
  }
  return action.trail.length;
}

function detailsOf({ targets }: Action, { note, call, by, targets: steps }: TrailEntry): JsonObject {
  return {
    ...(call === undefined ? {} : { call }),
    ...(note === undefined ? {} : { note }),
    ...(by.requestId === undefined ? {} : { requestId: by.requestId }),
    targets: steps.map(({ target, state, reason, evidence }) => {
      const { asked, id, agentId, computerName, performs } = targets[target] ?? {};
      return {
        ...(asked === undefined ? {} : { asked }),
        ...(id === undefined ? {} : { id }),
        ...(agentId === undefined ? {} : { agentId }),
        ...(computerName === undefined ? {} : { computerName }),
        ...(performs === undefined ? {} : { performs }),
        state,
        ...(reason === undefined ? {} : { reason: { ...reason } }),
        ...(evidence === undefined ? {} : { evidence: evidence.map((one) => ({ ...one })) }),
      };
    }),
  };
}
