import type { Action, Caller, Target, TrailEntry } from '../actions/run/action.ts';
import { actionIdText } from '../actions/run/action-id.ts';
import { actionState } from '../actions/run/action-state.ts';
import { connectorIdText } from '../connectors/connector-id.ts';

const iso = (time: number) => new Date(time).toISOString();

/** An action as the API tells it, and the console that it is sent to. Times as ISO-8601 UTC. */
export function actionView(action: Action, hostUrl: string | undefined) {
  const { tenant, connector, type, reason, ticket, trouble, approval, undoes, undoneBy, lookAt } = action;
  const idOf = (id: string) => actionIdText({ tenant, connector, id });
  return {
    id: actionIdText(action),
    connector: connectorIdText({ tenant, id: connector }),
    ...(hostUrl === undefined ? {} : { console: hostUrl }),
    action: type,
    parameters: action.parameters,
    state: actionState(action),
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    requestedBy: callerView(action.requestedBy),
    requestedAt: iso(action.requestedAt),
    expiresAt: iso(action.expiresAt),
    ...(lookAt === undefined ? {} : { nextLookAt: iso(lookAt) }),
    ...(trouble === undefined ? {} : { trouble }),
    ...(approval === undefined ? {} : { approval: approvalView(approval) }),
    ...(undoes === undefined ? {} : { undoes: idOf(undoes) }),
    ...(undoneBy === undefined ? {} : { undoneBy: undoneBy.map(idOf) }),
    targets: action.targets.map(targetView),
  };
}

/** A target of an action, also of one that is only planned. */
export function targetView({
  asked,
  id,
  agentId,
  computerName,
  performs,
  instead,
  state,
  reason,
  evidence,
  sentAt,
  changedAt,
}: Target) {
  return {
    target: asked,
    ...(id === undefined ? {} : { id }),
    ...(agentId === undefined ? {} : { agentId }),
    ...(computerName === undefined ? {} : { computerName }),
    performs,
    ...(instead === undefined ? {} : { instead }),
    state,
    ...(reason === undefined ? {} : { reason }),
    evidence,
    ...(sentAt === undefined ? {} : { sentAt: iso(sentAt) }),
    changedAt: iso(changedAt),
  };
}

/** A step of an action's trail. */
export function trailView({ step, at, kind, by, note, call, status, targets }: TrailEntry) {
  return {
    step,
    at: iso(at),
    kind,
    by: callerView(by),
    ...(note === undefined ? {} : { note }),
    ...(call === undefined ? {} : { call }),
    ...(status === undefined ? {} : { status }),
    targets,
  };
}

function callerView({ actor, actorName }: Caller) {
  return { actor, name: actorName };
}

function approvalView({ why, approvedBy, approvedAt }: NonNullable<Action['approval']>) {
  return {
    why,
    ...(approvedBy === undefined ? {} : { approvedBy: callerView(approvedBy) }),
    ...(approvedAt === undefined ? {} : { approvedAt: iso(approvedAt) }),
  };
}
