import { describe, expect, it } from 'vitest';
import {
  checkTransition,
  isFinal,
  isUnderWay,
  targetStates,
  transitions,
} from '../../../../shared/actions/run/transitions.ts';

describe('transitions', () => {
  it('lead from every state to a final one, and final ones lead nowhere', () => {
    const finals = targetStates.filter(isFinal);
    expect(finals).toStrictEqual(['done', 'failed', 'skipped', 'expired', 'unknown']);
    for (const state of targetStates.filter((one) => !isFinal(one)))
      expect(transitions[state].some(isFinal), state).toBe(true);
  });

  it('never lead to being sent but from requested, nor back from what the console has shown', () => {
    const leadingTo = (state: string) =>
      targetStates.filter((one) => transitions[one].some((next) => next === state));
    expect(leadingTo('sent')).toStrictEqual(['requested']);
    expect(leadingTo('requested')).toStrictEqual(['waiting_approval', 'sent']);
    expect(leadingTo('waiting_approval')).toStrictEqual([]);
  });

  it('let nothing expire, nor be skipped as not sent, that the console has shown', () => {
    for (const state of ['accepted', 'pending_offline', 'in_progress'] as const) {
      expect(isUnderWay(state)).toBe(true);
      expect(transitions[state]).not.toContain('expired');
      expect(transitions[state]).not.toContain('skipped');
      expect(transitions[state]).not.toContain('requested');
    }
    expect(transitions.sent).not.toContain('expired');
  });

  it('are checked: staying is allowed, and what is not in the table is a fault', () => {
    expect(() => checkTransition('done', 'done')).not.toThrow();
    expect(() => checkTransition('requested', 'sent')).not.toThrow();
    expect(() => checkTransition('done', 'requested')).toThrow('A target cannot go from done to requested.');
  });
});
