import { describe, expect, it } from 'vitest';
import type { Action } from '../../../../shared/actions/run/action.ts';
import { undoAction } from '../../../../shared/actions/run/undo-action.ts';
import { ben, minuteMs } from './fixtures.ts';
import { type Asked, smallEngine } from './small-engine.ts';

type Engine = ReturnType<typeof smallEngine>;

/** Does something, to its end. */
async function done(engine: Engine, ids: readonly string[], asked?: Asked): Promise<Action> {
  const action = await engine.made(ids, asked);
  await engine.run(action);
  return await engine.read(action);
}

let calls = 0;

async function undo(engine: Engine, action: Action, key = 'undo') {
  const { stored, signal, create } = engine;
  const by = { ...ben, requestId: `call ${++calls}` };
  return await undoAction(action, { by, key, requestHash: `undo ${action.id}` }, stored, signal, create);
}

function performed(outcome: Awaited<ReturnType<typeof undo>>) {
  if (outcome.kind !== 'created') throw new Error(`It is ${outcome.kind}.`);
  return outcome.action.targets.map(({ id, performs, state }) => [id, performs, state]);
}

describe('undoAction', () => {
  it('takes back exactly what was done, and not what was so already', async () => {
    const engine = smallEngine(3);
    await done(engine, ['2'], { key: 'before' });
    const action = await done(engine, ['1', '2', '404']);
    expect(action.targets.map(({ state }) => state)).toStrictEqual(['done', 'skipped', 'skipped']);

    const outcome = await undo(engine, action);

    expect(performed(outcome)).toStrictEqual([['1', 'release', 'requested']]);
    if (outcome.kind !== 'created') return;
    expect(outcome.action).toMatchObject({
      undoes: action.id,
      requestedBy: { actor: 'key:ben' },
      type: 'release',
    });
    engine.clock.advance(minuteMs);
    await engine.run(outcome.action);
    expect(engine.endpoints.endpoints.get('1')?.networkStatus).toBe('connected');
    expect(engine.endpoints.endpoints.get('2')?.networkStatus).toBe('disconnected');
  });

  it('is one undo under one key, which the action knows of once', async () => {
    const engine = smallEngine(1);
    const action = await done(engine, ['1']);
    const outcomes = await Promise.all([undo(engine, action), undo(engine, action), undo(engine, action)]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toStrictEqual(['created', 'known', 'known']);
    const { undoneBy = [], trail } = await engine.read(action);
    expect(undoneBy).toHaveLength(1);
    expect(trail.filter(({ kind }) => kind === 'undo_requested')).toMatchObject([
      { by: ben, note: undoneBy[0] },
    ]);
    // The new entry has to be brought into the lake.
    await engine.run(action);
    expect((await engine.read(action)).archived).toBe(trail.length);
  });

  it('goes by what was performed, and not by what was asked for', async () => {
    const engine = smallEngine(1);
    const action = await done(engine, ['9'], { type: 'remediate' });
    expect(performed(await undo(engine, action))).toStrictEqual([['9', 'unquarantine', 'requested']]);
  });

  it('gives a field the value back that it had', async () => {
    const engine = smallEngine(1);
    const asked = { type: 'set-incident-status', parameters: { status: 'resolved' } };
    const outcome = await undo(engine, await done(engine, ['9'], asked));
    expect(performed(outcome)).toStrictEqual([['9', 'set-incident-status', 'requested']]);
    if (outcome.kind !== 'created') return;
    await engine.run(outcome.action);
    expect(engine.endpoints.threats.get('9')?.incidentStatus).toBe('unresolved');
  });

  it('has nothing to do where nothing was done, or there is no way back', async () => {
    const engine = smallEngine(2);
    const open = await engine.made(['1'], { key: 'open' });
    expect(await undo(engine, open)).toStrictEqual({ kind: 'nothing' });
    const restarted = await done(engine, ['2'], { key: 'restart', type: 'restart' });
    expect(restarted.targets).toMatchObject([{ state: 'done' }]);
    expect(await undo(engine, restarted)).toStrictEqual({ kind: 'nothing' });
  });

  it('counts an undo that isolates again', async () => {
    const engine = smallEngine(2, { policy: { isolationsPerHour: 1 } });
    for (const id of ['1', '2']) {
      const endpoint = engine.endpoints.endpoints.get(id);
      if (endpoint !== undefined) endpoint.networkStatus = 'disconnected';
    }
    const released = await done(engine, ['1', '2'], { type: 'release' });
    expect(await undo(engine, released)).toMatchObject({ kind: 'limited', most: 1 });
    expect((await engine.read(released)).undoneBy).toBeUndefined();
  });
});
