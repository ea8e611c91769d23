import { describe, expect, it } from 'vitest';
import { approveAction, cancelAction } from '../../../../shared/actions/run/decide-action.ts';
import { anna, ben, hourMs, minuteMs } from './fixtures.ts';
import { smallEngine } from './small-engine.ts';

const approvals = [{ name: 'isolations', dangers: ['isolating' as const] }];

async function waiting() {
  const engine = smallEngine(2, { policy: { approvals } });
  const action = await engine.made(['1', '2']);
  return {
    ...engine,
    action,
    approve: (by = ben) => approveAction(action, by, { actions: engine.actions, now: engine.clock.now() }),
    cancel: (by = ben) => cancelAction(action, by, { actions: engine.actions, now: engine.clock.now() }),
  };
}

describe('approveAction', () => {
  it('sends nothing before, and what waits after somebody else has agreed', async () => {
    const { action, step, calls, approve, run, read } = await waiting();
    await step(action);
    expect(calls.requests).toStrictEqual([]);
    expect(await approve()).toMatchObject({
      kind: 'decided',
      action: { approval: { approvedBy: ben }, targets: [{ state: 'requested' }, { state: 'requested' }] },
    });
    await run(action);
    expect(calls.requests).toHaveLength(1);
    expect((await read(action)).trail[1]).toMatchObject({ kind: 'approved', by: ben });
  });

  it('is not for who has asked, and not twice', async () => {
    const { action, approve, read } = await waiting();
    expect((await approve(anna)).kind).toBe('own');
    expect((await read(action)).version).toBe(1);
    expect((await approve()).kind).toBe('decided');
    expect((await approve()).kind).toBe('nothing');
  });

  it('comes too late when it has expired', async () => {
    const { action, approve, clock, step, read, calls } = await waiting();
    clock.advance(hourMs);
    // Nobody has come by to say so.
    expect((await approve()).kind).toBe('decided');
    await step(action);
    expect(calls.requests).toStrictEqual([]);
    expect((await read(action)).targets).toMatchObject([{ state: 'expired' }, { state: 'expired' }]);
    expect((await approve()).kind).toBe('nothing');
  });

  it('says that there is no such action', async () => {
    const { actions, clock } = await waiting();
    const place = { tenant: 'acme', connector: 'edr', id: 'none' };
    expect(await approveAction(place, ben, { actions, now: clock.now() })).toStrictEqual({ kind: 'missing' });
  });
});

describe('cancelAction', () => {
  it('sends nothing of it any more, and says who has cancelled it', async () => {
    const { action, cancel, run, calls, read } = await waiting();
    expect((await cancel()).kind).toBe('decided');
    await run(action);
    expect(calls.requests).toStrictEqual([]);
    expect((await read(action)).targets).toMatchObject([
      { state: 'skipped', reason: { code: 'cancelled', message: expect.stringContaining('Ben') } },
      { state: 'skipped' },
    ]);
    expect((await cancel()).kind).toBe('nothing');
  });

  it('leaves what was sent to its end', async () => {
    const { action, approve, step, cancel, clock, run, read } = await waiting();
    await approve();
    await step(action);
    expect((await cancel()).kind).toBe('nothing');
    clock.advance(minuteMs);
    await run(action);
    expect((await read(action)).targets).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  });

  it('of two who decide at once, one does', async () => {
    const { approve, cancel } = await waiting();
    const [first, second] = await Promise.all([approve(), cancel()]);
    const kinds = [first.kind, second.kind];
    expect(kinds).toContain('decided');
    // An approval can still be cancelled; a cancellation cannot be approved.
    if (second.kind === 'decided' && first.kind === 'decided')
      expect(second.action).toMatchObject({ targets: [{ state: 'skipped' }, { state: 'skipped' }] });
  });
});
