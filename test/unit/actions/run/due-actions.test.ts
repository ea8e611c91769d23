import { describe, expect, it } from 'vitest';
import type { ActionPlace } from '../../../../shared/actions/run/action.ts';
import type { ActionQueue } from '../../../../shared/actions/run/action-message.ts';
import { type DueActions, sendDueActions } from '../../../../shared/actions/run/due-actions.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const claimMs = 120_000;

/** Due actions in memory, all since `now`, and a queue that keeps what it was given. */
function world(count: number) {
  const dueAt = new Map(
    Array.from({ length: count }, (_, i) => [
      `a${i}`,
      { id: { tenant: `t${i % 3}`, connector: 'edr', id: `a${i}` }, nextDueAt: now },
    ]),
  );
  const dueActions: DueActions = {
    async *due(at) {
      yield { items: [...dueAt.values()].filter(({ nextDueAt }) => nextDueAt <= at), unreadable: [] };
    },
    async claim({ id, nextDueAt }, until) {
      if (dueAt.get(id.id)?.nextDueAt !== nextDueAt) return false;
      dueAt.set(id.id, { id, nextDueAt: until });
      return true;
    },
  };
  const sent: { readonly places: readonly ActionPlace[]; readonly delaySeconds: number }[] = [];
  const queue: ActionQueue = {
    async send(places, delaySeconds) {
      sent.push({ places, delaySeconds });
    },
  };
  const clock = new ManualClock(now);
  const deps = { clock, dueActions, queue, claimMs, deadline: now + 50_000 };
  return { dueAt, sent, clock, deps, ids: () => sent.flatMap(({ places }) => places.map(({ id }) => id)) };
}

describe('sendDueActions', () => {
  it('sends one message for every due action, ten at once and without a delay, and moves its due time', async () => {
    const { dueAt, sent, deps, ids } = world(23);

    expect(await sendDueActions(deps)).toStrictEqual({ due: 23, sent: 23, complete: true });

    expect(sent.map(({ places }) => places.length)).toStrictEqual([10, 10, 3]);
    expect(sent.every(({ delaySeconds }) => delaySeconds === 0)).toBe(true);
    expect(sent[0]?.places[0]).toStrictEqual({ tenant: 't0', connector: 'edr', id: 'a0' });
    expect(new Set(ids()).size).toBe(23);
    expect([...dueAt.values()].every(({ nextDueAt }) => nextDueAt === now + claimMs)).toBe(true);
  });

  it('sends nothing twice when two ticks run at once', async () => {
    const { deps, ids } = world(40);

    const results = await Promise.all([sendDueActions(deps), sendDueActions(deps)]);

    expect(results.reduce((sum, { sent }) => sum + sent, 0)).toBe(40);
    expect(new Set(ids()).size).toBe(40);
    expect(ids()).toHaveLength(40);
  });

  it('sends an action again when its message was lost, one claim time later', async () => {
    const { clock, deps, ids } = world(1);
    await sendDueActions(deps);
    clock.advance(claimMs - 1);
    await sendDueActions({ ...deps, deadline: clock.now() + 1 });
    expect(ids()).toHaveLength(1);
    clock.advance(1);
    await sendDueActions({ ...deps, deadline: clock.now() + 1 });
    expect(ids()).toHaveLength(2);
  });

  it('names what is no action, and sends the others', async () => {
    const { deps, ids } = world(2);
    const dueActions: DueActions = {
      async *due(at) {
        yield { items: [], unreadable: ['ACTIONS#acme edr'] };
        yield* deps.dueActions.due(at);
      },
      claim: deps.dueActions.claim,
    };

    await expect(sendDueActions({ ...deps, dueActions })).rejects.toThrow(
      'The tick had 1 failures: the due index holds ACTIONS#acme edr, which is no action',
    );
    expect(ids()).toHaveLength(2);
  });
});
