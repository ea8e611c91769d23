import type { StoredConnector } from '../../connectors/connector-registry.ts';
import type { ConnectorKey } from '../../connectors/credentials.ts';
import type { ConsoleSession } from '../../engine/slice.ts';
import type { JsonObject } from '../../json.ts';
import type { Clock } from '../../ports.ts';
import type { ActionType } from '../action-type.ts';
import type { IsolationCounter } from '../policy/isolation-limit.ts';
import type { PolicyStore } from '../policy/policy-store.ts';
import type { ResponsePolicy } from '../policy/response-policy.ts';
import type { RequestedTarget } from '../targets/requested-target.ts';
import { resolveTargets } from '../targets/resolve-targets.ts';
import type { Action, ActionPlace, Caller, Target } from './action.ts';
import { actionIdOf } from './action-id.ts';
import type { ActionStore } from './action-store.ts';
import { type Plan, planTargets, type Wish } from './plan-targets.ts';
import { afterStep } from './step.ts';
import { isFinal } from './transitions.ts';

export interface CreateDependencies {
  readonly clock: Clock;
  readonly actions: ActionStore;
  readonly policies: Pick<PolicyStore, 'get'>;
  readonly isolations: IsolationCounter;
  /** Throws `ConnectorError` where the secret or the host is no good. */
  readonly openConsole: (key: ConnectorKey) => Promise<ConsoleSession>;
  readonly findActionType: (id: string) => ActionType | undefined;
}

/** What somebody wants to be done, checked for its form. */
export interface NewAction {
  readonly type: ActionType;
  /** As the type's schema has parsed them. */
  readonly parameters: JsonObject;
  readonly reason?: string;
  readonly ticket?: string;
  readonly expiresInMinutes?: number;
  readonly by: Caller;
  /** The idempotency key. */
  readonly key: string;
  /** For so long after a request the same key is the same action, milliseconds; for ever where absent. */
  readonly keyHoldsMs?: number;
  /** Of the whole request. */
  readonly requestHash: string;
  /** The id of the action that this one undoes. */
  readonly undoes?: string;
}

/** What is to be worked on; asked once it is clear that the action is a new one. */
export type FindWishes = (session: ConsoleSession) => Promise<readonly Wish[]>;

/**
 * - `created`: it is written down, and somebody has to go on with it.
 * - `known`: the same request was made before under this key; nothing was changed.
 * - `other`: another request was made under this key.
 * - `limited`: the caller has isolated as many endpoints as they may within an hour.
 */
export type CreateOutcome =
  | { readonly kind: 'created' | 'known'; readonly action: Action }
  | { readonly kind: 'other'; readonly action: Action }
  | {
      readonly kind: 'limited';
      readonly used: number;
      readonly most: number;
      readonly retryAfterMs?: number;
    };

/** Of what waits for no approval. */
const defaultExpiryMinutes = 60;
const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

/** Finds at the console what the targets of a request are. */
export function wishesOf(
  targets: readonly RequestedTarget[],
  type: ActionType,
  { connector }: StoredConnector,
  signal: AbortSignal,
): FindWishes {
  return async ({ api }) => {
    const resolved = await resolveTargets(targets, type.target, connector, { api, signal });
    return resolved.map((one) => ({ resolved: one, type }));
  };
}

/**
 * Writes a new action down, or finds the one that was written under the same key. Every target is looked at in the console first.
 * Nothing is sent here: that is `advanceAction`'s, so that whatever happens after this there is one place that goes on.
 * @throws ConnectorError where the console cannot be asked; then nothing was written
 */
export async function createAction(
  wanted: NewAction,
  find: FindWishes,
  stored: StoredConnector,
  signal: AbortSignal,
  dependencies: CreateDependencies,
): Promise<CreateOutcome> {
  const { actions, isolations, policies, clock } = dependencies;
  const { tenant, id: connector } = stored.connector;
  const placeOf = (key: string) => ({ tenant, connector, id: actionIdOf({ tenant, connector }, key) });
  const { place, known } = await placeUnder(wanted, placeOf, dependencies);
  if (known !== undefined) return knownOutcome(known, wanted);
  const policy = await policies.get(tenant);
  const plan = await planAction(wanted, find, stored, policy, signal, dependencies);
  const isolated = endpointsToIsolate(plan.targets, dependencies);
  if (isolated.length > 0) {
    const room = await isolations.reserve({
      ...{ tenant, caller: wanted.by.actor, agentIds: isolated },
      ...{ now: clock.now(), most: policy.isolationsPerHour },
    });
    if (room.kind === 'exhausted') return { ...room, kind: 'limited', most: policy.isolationsPerHour };
  }
  const action = newAction(wanted, plan, policy, place, clock.now());
  if ((await actions.create(action)) === 'created') return { kind: 'created', action };
  const other = await actions.get(place);
  if (other === undefined) throw new Error(`The action ${place.id} was there and is gone.`);
  return knownOutcome(other, wanted);
}

