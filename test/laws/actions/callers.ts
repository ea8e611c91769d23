import { findActionType } from '../../../shared/actions/registry.ts';
import type { Action } from '../../../shared/actions/run/action.ts';
import { actionIdOf, hashOf } from '../../../shared/actions/run/action-id.ts';
import { advanceAction } from '../../../shared/actions/run/advance.ts';
import { type CreateOutcome, createAction, wishesOf } from '../../../shared/actions/run/create-action.ts';
import { approveAction, cancelAction } from '../../../shared/actions/run/decide-action.ts';
import { isFinal } from '../../../shared/actions/run/transitions.ts';
import { undoAction } from '../../../shared/actions/run/undo-action.ts';
import type { StoredConnector } from '../../../shared/connectors/connector-registry.ts';
import type { ActionWorld, CallPorts } from './action-world.ts';
import type { Plan, PlannedDecision, PlannedRequest } from './plan.ts';

/** An undo that was asked for, and the action as it was then. */
export interface UndoAsked {
  readonly undo: string;
  readonly seen: Action;
}

/** Lets callers ask for what a plan has, as the control API does for them. */
export class Callers {
  /** Calls that have no answer yet. */
  open = 0;
  readonly undos: UndoAsked[] = [];
  readonly counts = { created: 0, known: 0, other: 0, limited: 0, undone: 0, approved: 0, cancelled: 0 };
  private readonly world: ActionWorld;
  private readonly stored: StoredConnector;
  /** Requests that have an answer, by their place in the plan. */
  private readonly answered = new Set<number>();

  constructor(world: ActionWorld, stored: StoredConnector, plan: Plan) {
    this.world = world;
    this.stored = stored;
    const { scheduler, faults } = world;
    for (const [index, request] of plan.requests.entries()) {
      const ask = () => this.ask(request, index);
      this.open++;
      scheduler.at(request.at, ask);
      if (!faults.strikes('doubleRequest')) continue;
      this.open++;
      scheduler.at(request.at + scheduler.random.pick([0, 0, 50, 20_000]), ask);
    }
    for (const decision of plan.decisions) {
      const request = plan.requests[decision.of];
      if (request === undefined) continue;
      this.open++;
      scheduler.at(decision.at, () => this.decide(decision, request));
      if (!faults.strikes('doubleRequest')) continue;
      this.open++;
      scheduler.at(decision.at + scheduler.random.pick([0, 50, 20_000]), () =>
        this.decide(decision, request),
      );
    }
  }

  private ask(request: PlannedRequest, index: number): void {
    const type = findActionType(request.type);
    if (type === undefined) throw new Error(`There is no action type ${request.type}.`);
    this.world.call(
      `POST ${request.type}`,
      async (ports) => {
        const { by, key, parameters, targets, expiresInMinutes } = request;
        const outcome = await createAction(
          {
            ...{ type, parameters, by, key },
            requestHash: hashOf({ type: request.type, targets: JSON.stringify(targets), parameters }),
            ...(expiresInMinutes === undefined ? {} : { expiresInMinutes }),
          },
          wishesOf(targets, type, this.stored, ports.signal),
          this.stored,
          ports.signal,
          ports.create,
        );
        return await this.answer(outcome, request.waitSeconds, ports);
      },
      () => {
        this.open--;
        this.answered.add(index);
      },
    );
  }

  private async answer(outcome: CreateOutcome, waitSeconds: number, ports: CallPorts): Promise<boolean> {
    this.counts[outcome.kind]++;
    if (outcome.kind === 'created' || outcome.kind === 'known')
      await this.goOn(outcome.action, waitSeconds, ports);
    return true;
  }

  /** As shared/api/await-action.ts does it. */
  private async goOn(place: Action, waitSeconds: number, ports: CallPorts): Promise<void> {
    const until = ports.clock.now() + waitSeconds * 1_000;
    for (let step = 0; ; step++) {
      const { advance, deadline, signal, name } = ports;
      const { tellOutcomes: _, ...withoutTelling } = advance;
      await advanceAction({ place, owner: `${name}/${step}`, deadline, signal }, withoutTelling);
      const action = await advance.actions.get(place);
      const dueInMs = (action?.nextDueAt ?? 0) - ports.clock.now();
      const pauseMs = Math.min(Math.max(dueInMs, 500), 2_000);
      const isWorth =
        action?.targets.some(({ state }) => !isFinal(state) && state !== 'pending_offline') ?? false;
      if (!isWorth || ports.clock.now() + pauseMs > until) return;
      await ports.sleep(pauseMs);
    }
  }

  private decide(decision: PlannedDecision, request: PlannedRequest): void {
    const { kind, by, key, of } = decision;
    const { tenant, id: connector } = this.stored.connector;
    const place = { tenant, connector, id: actionIdOf({ tenant, connector }, request.key) };
    this.world.call(
      `POST ${kind}`,
      async (ports) => {
        const action = await ports.advance.actions.get(place);
        // It may not have been asked for yet, or was never made.
        if (action === undefined) return this.answered.has(of);
        if (kind === 'undo') {
          const wanted = { by, key: `${key} ${action.id}`, requestHash: hashOf({ undo: action.id }) };
          const undo = actionIdOf({ tenant, connector }, wanted.key);
          // Before it is known whether anybody hears of it.
          this.undos.push({ undo, seen: action });
          const outcome = await undoAction(action, wanted, this.stored, ports.signal, ports.create);
          if (outcome.kind === 'nothing') return true;
          this.counts.undone++;
          return await this.answer(outcome, 0, ports);
        }
        const change = kind === 'approve' ? approveAction : cancelAction;
        const now = ports.clock.now();
        const outcome = await change(place, by, { actions: ports.advance.actions, now });
        if (outcome.kind === 'decided') this.counts[kind === 'approve' ? 'approved' : 'cancelled']++;
        if (outcome.kind === 'decided') await this.goOn(outcome.action, 0, ports);
        return true;
      },
      () => {
        this.open--;
      },
    );
  }
}
