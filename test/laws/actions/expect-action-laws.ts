import { outcomeEvent } from '../../../shared/actions/callbacks/outcome-event.ts';
import { isolationHourMs } from '../../../shared/actions/policy/isolation-limit.ts';
import { findActionType } from '../../../shared/actions/registry.ts';
import type { Action, Target } from '../../../shared/actions/run/action.ts';
import { auditKey } from '../../../shared/audit/audit-key.ts';
import { type ActionLaw, Violation } from '../simulation/violation.ts';
import type { ActionWorld } from './action-world.ts';
import type { Callers } from './callers.ts';
import { executionsOf, isOverwritten } from './executions-of.ts';
import { expectTruth } from './expect-truth.ts';
import type { Plan } from './plan.ts';

export type Expect = (law: ActionLaw, holds: boolean, otherwise: () => string) => void;

/**
 * Compares actions, console, audit trail and what receivers heard, once every action is over.
 * @throws Violation that names the first law that does not hold
 */
export function expectActionLaws(world: ActionWorld, callers: Callers, plan: Plan): void {
  for (const action of world.actions.stored.values()) {
    const expect: Expect = (law, holds, otherwise) => {
      if (!holds) throw new Violation(law, `${action.type} ${action.id}: ${otherwise()}`);
    };
    expectOnce(world, action, expect);
    expectTruth(world, action, expect);
    expectBrought(world, action, expect, plan);
    const sent = action.trail.filter(({ kind, at }) => kind === 'sending' && at >= action.expiresAt);
    expect(
      'A5 explicit and allowed',
      sent.length === 0,
      () => `sent after it had expired: ${JSON.stringify(sent)}`,
    );
    const { lease, nextDueAt } = action;
    expect('A2 none forgotten', nextDueAt === undefined && lease === undefined, () => 'it is not given back');
  }
  expectUndos(world, callers);
  expectLimit(world, plan);
}

/** A1. */
function expectOnce(world: ActionWorld, action: Action, expect: Expect): void {
  for (const target of action.targets) {
    const own = executionsOf(world, action, target);
    if (own.length <= 1) continue;
    expect(
      'A1 executed once',
      isOverwritten(world, action, target),
      () =>
        `${target.performs} of ${target.id} was executed at ${own.map(({ at }) => new Date(at).toISOString())}`,
    );
  }
}

/** A4: what is in the lake and what receivers heard is the trail, once and in its order. */
function expectBrought(world: ActionWorld, action: Action, expect: Expect, plan: Plan): void {
  const { tenant, connector, id, trail } = action;
  const law = (holds: boolean, otherwise: () => string) =>
    expect('A4 transitions and trail', holds, otherwise);
  const records = [...world.audit.records.values()].filter(
    ({ target }) => target === `${tenant}.${connector}.${id}`,
  );
  const wanted = trail.map((entry) =>
    auditKey({
      ...{ tenant, at: entry.at, step: entry.kind, operation: '', actor: '', actorName: '', sourceIp: '' },
      requestId: `${connector}-${id}-${entry.step}`,
    }),
  );
  law(
    JSON.stringify(records.map(auditKey).toSorted()) === JSON.stringify(wanted.toSorted()),
    () => `${records.length} audit records of ${trail.length} entries`,
  );
  for (const record of records) {
    const entry = trail[Number(record.requestId.split('-').at(-1)) - 1];
    const states = entry?.targets.map(({ state }) => state);
    const told = record.details?.['targets'];
    law(
      Array.isArray(told) && JSON.stringify(told.map((one) => Object(one).state)) === JSON.stringify(states),
      () => `step ${entry?.step} tells other states in the audit trail`,
    );
  }
  const events = trail.flatMap((entry) => outcomeEvent(action, entry) ?? []);
  const ways = [world.bus, ...(plan.policy.webhook === undefined ? [] : [world.webhook])];
  for (const { events: heard } of ways) {
    const own = [...heard.values()].filter((event) => event.id.startsWith(`${tenant}.${connector}.${id}.`));
    law(
      JSON.stringify(own) === JSON.stringify(events),
      () => `${own.length} events heard of ${events.length}`,
    );
  }
  const ends = events.flatMap(({ targets }) => targets).length;
  law(ends === action.targets.length, () => `${ends} ends told of ${action.targets.length} targets`);
}

