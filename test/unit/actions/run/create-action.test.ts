import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../../shared/errors.ts';
import { anna, ben, dayMs, hourMs, minuteMs, now } from './fixtures.ts';
import { smallEngine } from './small-engine.ts';

describe('createAction', () => {
  it('writes down who wants what done to whom, and sends nothing', async () => {
    const engine = smallEngine();
    const action = await engine.made(['1', '2']);
    expect(action).toMatchObject({
      ...{
        tenant: 'acme',
        connector: 'edr',
        type: 'contain',
        requestedBy: anna,
        requestedAt: now,
        version: 1,
      },
      ...{ expiresAt: now + hourMs, followUntil: now + 7 * dayMs, nextDueAt: now },
      targets: [
        { state: 'requested', id: '1', agentId: '1', computerName: 'LAPTOP-1', attempts: 0 },
        { state: 'requested', id: '2' },
      ],
      trail: [
        {
          ...{ step: 1, kind: 'requested', by: anna },
          targets: [
            { target: 0, state: 'requested' },
            { target: 1, state: 'requested' },
          ],
        },
      ],
    });
    expect(await engine.read(action)).toStrictEqual(action);
    expect(engine.calls.requests).toStrictEqual([]);
  });

  it('is the same action under the same key, however many ask at once', async () => {
    const engine = smallEngine();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => engine.ask(['1'])));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toStrictEqual(['created', ...Array(5).fill('known')]);
    expect(engine.actions.stored.size).toBe(1);
    expect((await engine.ask(['1'])).kind).toBe('known');
  });

  it('does not ask the console for what it knows', async () => {
    const engine = smallEngine();
    await engine.made(['1']);
    engine.calls.lists.length = 0;
    await engine.ask(['1']);
    expect(engine.calls.lists).toStrictEqual([]);
  });

  it('says that it is another request under the key, and changes nothing', async () => {
    const engine = smallEngine();
    const action = await engine.made(['1']);
    expect(await engine.ask(['2'], { requestHash: 'other' })).toStrictEqual({ kind: 'other', action });
    expect(engine.actions.stored.size).toBe(1);
  });

  it('writes nothing where the console cannot be asked', async () => {
    const engine = smallEngine();
    engine.hooks.list = () => {
      throw new ConnectorError({
        ...{
          code: 'unavailable',
          message: 'Down.',
          health: 'unavailable',
          retryable: true,
          recommendation: '',
        },
      });
    };
    await expect(engine.ask(['1'])).rejects.toThrow('Down.');
    expect(engine.actions.stored.size).toBe(0);
    expect(engine.create.isolations).toHaveProperty('isolations.size', 0);
  });

  it('skips what cannot be done, with its reason, and the others go on', async () => {
    const engine = smallEngine(2, { policy: { safelist: [{ name: 'servers', agentIds: ['2'] }] } });
    const { targets, trail } = await engine.made(['1', '2', '404']);
    expect(targets.map(({ state, reason }) => [state, reason?.code])).toStrictEqual([
      ['requested', undefined],
      ['skipped', 'safelisted'],
      ['skipped', 'not_found'],
    ]);
    expect(trail[0]?.targets.map(({ state }) => state)).toStrictEqual(['requested', 'skipped', 'skipped']);
  });

  it('waits for an approval where a rule wants one, and for as long as the policy says', async () => {
    const approvals = [{ name: 'servers', endpoints: { agentIds: ['2'] } }];
    const engine = smallEngine(2, { policy: { approvals, approvalMinutes: 30 } });
    const action = await engine.made(['1', '2']);
    expect(action.targets.map(({ state }) => state)).toStrictEqual(['requested', 'waiting_approval']);
    expect(action.approval?.why).toContain('"servers"');
    expect(action.expiresAt).toBe(now + 30 * minuteMs);
    const sooner = await engine.made(['2'], { key: 'sooner', expiresInMinutes: 5 });
    expect(sooner.expiresAt).toBe(now + 5 * minuteMs);
  });

  it('counts isolations of a caller within an hour, all of an action or none, and others on their own', async () => {
    const engine = smallEngine(4, { policy: { isolationsPerHour: 2 } });
    await engine.made(['1'], { key: 'a' });
    expect(await engine.ask(['2', '3'], { key: 'b' })).toMatchObject({ kind: 'limited', used: 1, most: 2 });
    await engine.made(['1', '2'], { key: 'c' });
    await engine.made(['3'], { key: 'd', by: ben });
    await engine.made(['3'], { key: 'e', type: 'restart' });
    engine.clock.advance(hourMs);
    await engine.made(['3', '4'], { key: 'f' });
  });

  it('lets no more through at once than one after the other', async () => {
    const engine = smallEngine(6, { policy: { isolationsPerHour: 3 } });
    const outcomes = await Promise.all(
      ['1', '2', '3', '4', '5', '6'].map((id) => engine.ask([id], { key: `key ${id}` })),
    );
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(3);
    expect(outcomes.filter(({ kind }) => kind === 'limited')).toHaveLength(3);
  });

  it('names what is performed in the place of what was asked for', async () => {
    const engine = smallEngine();
    const { targets } = await engine.made(['9'], { type: 'remediate' });
    expect(targets).toMatchObject([
      { performs: 'quarantine', instead: { code: 'not_dynamic' }, agentId: '1' },
    ]);
  });
});
