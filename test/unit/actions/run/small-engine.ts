import { noPolicy, type ResponsePolicy } from '../../../../shared/actions/policy/response-policy.ts';
import { findActionType } from '../../../../shared/actions/registry.ts';
import type { Action, ActionPlace } from '../../../../shared/actions/run/action.ts';
import {
  type AdvanceDependencies,
  type AdvanceOutcome,
  advanceAction,
} from '../../../../shared/actions/run/advance.ts';
import {
  type CreateDependencies,
  createAction,
  wishesOf,
} from '../../../../shared/actions/run/create-action.ts';
import type { StoredConnector } from '../../../../shared/connectors/connector-registry.ts';
import type { ConsoleSession } from '../../../../shared/engine/slice.ts';
import type { ApiRequest, ListParams } from '../../../../shared/ports.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import type { Fate } from '../../../support/memory/endpoints/commands.ts';
import {
  MemoryEndpoints,
  type MemoryEndpointsOptions,
} from '../../../support/memory/endpoints/memory-endpoints.ts';
import type { Endpoint } from '../../../support/memory/endpoints/things.ts';
import { MemoryActionQueue } from '../../../support/memory/memory-action-queue.ts';
import { MemoryActions } from '../../../support/memory/memory-actions.ts';
import { MemoryAudit } from '../../../support/memory/memory-audit.ts';
import { MemoryIsolationCounter } from '../../../support/memory/memory-isolation-counter.ts';
import { anna, now, secondMs } from './fixtures.ts';

/** What a request may differ in. */
export interface Asked {
  readonly type?: string;
  readonly key?: string;
  readonly by?: typeof anna;
  readonly requestHash?: string;
  readonly parameters?: Record<string, string>;
  readonly expiresInMinutes?: number;
}

/**
 * The engine over ports in memory, step by step and by a clock that stands still. Its console has the agents 1 to `agents` and a
 * threat 9 on the first; commands take ten seconds.
 */