/** A6. */
function expectUndos(world: ActionWorld, { undos }: Callers): void {
  for (const undo of new Set(undos.map((asked) => asked.undo))) {
    const made = world.actions.byId(undo);
    const asked = undos.filter((one) => one.undo === undo);
    const ways = asked.map(({ seen }) => JSON.stringify(waysBack(seen)));
    const law = (holds: boolean, otherwise: () => string) => {
      if (!holds) throw new Violation('A6 undo', `${undo}: ${otherwise()}`);
    };
    if (made === undefined) {
      // There was nothing to undo, or isolating again was too much for the hour.
      law(
        ways.some((way) => way === '[]' || way.includes('"contain"')),
        () => `it was not made, for ${ways}`,
      );
      continue;
    }
    const isShown = ({ id }: Target) => id !== undefined;
    const is = made.targets.filter(isShown).map(({ id, performs, parameters }) => [id, performs, parameters]);
    const meant = asked.map(({ seen }) => waysBack(seen));
    // What the console no longer shows is refused, and has no id.
    const lost = made.targets.length - is.length;
    law(
      meant.some((way) => {
        const left = way.filter(([id]) => is.some(([other]) => other === id));
        const others = way.filter(([id]) => !is.some(([other]) => other === id));
        const areGone = others.every(([id]) => world.endpoints.gone.has(String(id)));
        return JSON.stringify(left) === JSON.stringify(is) && others.length === lost && areGone;
      }),
      () => `it is ${JSON.stringify(is)} and ${lost} that are gone, for ${ways}`,
    );
    const original = world.actions.byId(made.undoes ?? '');
    const times = original?.undoneBy?.filter((id) => id === undo).length;
    law(times === 1, () => `the action knows of it ${times} times`);
  }
}

const reverts: Readonly<Record<string, string>> = {
  ...{ contain: 'release', release: 'contain', quarantine: 'unquarantine', unquarantine: 'quarantine' },
  remediate: 'rollback-remediation',
};

function waysBack({ targets, parameters }: Action): readonly (readonly unknown[])[] {
  return targets.flatMap((target): (readonly unknown[])[] => {
    const { id, state, performs, before = {} } = target;
    if (state !== 'done') return [];
    if (performs === 'remediate' && before['osType'] !== 'windows') return [];
    const revert = reverts[performs];
    if (revert !== undefined) return [[id, revert, {}]];
    if (!performs.startsWith('set-')) return [];
    const name = performs === 'set-analyst-verdict' ? 'verdict' : 'status';
    const isSame = before['value'] === (target.parameters ?? parameters)[name];
    return before['value'] === undefined || isSame ? [] : [[id, performs, { [name]: before['value'] }]];
  });
}

/** A7: by the time of the request; clocks differ by some seconds. */
function expectLimit(world: ActionWorld, plan: Plan): void {
  const most = plan.policy.isolationsPerHour;
  const asked = [...world.actions.stored.values()].flatMap(({ requestedBy, requestedAt, targets, trail }) => {
    const begun = trail[0]?.targets ?? [];
    return targets.flatMap(({ agentId, performs }, index) => {
      const { state } = begun.find(({ target }) => target === index) ?? {};
      const isWanted = state === 'requested' || state === 'waiting_approval';
      const isIsolating = findActionType(performs)?.danger === 'isolating';
      return isWanted && isIsolating && agentId !== undefined
        ? [{ caller: requestedBy.actor, at: requestedAt, agentId }]
        : [];
    });
  });
  for (const { caller, at } of asked) {
    const hour = asked.filter(
      (one) => one.caller === caller && one.at <= at && one.at > at - isolationHourMs + 30_000,
    );
    const count = new Set(hour.map(({ agentId }) => agentId)).size;
    if (count > most)
      throw new Violation('A7 isolation limit', `${caller} isolated ${count} in an hour, not ${most}`);
  }
}
