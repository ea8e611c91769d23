import { draws } from '../../../local/console/world/random.ts';
import type { ResponsePolicy } from '../../../shared/actions/policy/response-policy.ts';
import { findActionType } from '../../../shared/actions/registry.ts';
import type { Action } from '../../../shared/actions/run/action.ts';
import { isOver } from '../../../shared/actions/run/action-state.ts';
import type { StoredConnector } from '../../../shared/connectors/connector-registry.ts';
import type { Strike } from '../simulation/faults.ts';
import { Scheduler } from '../simulation/scheduler.ts';
import { Violation } from '../simulation/violation.ts';
import { type ActionFault, ActionFaults } from './action-faults.ts';
import { ActionWorld } from './action-world.ts';
import { Callers } from './callers.ts';
import { expectActionLaws } from './expect-action-laws.ts';
import { seededPlan } from './plan.ts';
import { seededConsole } from './seeded-console.ts';

/** What a run did. */
export interface ActionRun {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly strikes: readonly Strike<ActionFault>[];
  readonly steps: number;
  /** How long the run took in the world's own time. */
  readonly virtualMs: number;
  /** What there was, and what came of it, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** The most of it in one step, by name. */
  readonly most: Readonly<Record<string, number>>;
  readonly trace: readonly string[];
}