export function smallEngine(
  agents = 2,
  options: Partial<MemoryEndpointsOptions> & {
    readonly policy?: Partial<ResponsePolicy>;
    /** False where the console's answers have no `Date`. */
    readonly tellsTime?: boolean;
  } = {},
) {
  const { policy, tellsTime: _, ...console } = options;
  const clock = new ManualClock(now);
  const fate: Fate = { beginMs: 0, workMs: 10 * secondMs, end: 'done' };
  const endpoints = new MemoryEndpoints({
    now: () => clock.now(),
    fateOf: () => fate,
    activityLateMs: () => 0,
    ...console,
  });
  for (let id = 1; id <= agents; id++) endpoints.addEndpoint(endpoint(String(id)));
  endpoints.addThreat({
    ...{ id: '9', agentId: '1', detectionType: 'static', incidentStatus: 'unresolved' },
    ...{ analystVerdict: 'undefined', mitigations: [], notes: [] },
  });
  const calls = { lists: [] as string[], requests: [] as ApiRequest[] };
  /** What happens in place of the next calls, or before them. */
  const hooks = {
    list: (_path: string, _params: ListParams): void => undefined,
    request: (_request: ApiRequest): void => undefined,
    /** After the console has taken a call, before its answer is heard. */
    answer: (_request: ApiRequest): void => undefined,
  };
  const actions = new MemoryActions();
  const audit = new MemoryAudit();
  const queue = new MemoryActionQueue();
  const current = {
    policy: { ...noPolicy, ...policy },
    connector: connectorOf() as StoredConnector | undefined,
  };
  const told: number[] = [];
  const openConsole = async (): Promise<ConsoleSession> => ({
    hostUrl: 'https://acme.sentinelone.net',
    now: () => clock.now(),
    answeredAt: () =>
      options.tellsTime === false ? undefined : Math.floor(endpoints.now() / secondMs) * secondMs,
    api: {
      list: async (path, params) => {
        calls.lists.push(path);
        hooks.list(path, params);
        return endpoints.list(path, params);
      },
      request: async (request) => {
        calls.requests.push(request);
        hooks.request(request);
        const json = endpoints.request(request, 'us');
        hooks.answer(request);
        return { json };
      },
    },
  });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const advance: AdvanceDependencies = {
    ...{ clock, random: () => 0.5, log, actions, audit, queue, openConsole, findActionType },
    ...{ leaseMs: 90 * secondMs },
    registry: { get: async () => current.connector },
    policies: { get: async () => current.policy },
    tellOutcomes: async (action) => {
      for (let step = action.told; step < action.trail.length; step++) told.push(step + 1);
      return { told: action.trail.length, tellFailures: 0, notes: [] };
    },
  };
  const create: CreateDependencies = { ...advance, isolations: new MemoryIsolationCounter() };
  const signal = new AbortController().signal;
  let workers = 0;
  let callers = 0;

  async function step(place: ActionPlace): Promise<AdvanceOutcome> {
    const request = { place, owner: `worker ${++workers}`, deadline: clock.now() + 40 * secondMs, signal };
    return await advanceAction(request, advance);
  }

  async function ask(ids: readonly string[], asked: Asked = {}) {
    const { type: id = 'contain', key = 'key', by = anna, requestHash = 'hash', parameters = {} } = asked;
    const type = findActionType(id);
    if (type === undefined) throw new Error(`There is no action type ${id}.`);
    const stored = connectorOf();
    const targets = ids.map((one) => (type.target === 'threat' ? { threatId: one } : { agentId: one }));
    const { expiresInMinutes } = asked;
    return await createAction(
      {
        ...{ type, parameters, key, requestHash },
        // Two calls are never alike.
        by: { ...by, requestId: `call ${++callers}` },
        ...(expiresInMinutes === undefined ? {} : { expiresInMinutes }),
      },
      wishesOf(targets, type, stored, signal),
      stored,
      signal,
      create,
    );
  }

  return {
    ...{
      clock,
      endpoints,
      calls,
      hooks,
      actions,
      audit,
      queue,
      current,
      told,
      advance,
      create,
      signal,
      step,
      ask,
    },
    stored: connectorOf(),
    /** Asks for an action, which has to be made. */
    async made(ids: readonly string[], asked: Asked = {}): Promise<Action> {
      const outcome = await ask(ids, asked);
      if (outcome.kind !== 'created') throw new Error(`It is ${outcome.kind}.`);
      return outcome.action;
    },
    /** The action as it is stored. */
    async read(place: ActionPlace): Promise<Action> {
      const action = await actions.get(place);
      if (action === undefined) throw new Error('It is gone.');
      return action;
    },
    /** Steps, each when it is due, until nothing is left to do; the times of the steps, milliseconds from the first. */
    async run(place: ActionPlace, most = 500): Promise<readonly number[]> {
      const times: number[] = [];
      const begin = clock.now();
      for (;;) {
        times.push(clock.now() - begin);
        const outcome = await step(place);
        if (outcome.kind === 'finished') return times;
        if (outcome.kind !== 'waiting' || times.length > most) throw new Error(`It is ${outcome.kind}.`);
        clock.time = Math.max(clock.time, outcome.nextDueAt);
      }
    },
  };
}

export function connectorOf(siteIds: readonly string[] = []): StoredConnector {
  return {
    connector: {
      ...{
        tenant: 'acme',
        id: 'edr',
        name: 'EDR',
        tenantName: 'Acme',
        hostUrl: 'https://acme.sentinelone.net',
      },
      ...{ contentTypes: [], since: 0, siteIds, accountIds: [], createdAt: 0 },
    },
    ...{ functions: ['respond'], state: 'active', version: 1, updatedAt: 0 },
  };
}

function endpoint(id: string): Endpoint {
  return {
    ...{ id, computerName: `LAPTOP-${id}`, osType: 'windows', accountId: '1', siteId: '51' },
    ...{ isActive: true, isDecommissioned: false, lastActiveDate: '2026-11-24T09:59:00.000Z' },
    ...{ networkStatus: 'connected', scanStatus: 'none', osStartTime: '2026-11-20T00:00:00.000Z' },
    ...{ scanStartedAt: null, scanFinishedAt: null, scanAbortedAt: null },
  };
}
