import type { ActionType, Activity } from '../../../../shared/actions/action-type.ts';
import { findActionType } from '../../../../shared/actions/registry.ts';
import type { Action, Caller, Target } from '../../../../shared/actions/run/action.ts';
import { system } from '../../../../shared/actions/run/step.ts';
import type { Subject } from '../../../../shared/actions/subject.ts';
import type { JsonObject } from '../../../../shared/json.ts';

export const now = Date.parse('2026-11-24T10:00:00Z');
export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export const anna: Caller = { actor: 'key:anna', actorName: 'Anna' };
export const ben: Caller = { actor: 'key:ben', actorName: 'Ben' };

/** An action type that there is. */
export function typeOf(id: string): ActionType {
  const type = findActionType(id);
  if (type === undefined) throw new Error(`There is no action type ${id}.`);
  return type;
}

/** An endpoint as `GET /agents` gives it, online and connected. */
export function agent(id: string, change: JsonObject = {}): JsonObject {
  return {
    ...{ id, computerName: `LAPTOP-${id}`, siteId: '51', accountId: '1', osType: 'windows', isActive: true },
    ...{ networkStatus: 'connected', scanStatus: 'none', osStartTime: '2026-11-01T00:00:00Z' },
    ...{ isDecommissioned: false, isUninstalled: false, lastActiveDate: '2026-11-24T09:59:00Z' },
    ...change,
  };
}

export function agentSubject(id: string, change: JsonObject = {}): Subject {
  const record = agent(id, change);
  return { kind: 'agent', id, record, agent: record };
}

export function activity(type: number, agentId: string, createdAt: number): Activity {
  const record = { id: '1', activityType: type, createdAt: new Date(createdAt).toISOString(), agentId };
  return { id: '1', type, createdAt, agentId, record };
}

export function target(id: string, change: Partial<Target> = {}): Target {
  return {
    ...{ asked: { agentId: id }, id, agentId: id, performs: 'contain', state: 'requested', evidence: [] },
    ...{ attempts: 0, changedAt: now },
    ...change,
  };
}

/** An isolation of some endpoints, just asked for by Anna, whose trail says what the targets' states are. */
export function action(targets: readonly Target[], change: Partial<Action> = {}): Action {
  return {
    ...{ tenant: 'acme', connector: 'edr', id: 'a1', type: 'contain', parameters: {}, requestHash: 'hash' },
    ...{ requestedBy: anna, requestedAt: now, expiresAt: now + hourMs, followUntil: now + 7 * dayMs },
    targets,
    trail: [
      {
        ...{ step: 1, at: now, kind: 'requested', by: system },
        targets: targets.map(({ state }, index) => ({ target: index, state })),
      },
    ],
    ...{ archived: 0, told: 0, tellFailures: 0, looks: 0, failures: 0, version: 1, nextDueAt: now },
    ...change,
  };
}
