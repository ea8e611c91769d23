import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestEventBytes } from '../../../../shared/actions/callbacks/fitted.ts';
import { outcomeEvent } from '../../../../shared/actions/callbacks/outcome-event.ts';
import type { TargetStep } from '../../../../shared/actions/run/action.ts';
import { actionState } from '../../../../shared/actions/run/action-state.ts';
import { isFinal, targetStates } from '../../../../shared/actions/run/transitions.ts';
import { lastEvent, target, toldAction, trailOf } from './told-action.ts';

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('what is told of a step', () => {
  it('is who did what to whom, how it ended, and what shows it', () => {
    expect(lastEvent(toldAction({ reason: 'Ransomware', ticket: 'INC-7' }))).toStrictEqual({
      id: 'acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d.3',
      type: 'action.outcome',
      tenant: 'acme',
      connector: 'acme.emea',
      action: {
        id: 'acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d',
        type: 'contain',
        state: 'done',
        reason: 'Ransomware',
        ticket: 'INC-7',
        // Neither the address nor the call of whoever asked.
        requestedBy: { actor: 'key:soar', name: 'SOAR' },
      },
      targets: [
        {
          target: { hostName: 'LAPTOP-7' },
          agentId: 'id-LAPTOP-7',
          computerName: 'LAPTOP-7',
          performs: 'contain',
          state: 'done',
          evidence: [{ source: 'agent', field: 'networkStatus', value: 'disconnected' }],
        },
      ],
      at: '2026-11-24T12:02:00.000Z',
    });
  });

  it('is nothing where no target came to its end', () => {
    const action = toldAction();
    expect(action.trail.map((entry) => outcomeEvent(action, entry)?.id)).toStrictEqual([
      undefined,
      undefined,
      'acme.emea.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d.3',
    ]);
  });

  it.each(targetStates)('is told of the state %s only where it is final', (state) => {
    const action = toldAction({ trail: trailOf([{ target: 0, state }]) });
    const [entry] = action.trail;
    expect(entry && outcomeEvent(action, entry)?.targets.map((one) => one.state)).toStrictEqual(
      isFinal(state) ? [state] : undefined,
    );
  });

  it('leaves out targets that are not at their end, and what is not known of the others', () => {
    const { agentId: _agent, computerName: _name, ...unknown } = target('GONE', { state: 'failed' });
    const reason = { code: 'not_found', message: 'No endpoint has this name.' };
    const action = toldAction({
      targets: [target('LAPTOP-7', { state: 'sent' }), unknown],
      trail: trailOf([
        { target: 0, state: 'requested' },
        { target: 1, state: 'failed', reason },
      ]),
    });
    expect(lastEvent(action).targets).toStrictEqual([
      {
        target: { hostName: 'GONE' },
        performs: 'contain',
        state: 'failed',
        reason,
        evidence: [],
      },
    ]);
  });

  it('names the state that the action had then, also when it is told later', () => {
    const action = toldAction({
      targets: [
        target('A', { state: 'done' }),
        target('B', { state: 'failed', reason: { code: 'refused', message: 'The console refused.' } }),
        target('C', { state: 'skipped', reason: { code: 'already_so', message: 'It is so already.' } }),
      ],
      trail: trailOf(
        [
          { target: 0, state: 'requested' },
          { target: 1, state: 'waiting_approval' },
          {
            target: 2,
            state: 'skipped',
            reason: { code: 'already_so', message: 'It is so already.' },
          },
        ],
        [{ target: 0, state: 'sent' }],
        [{ target: 0, state: 'done' }],
        [{ target: 1, state: 'failed', reason: { code: 'refused', message: 'The console refused.' } }],
      ),
    });
    expect(action.trail.map((entry) => outcomeEvent(action, entry)?.action.state)).toStrictEqual([
      'requested',
      undefined,
      'waiting_approval',
      'partly_done',
    ]);
    expect(lastEvent(action).action.state).toBe(actionState(action));
  });

  it('calls a trail that names a target which is not there a fault', () => {
    const action = toldAction({ trail: trailOf([{ target: 7, state: 'done' }]) });
    expect(() => lastEvent(action)).toThrow('has no target 7');
  });

  it('never changes with what comes afterwards', () => {
    const state = fc.constantFrom(...targetStates);
    const entries = fc.array(fc.dictionary(fc.constantFrom('0', '1', '2'), state), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(entries, fc.nat(), (made, cut) => {
        const steps = made.map((entry): readonly TargetStep[] =>
          Object.entries(entry).map(([index, to]) => ({ target: Number(index), state: to })),
        );
        // The first step of an action names all its targets.
        const all = [0, 1, 2].map((index) => ({ target: index, state: 'requested' as const }));
        const actionAfter = (count: number) => {
          const trail = trailOf(all, ...steps.slice(0, count));
          const last = (index: number) =>
            trail.flatMap(({ targets }) => targets).findLast((step) => step.target === index)?.state ??
            'requested';
          return toldAction({
            trail,
            targets: [0, 1, 2].map((index) => target(`HOST-${index}`, { state: last(index) })),
          });
        };
        const early = actionAfter(1 + (cut % steps.length));
        const late = actionAfter(steps.length);
        for (const entry of early.trail)
          expect(outcomeEvent(late, entry)).toStrictEqual(outcomeEvent(early, entry));
        const [entry] = early.trail.slice(-1);
        const told = entry && outcomeEvent(early, entry);
        if (told !== undefined) expect(told.action.state).toBe(actionState(early));
      }),
    );
  });
});