/**
 * Where the action of a key is, or is to be written. The place after one whose time is over is made of it, so that those who ask at
 * once meet in one place, whenever that is.
 */
async function placeUnder(
  { key, keyHoldsMs }: NewAction,
  placeOf: (key: string) => ActionPlace,
  { actions, clock }: CreateDependencies,
): Promise<{ readonly place: ActionPlace; readonly known?: Action }> {
  for (let next = key; ; ) {
    const place = placeOf(next);
    const known = await actions.get(place);
    if (known === undefined) return { place };
    if (keyHoldsMs === undefined || clock.now() - known.requestedAt <= keyHoldsMs) return { place, known };
    next = `${next} after ${known.id}`;
  }
}

/** What would be done to whom, and what not. Writes nothing. */
export async function planAction(
  wanted: Pick<NewAction, 'parameters' | 'undoes'>,
  find: FindWishes,
  { connector }: StoredConnector,
  policy: ResponsePolicy,
  signal: AbortSignal,
  {
    clock,
    openConsole,
    findActionType,
  }: Pick<CreateDependencies, 'clock' | 'openConsole' | 'findActionType'>,
): Promise<Plan> {
  const session = await openConsole({ tenant: connector.tenant, connector: connector.id });
  const wishes = await find(session);
  return await planTargets(wishes, {
    ...{ connector, policy, findActionType, signal, api: session.api },
    parameters: wanted.parameters,
    isUndo: wanted.undoes !== undefined,
    now: clock.now(),
  });
}

function knownOutcome(action: Action, { requestHash }: NewAction): CreateOutcome {
  return { kind: action.requestHash === requestHash ? 'known' : 'other', action };
}

/** The endpoints that will be taken off the network. */
function endpointsToIsolate(
  targets: readonly Target[],
  { findActionType }: Pick<CreateDependencies, 'findActionType'>,
): readonly string[] {
  return targets.flatMap(({ state, performs, agentId }) => {
    const isIsolated = !isFinal(state) && findActionType(performs)?.danger === 'isolating';
    return isIsolated && agentId !== undefined ? [agentId] : [];
  });
}

function newAction(
  { type, parameters, reason, ticket, by, requestHash, undoes, expiresInMinutes }: NewAction,
  { targets, approval }: Plan,
  policy: ResponsePolicy,
  place: Pick<Action, 'tenant' | 'connector' | 'id'>,
  now: number,
): Action {
  const minutes =
    expiresInMinutes ?? (approval === undefined ? defaultExpiryMinutes : policy.approvalMinutes);
  const expiresAt = now + minutes * minuteMs;
  const action: Action = {
    ...place,
    type: type.id,
    parameters,
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    requestedBy: by,
    requestedAt: now,
    expiresAt,
    followUntil: Math.max(expiresAt, now + policy.followOfflineDays * dayMs),
    requestHash,
    ...(undoes === undefined ? {} : { undoes }),
    ...(approval === undefined ? {} : { approval }),
    targets,
    trail: [],
    ...{ archived: 0, told: 0, tellFailures: 0, looks: 0, failures: 0, version: 1 },
    nextDueAt: now,
  };
  return withFirstStep(action, by, now);
}

/** The first entry of the trail names every target with the state that it begins with. */
function withFirstStep(action: Action, by: Caller, now: number): Action {
  const [first] = afterStep(action, now, { kind: 'requested' }, new Map(), by).trail;
  if (first === undefined) return action;
  const targets = action.targets.map(({ state, reason, evidence }, target) => ({
    target,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(evidence.length === 0 ? {} : { evidence }),
  }));
  return { ...action, trail: [{ ...first, targets }] };
}
