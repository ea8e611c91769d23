import type { OutcomeEvent } from '../../../../shared/actions/callbacks/outcome-event.ts';
import { outcomeEvent } from '../../../../shared/actions/callbacks/outcome-event.ts';
import type { Action, Target, TargetStep, TrailEntry } from '../../../../shared/actions/run/action.ts';
import { system } from '../../../../shared/actions/run/step.ts';

export const requestedAt = Date.parse('2026-11-24T12:00:00Z');

/** The trail's entries at a minute's distance, from the targets that each of them changes. */
export function trailOf(...entries: readonly (readonly TargetStep[])[]): readonly TrailEntry[] {
  return entries.map((targets, index) => ({
    step: index + 1,
    at: requestedAt + index * 60_000,
    kind: index === 0 ? 'requested' : 'observed',
    by: system,
    targets,
  }));
}

export function target(name: string, more: Partial<Target> = {}): Target {
  return {
    asked: { hostName: name },
    id: `id-${name}`,
    agentId: `id-${name}`,
    computerName: name,
    performs: 'contain',
    state: 'requested',
    evidence: [],
    attempts: 0,
    changedAt: requestedAt,
    ...more,
  };
}

/** An action to isolate LAPTOP-7, which was seen to be isolated with its third step. */
export function toldAction(changes: Partial<Action> = {}): Action {
  return {
    tenant: 'acme',
    connector: 'emea',
    id: '5f0c3d1e9a7b42688c0d1f2e3a4b5c6d',
    type: 'contain',
    parameters: {},
    requestedBy: {
      actor: 'key:soar',
      actorName: 'SOAR',
      sourceIp: '198.51.100.7',
      requestId: 'r-1',
    },
    requestedAt,
    expiresAt: requestedAt + 3_600_000,
    followUntil: requestedAt + 7 * 86_400_000,
    requestHash: 'hash',
    targets: [target('LAPTOP-7', { state: 'done', attempts: 1 })],
    trail: trailOf(
      [{ target: 0, state: 'requested' }],
      [{ target: 0, state: 'sent' }],
      [
        {
          target: 0,
          state: 'done',
          evidence: [{ source: 'agent', field: 'networkStatus', value: 'disconnected' }],
        },
      ],
    ),
    archived: 0,
    told: 0,
    tellFailures: 0,
    looks: 0,
    failures: 0,
    version: 1,
    ...changes,
  };
}

/** What is told of the last step of an action. */
export function lastEvent(action: Action = toldAction()): OutcomeEvent {
  const entry = action.trail.at(-1);
  const event = entry && outcomeEvent(action, entry);
  if (event === undefined) throw new Error('No target came to its end with the last step.');
  return event;
}

/** An action each of whose steps but the first brings one target to its end. */
export function actionOfSteps(count: number, changes: Partial<Action> = {}): Action {
  const indices = Array.from({ length: count }, (_, index) => index);
  return toldAction({
    targets: indices.map((index) => target(`HOST-${index}`, { state: 'done' })),
    trail: trailOf(
      indices.map((index) => ({ target: index, state: 'requested' })),
      ...indices.map((index) => [{ target: index, state: 'done' } as const]),
    ),
    ...changes,
  });
}