const begin = Date.parse('2026-11-24T10:00:00Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Far more than anything needs; a run that takes longer hangs. */
const mostSteps = 200_000;
const chaosSteps = [150, 500, 1_500];

/**
 * Runs a seed of response actions: a time in which everything goes wrong that the seed has planned, then one in which nothing does,
 * until every action has come to its end; then old messages come again. The laws must hold all the time.
 */
export async function runActionSeed(
  seed: number,
  options: { readonly without?: ReadonlySet<number>; readonly isTraced?: boolean } = {},
): Promise<ActionRun> {
  const { without = new Set<number>(), isTraced = false } = options;
  const random = draws(seed, 302, 0);
  const faults = new ActionFaults(seed, without);
  const scheduler = new Scheduler({
    ...{ time: begin, random, faults, isTraced },
    stallMs: { least: 1_000, span: 60_000 },
    clockJumpsMs: [-3_000, 2_000],
  });
  const { endpoints, things } = seededConsole(random, () => scheduler.time);
  const plan = seededPlan(random, begin, things);
  const agentId = random.pick(things.agents);
  const policyChangesAt = random.chance(0.3) ? begin + random.below(30 * minuteMs) : Number.POSITIVE_INFINITY;
  const movesAt = random.chance(0.2) ? begin + random.below(30 * minuteMs) : Number.POSITIVE_INFINITY;
  const later: ResponsePolicy = {
    ...plan.policy,
    version: 2,
    safelist: [...plan.policy.safelist, { name: 'late', agentIds: [agentId] }],
  };
  endpoints.timeline.plan(movesAt, () => {
    for (const endpoint of endpoints.endpoints.values()) if (endpoint.id === agentId) endpoint.siteId = '52';
  });
  const connector = connectorOf(random.chance(0.5) ? ['51'] : []);
  const safelisted = plan.policy.safelist.flatMap(({ agentIds = [] }) => agentIds);
  const endsAt = random.chance(0.1) ? begin + random.below(90 * minuteMs) : Number.POSITIVE_INFINITY;
  const ended: StoredConnector = random.chance(0.5)
    ? { ...connector, state: 'deleted' }
    : { ...connector, functions: ['collect'] };
  const outageFrom = random.chance(0.1) ? begin + random.below(hourMs) : Number.POSITIVE_INFINITY;
  const outage = { from: outageFrom, to: outageFrom + random.pick([10 * minuteMs, 3 * hourMs, 72 * hourMs]) };
  if (random.chance(0.15)) {
    const id = random.pick([...things.agents, ...things.threats]);
    endpoints.timeline.plan(begin + random.below(hourMs), () => endpoints.gone.add(id));
  }
  const isScoped = connector.connector.siteIds.length > 0;
  const outside = [...endpoints.endpoints.values()].filter(({ siteId }) => siteId === '52');
  const world = new ActionWorld({
    ...{ scheduler, faults, random, endpoints, outage },
    connector: () => (scheduler.time >= endsAt ? ended : connector),
    disabledFrom: endsAt,
    isLogForbidden: random.chance(0.06),
    policy: () => (scheduler.time >= policyChangesAt ? later : plan.policy),
    safelistedFrom: new Map([[agentId, policyChangesAt], ...safelisted.map((id) => [id, 0] as const)]),
    outOfScopeFrom: isScoped
      ? new Map([[agentId, movesAt], ...outside.map(({ id }) => [id, 0] as const)])
      : new Map(),
  });
  const callers = new Callers(world, connector, plan);
  let violation: Violation | undefined;
  try {
    const chaos = random.pick(chaosSteps);
    for (let i = 0; i < chaos; i++) await world.step();
    faults.end();
    scheduler.note(() => 'nothing goes wrong any more');
    const calmFrom = Number.isFinite(outage.to) ? Math.max(scheduler.time, outage.to) : scheduler.time;
    await settle(world, callers, calmFrom);
    expectActionLaws(world, callers, plan);
    await redeliver(world);
    expectActionLaws(world, callers, plan);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error;
  }
  return {
    ...{ seed, violation, strikes: faults.struck, steps: scheduler.steps },
    virtualMs: scheduler.time - begin,
    counts: countsOf(world, callers),
    most: { ...world.visits.most },
    trace: scheduler.trace ?? [],
  };
}

/** Until nobody has anything to do any more. */
async function settle(world: ActionWorld, callers: Callers, calmFrom: number): Promise<void> {
  for (let steps = 0; callers.open > 0 || world.isBusy; steps++) {
    await world.step();
    const late = [...world.actions.stored.values()].find(
      (action) => !isOver(action) && world.time > latestEnd(action, calmFrom),
    );
    if (late !== undefined) throw new Violation('A2 none forgotten', told(late));
    if (steps > mostSteps)
      throw new Violation(
        'stuck',
        [...world.actions.stored.values()].map(told).join('; ') || `${callers.open} calls`,
      );
  }
}

/** A2: what has to be over by then. */
function latestEnd({ expiresAt, followUntil, targets, type }: Action, calmFrom: number): number {
  const minutes = [type, ...targets.map(({ performs }) => performs)].map(
    (id) => findActionType(id)?.timeoutMinutes ?? 0,
  );
  return Math.max(expiresAt, followUntil, calmFrom) + Math.max(...minutes) * minuteMs + hourMs;
}

function told({ id, type, targets, nextDueAt, trouble }: Action): string {
  const states = targets.map(({ state }) => state).join();
  return `${type} ${id} is ${states}, due ${nextDueAt}, trouble ${trouble?.code}`;
}

/** Old messages come again, weeks later. Nothing may come of them. */
async function redeliver(world: ActionWorld): Promise<void> {
  const versions = () => JSON.stringify([...world.actions.stored.values()].map(({ version }) => version));
  const before = versions();
  const commands = world.console.counts.commands;
  for (const action of world.actions.stored.values()) world.sendAgain(action);
  for (let i = 0; i < 100; i++) await world.step();
  if (before !== versions() || commands !== world.console.counts.commands)
    throw new Violation('A4 transitions and trail', 'an old message has changed an action that was over');
}

function connectorOf(siteIds: readonly string[]): StoredConnector {
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

function countsOf(world: ActionWorld, callers: Callers): Readonly<Record<string, number>> {
  const actions = [...world.actions.stored.values()];
  const states: Record<string, number> = {};
  const targets = actions.flatMap((action) => action.targets);
  for (const { state } of targets) states[state] = (states[state] ?? 0) + 1;
  const { executions } = world.endpoints;
  return {
    ...{ actions: actions.length, targets: targets.length, executions: executions.length },
    resends: targets.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
    trailEntries: actions.reduce((sum, { trail }) => sum + trail.length, 0),
    eventsHeard: world.bus.heard + world.webhook.heard,
    ...world.counts,
    ...world.console.counts,
    ...world.visits.total,
    ...{ looks: world.actions.looks, offlineLooks: world.actions.offlineLooks },
    ...callers.counts,
    ...Object.fromEntries(Object.entries(states).map(([state, count]) => [`targets ${state}`, count])),
  };
}
