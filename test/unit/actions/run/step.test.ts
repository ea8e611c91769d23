import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterStep, system } from '../../../../shared/actions/run/step.ts';
import { isFinal, targetStates, transitions } from '../../../../shared/actions/run/transitions.ts';
import { action, anna, now, target } from './fixtures.ts';

const reason = { code: 'why', message: 'Because.' };
const evidence = [{ source: 'agent', field: 'isActive', value: false }] as const;

describe('afterStep', () => {
  it('adds an entry with the next number, who did it, and the targets whose state is another one', () => {
    const before = action([target('1'), target('2', { state: 'waiting_approval' })]);
    const after = afterStep(
      before,
      now + 5,
      { kind: 'approved' },
      new Map([[1, { state: 'requested' }]]),
      anna,
    );
    expect(after.trail).toStrictEqual([
      ...before.trail,
      { step: 2, at: now + 5, kind: 'approved', by: anna, targets: [{ target: 1, state: 'requested' }] },
    ]);
    expect(after.targets[0]).toBe(before.targets[0]);
    expect(after.targets[1]).toMatchObject({ state: 'requested', changedAt: now + 5 });
  });

  it('tells reason and evidence with the state, and takes a reason away where it says null', () => {
    const before = action([target('1', { state: 'sent', reason })]);
    const kept = afterStep(
      before,
      now,
      { kind: 'observed' },
      new Map([[0, { state: 'accepted', evidence }]]),
    );
    expect(kept.trail[1]?.targets).toStrictEqual([{ target: 0, state: 'accepted', reason, evidence }]);
    const gone = afterStep(
      before,
      now,
      { kind: 'observed' },
      new Map([[0, { state: 'accepted', reason: null }]]),
    );
    expect(gone.targets[0]).not.toHaveProperty('reason');
  });

  it('leaves no entry for a look without news, and one for everything else', () => {
    const before = action([target('1', { state: 'sent' })], { looks: 4 });
    const looked = afterStep(before, now + 9, { kind: 'observed' }, new Map([[0, { evidence }]]));
    expect(looked.trail).toBe(before.trail);
    expect(looked).toMatchObject({ looks: 4, targets: [{ evidence, changedAt: now }] });
    const answered = afterStep(before, now, { kind: 'answered', note: 'no answer' }, new Map());
    expect(answered.trail[1]).toStrictEqual({
      ...{ step: 2, at: now, kind: 'answered', note: 'no answer', by: system, targets: [] },
    });
  });

  it('counts looks anew after a change of state', () => {
    const before = action([target('1', { state: 'sent' })], { looks: 4 });
    expect(afterStep(before, now, { kind: 'observed' }, new Map([[0, { state: 'accepted' }]])).looks).toBe(0);
  });

  it('throws for a state that may not follow', () => {
    const before = action([target('1', { state: 'done' })]);
    expect(() => afterStep(before, now, { kind: 'observed' }, new Map([[0, { state: 'sent' }]]))).toThrow(
      'from done to sent',
    );
  });

  it('law: whatever follows, the trail is numbered and tells the states that the targets have', () => {
    const state = fc.constantFrom(...targetStates);
    const changes = fc.array(fc.tuple(fc.nat(2), state), { maxLength: 30 });
    void fc.assert(
      fc.property(changes, (steps) => {
        let current = action([target('1'), target('2', { state: 'waiting_approval' }), target('3')]);
        for (const [index, next] of steps) {
          const { state: is = 'done' } = current.targets[index] ?? {};
          if (isFinal(is) || !transitions[is].includes(next)) continue;
          current = afterStep(current, now, { kind: 'observed' }, new Map([[index, { state: next }]]));
        }
        const told = new Map(
          current.trail.flatMap(({ targets }) => targets.map((one) => [one.target, one.state])),
        );
        expect(current.targets.map((one) => one.state)).toStrictEqual(
          [0, 1, 2].map((index) => told.get(index)),
        );
        expect(current.trail.map(({ step }) => step)).toStrictEqual(
          current.trail.map((_, index) => index + 1),
        );
      }),
    );
  });
});
