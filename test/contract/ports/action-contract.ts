import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Action, Target, TrailEntry } from '../../../shared/actions/run/action.ts';
import type { ActionPage, ActionQuery, ActionStore } from '../../../shared/actions/run/action-store.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const by = { actor: 'key:3f8k2m9q1x7c5v0b', actorName: 'soar', sourceIp: '192.0.2.7', requestId: 'r1' };

/** What every store of actions must do. `actions` gives the implementation under test. */
export function defineActionContract(actions: () => ActionStore): void {
  let made = 0;
  const newTenant = () => `acting-${++made}`;

  function newAction(changes: Partial<Action> = {}): Action {
    return {
      ...{ tenant: newTenant(), connector: 'edr', id: randomBytes(16).toString('hex') },
      ...{ type: 'contain', parameters: {}, reason: 'Ransomware – “bad”', ticket: 'INC-1', requestHash: 'h' },
      requestedBy: by,
      ...{ requestedAt: now, expiresAt: now + 60_000, followUntil: now + 60_000 },
      targets: [target(1)],
      trail: [{ step: 1, at: now, kind: 'requested', by, targets: [{ target: 0, state: 'requested' }] }],
      ...{ archived: 0, told: 0, tellFailures: 0, looks: 0, failures: 0, version: 1, nextDueAt: now },
      ...changes,
    };
  }

  async function stored(changes: Partial<Action> = {}): Promise<Action> {
    const action = newAction(changes);
    expect(await actions().create(action)).toBe('created');
    return action;
  }

  it('gives an action as it was created, to those who know its place', async () => {
    const action = await stored();
    expect(await actions().get(action)).toStrictEqual(action);
    for (const other of [{ tenant: newTenant() }, { connector: 'edr-2' }, { id: 'f'.repeat(32) }])
      expect(await actions().get({ ...action, ...other })).toBeUndefined();
  });

  it('creates no action a second time, and leaves the first one alone', async () => {
    const action = await stored();
    expect(await actions().create({ ...action, requestHash: 'other' })).toBe('exists');
    expect(await actions().get(action)).toStrictEqual(action);
  });

  it('recognises its own creation whose answer was lost, and tells it from a later state', async () => {
    const action = await stored();
    expect(await actions().create(action)).toBe('created');
    expect(await actions().replace({ ...action, looks: 1 })).toBe(true);
    expect(await actions().create(action)).toBe('exists');
    expect(await actions().get(action)).toStrictEqual({ ...action, looks: 1, version: 2 });
  });

  it('creates one of many that come at once under the same id', async () => {
    const action = newAction();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => actions().create({ ...action, requestHash: `h${i}` })),
    );
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    const winner = outcomes.indexOf('created');
    expect(await actions().get(action)).toStrictEqual({ ...action, requestHash: `h${winner}` });
    expect((await pageOf({ tenant: action.tenant })).actions).toHaveLength(1);
  });

  it('replaces only what has not been changed since it was read', async () => {
    const action = await stored();
    expect(await actions().replace({ ...action, looks: 1 })).toBe(true);
    const second = { ...action, looks: 1, version: 2 };
    expect(await actions().get(action)).toStrictEqual(second);
    expect(await actions().replace({ ...action, looks: 7 })).toBe(false);
    expect(await actions().replace({ ...action, looks: 7, version: 3 })).toBe(false);
    expect(await actions().get(action)).toStrictEqual(second);
  });

  it('replaces nothing that is not there', async () => {
    const action = newAction();
    expect(await actions().replace(action)).toBe(false);
    expect(await actions().get(action)).toBeUndefined();
  });

  it('takes one of several replacements that come at once', async () => {
    const action = await stored();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => actions().replace({ ...action, looks: i + 1 })),
    );
    expect(outcomes.filter((isWritten) => isWritten)).toHaveLength(1);
    const winner = outcomes.indexOf(true);
    expect(await actions().get(action)).toStrictEqual({ ...action, looks: winner + 1, version: 2 });
  });

  it('recognises its own replacement whose answer was lost', async () => {
    const action = await stored();
    const changed = { ...action, lease: { owner: 'o', until: now + 5 }, failures: 3 };
    expect(await actions().replace(changed)).toBe(true);
    expect(await actions().replace(changed)).toBe(true);
    expect((await actions().get(action))?.version).toBe(2);
  });

  it('keeps and forgets the lease, the due time and all that may be absent', async () => {
    const full: Partial<Action> = {
      lease: { owner: 'worker/1', until: now + 90_000 },
      nextDueAt: now + 90_000,
      trouble: { code: 'throttled', message: 'The console asked to slow down.' },
      ...{ resumeAt: now + 1, tellAt: now + 2, undoes: 'a'.repeat(32), undoneBy: ['b'.repeat(32)] },
      approval: { why: 'Four eyes', approvedBy: by, approvedAt: now + 3 },
    };
    const action = await stored(full);
    expect(await actions().get(action)).toStrictEqual(action);
    const { lease: _, nextDueAt: __, trouble: ___, resumeAt: ____, tellAt: _____, ...rest } = action;
    expect(await actions().replace(rest)).toBe(true);
    expect(await actions().get(action)).toStrictEqual({ ...rest, version: 2 });
    expect(await actions().replace({ ...rest, version: 2, nextDueAt: now + 9 })).toBe(true);
    expect(await actions().get(action)).toStrictEqual({ ...rest, version: 3, nextDueAt: now + 9 });
  });

  it('does not change with what its caller does to the object', async () => {
    const targets = [target(1)];
    const action = await stored({ targets });
    targets.push(target(2));
    expect((await actions().get(action))?.targets).toHaveLength(1);
  });

  it('holds a hundred targets with their evidence and a long trail', async () => {
    const targets = Array.from({ length: 100 }, (_, i) => target(i));
    const trail = Array.from({ length: 60 }, (_, step) => longEntry(step + 1, targets));
    const action = await stored({ targets, trail });
    expect(await actions().replace({ ...action, archived: 60 })).toBe(true);
    expect(await actions().get(action)).toStrictEqual({ ...action, archived: 60, version: 2 });
  });

  describe('the list of a tenant', () => {
    it('is newest first, of that tenant, and of one time without gap or repetition in pages of any size', async () => {
      const tenant = newTenant();
      const all: Action[] = [];
      for (const [age, connector] of [
        [0, 'edr'],
        [0, 'a-edr'],
        [0, 'edr'],
        [1, 'z'],
        [60_000, 'edr'],
        [90_000_000, 'edr'],
      ] as const)
        all.push(await stored({ tenant, connector, requestedAt: now - age }));
      await stored({ requestedAt: now });
      const orderOf = ({ requestedAt, connector, id }: Action) => `${requestedAt} ${connector} ${id}`;
      const expected = all.map(orderOf).sort().reverse();
      for (const limit of [1, 2, 5, 6, 100]) {
        const read = await readAll({ tenant, limit });
        expect(read.map(orderOf)).toStrictEqual(expected);
      }
    });

    it('has what was requested at its beginning, and not what was at its end', async () => {
      const tenant = newTenant();
      for (const requestedAt of [now - 1, now, now + 1, now + 2]) await stored({ tenant, requestedAt });
      const times = async (from: number, to: number) =>
        (await readAll({ tenant, from, to })).map(({ requestedAt }) => requestedAt - now);
      expect(await times(now, now + 2)).toStrictEqual([1, 0]);
      expect(await times(now + 2, now + 3)).toStrictEqual([2]);
      expect(await times(now + 3, now + 4)).toStrictEqual([]);
    });

    it('shows actions as they are now', async () => {
      const action = await stored();
      await actions().replace({ ...action, looks: 4 });
      expect((await pageOf({ tenant: action.tenant })).actions).toStrictEqual([
        { ...action, looks: 4, version: 2 },
      ]);
    });

    it('of a time that is none, or beyond all others, has nothing or everything and does not fail', async () => {
      const { tenant } = await stored();
      const ages = 8_640_000_000_000_000;
      for (const [from, to, count] of [
        [now, now, 0],
        [now + 5, now - 5, 0],
        [-ages, ages, 1],
        [-62_200_000_000_000, 253_402_300_900_000, 1],
        [253_402_300_900_000, ages, 0],
        [-ages, -62_200_000_000_000, 0],
      ] as const)
        expect((await pageOf({ tenant, from, to })).actions, `${from} ${to}`).toHaveLength(count);
    });

    it('goes on behind any place, also one that nothing is at or that is outside of the time', async () => {
      const tenant = newTenant();
      for (const age of [0, 10, 20]) await stored({ tenant, requestedAt: now - age });
      const behind = async (requestedAt: number) =>
        (
          await readAll({
            ...{ tenant, from: now - 15, to: now + 1 },
            after: { requestedAt, connector: 'edr', id: 'f'.repeat(33) },
          })
        ).map((action) => now - action.requestedAt);
      expect(await behind(now)).toStrictEqual([0, 10]);
      expect(await behind(now - 5)).toStrictEqual([10]);
      expect(await behind(now + 1_000)).toStrictEqual([0, 10]);
      expect(await behind(now - 1_000)).toStrictEqual([]);
    });

    it('ends with its last page, and says so at the latest with an empty one', async () => {
      const tenant = newTenant();
      for (let i = 0; i < 3; i++) await stored({ tenant });
      const page = await pageOf({ tenant, limit: 4 });
      expect(page).not.toHaveProperty('after');
      const full = await pageOf({ tenant, limit: 3 });
      if (full.after !== undefined)
        expect(await pageOf({ tenant, limit: 3, after: full.after })).toStrictEqual({ actions: [] });
    });
  });

  function pageOf(query: Pick<ActionQuery, 'tenant'> & Partial<ActionQuery>): Promise<ActionPage> {
    return actions().page({ from: 0, to: now + 86_400_000, limit: 100, ...query });
  }

  async function readAll(query: Pick<ActionQuery, 'tenant'> & Partial<ActionQuery>) {
    const read: Action[] = [];
    let { after } = query;
    do {
      const page: ActionPage = await pageOf({ ...query, ...(after === undefined ? {} : { after }) });
      expect(page.actions.length).toBeLessThanOrEqual(query.limit ?? 100);
      read.push(...page.actions);
      after = page.after;
    } while (after !== undefined);
    return read;
  }
}

function target(i: number): Target {
  return {
    asked: { hostName: `LAPTOP-${i}` },
    ...{ id: `18736450918273${i}`, agentId: `18736450918273${i}`, computerName: `LAPTOP-${i}` },
    ...{ performs: 'contain', state: 'in_progress', attempts: 1, changedAt: now, sentAt: now },
    evidence: [
      { source: 'agent', field: 'networkStatus', value: 'disconnecting' },
      { source: 'activity', field: 'activityType', value: 61, consoleTime: '2026-11-24T10:00:00.123456Z' },
      { source: 'agent', field: 'isActive', value: false },
      { source: 'answer', field: 'data.affected', value: null },
    ],
    before: { networkStatus: 'connected' },
  };
}

/** As an endpoint leaves it that comes and goes. */
function longEntry(step: number, targets: readonly Target[]): TrailEntry {
  return {
    ...{ step, at: now + step * 60_000, kind: 'observed', by },
    targets: targets.map(({ evidence }, target) => ({
      target,
      state: step % 2 === 0 ? 'in_progress' : 'pending_offline',
      evidence: evidence.map((one) => ({ ...one, id: `${target}${step}${target * step}` })),
    })),
  };
}