describe('an event that is too large', () => {
  const evidence = { source: 'note', field: 'text', value: 'x'.repeat(5_000) } as const;

  function largeAction(step: (index: number) => Omit<TargetStep, 'target' | 'state'>, asked = {}) {
    const indices = Array.from({ length: 100 }, (_, index) => index);
    return toldAction({
      targets: indices.map((index) => target(`HOST-${index}`, { state: 'done', asked: { index, ...asked } })),
      trail: trailOf(indices.map((index) => ({ target: index, state: 'done', ...step(index) }))),
    });
  }

  it('has all its evidence as long as it fits', () => {
    const event = lastEvent(largeAction(() => ({ evidence: [{ ...evidence, value: 'x'.repeat(2_000) }] })));
    expect(event).not.toHaveProperty('omitted');
    expect(event.targets.every((one) => one.evidence.length === 1)).toBe(true);
    expect(bytesOf(event)).toBeGreaterThan(200_000);
  });

  it('loses its evidence, and says so', () => {
    const reason = { code: 'already_so', message: 'It is so already.' };
    const event = lastEvent(largeAction(() => ({ evidence: [evidence], reason })));
    expect(event.omitted).toStrictEqual(['evidence']);
    expect(event.targets).toHaveLength(100);
    expect(event.targets[99]).toStrictEqual({
      target: { index: 99 },
      agentId: 'id-HOST-99',
      computerName: 'HOST-99',
      performs: 'contain',
      state: 'done',
      reason,
      evidence: [],
    });
  });

  it('loses then what was asked for, and the texts of reasons, never a target or its state', () => {
    const reason = { code: 'refused', message: 'é'.repeat(2_000) };
    const asked = { note: 'n'.repeat(3_000) };
    const withoutTarget = lastEvent(largeAction(() => ({ evidence: [evidence] }), asked));
    expect(withoutTarget.omitted).toStrictEqual(['evidence', 'target']);
    const least = lastEvent(largeAction(() => ({ evidence: [evidence], reason }), asked));
    expect(least.omitted).toStrictEqual(['evidence', 'target', 'reason_text']);
    expect(least.targets).toHaveLength(100);
    expect(least.targets[0]).toStrictEqual({
      agentId: 'id-HOST-0',
      computerName: 'HOST-0',
      performs: 'contain',
      state: 'done',
      reason: { code: 'refused', message: '' },
      evidence: [],
    });
  });

  it('is as large as EventBridge takes with 100 targets whose texts are as long as any', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 8_000 }),
        fc.nat({ max: 3_000 }),
        fc.nat({ max: 3_000 }),
        (value, message, asked) => {
          const event = lastEvent(
            largeAction(
              () => ({
                evidence: [{ ...evidence, value: 'ß'.repeat(value) }],
                reason: { code: 'refused', message: '漢'.repeat(message) },
              }),
              { note: 'n'.repeat(asked) },
            ),
          );
          expect(bytesOf(event)).toBeLessThanOrEqual(largestEventBytes);
        },
      ),
      { numRuns: 30 },
    );
  });
});
