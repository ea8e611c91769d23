import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../../../shared/actions/run/action.ts';
import { HeldAction, LeaseLost } from '../../../../shared/actions/run/held-action.ts';
import { MemoryActions } from '../../../support/memory/memory-actions.ts';
import { action, minuteMs, now, target } from './fixtures.ts';

const lease = { owner: 'us', until: now + minuteMs };
const stored = action([target('1')], { lease });

describe('HeldAction', () => {
  let actions: MemoryActions;
  let held: HeldAction;

  beforeEach(async () => {
    actions = new MemoryActions();
    await actions.create(stored);
    held = new HeldAction(stored, actions);
  });

  /** Somebody approves, cancels or undoes. */
  const change = async (what: Partial<Action>) => actions.replace({ ...held.action, ...what });

  it('writes with the next version, and nothing where nothing changes', async () => {
    await held.commit((latest) => ({ ...latest, looks: 3 }));
    expect(held.action).toMatchObject({ looks: 3, version: 2 });
    await held.commit((latest) => latest);
    expect((await actions.get(stored))?.version).toBe(2);
  });

  it('asks again with what others have changed, and loses nothing of it', async () => {
    await change({ ticket: 'INC-1' });
    const seen: (string | undefined)[] = [];
    await held.commit((latest) => {
      seen.push(latest.ticket);
      return { ...latest, looks: 3 };
    });
    expect(seen).toStrictEqual([undefined, 'INC-1']);
    expect(await actions.get(stored)).toMatchObject({ ticket: 'INC-1', looks: 3, version: 3 });
  });

  it('stops where the lease went to somebody else, was given back, or the action is gone', async () => {
    await change({ lease: { ...lease, owner: 'them' } });
    await expect(held.commit((latest) => ({ ...latest, looks: 3 }))).rejects.toThrow(LeaseLost);
    const { lease: _, ...free } = stored;
    actions.stored.set('acme/edr/a1', { ...free, version: 5 });
    await expect(held.commit((latest) => ({ ...latest, looks: 3 }))).rejects.toThrow(LeaseLost);
    actions.stored.clear();
    await expect(held.commit((latest) => ({ ...latest, looks: 3 }))).rejects.toThrow(LeaseLost);
  });
});
