import { describe, expect, it } from 'vitest';
import { traceMs } from '../../../../shared/actions/run/judge.ts';
import { nextLookAt, withLookAt } from '../../../../shared/actions/run/next-look.ts';
import { action, hourMs, minuteMs, now, secondMs, target } from './fixtures.ts';

describe('nextLookAt', () => {
  it('is never where nothing is under way', () => {
    expect(nextLookAt(action([target('1'), target('2', { state: 'done' })]), now)).toBeUndefined();
  });

  it('comes at growing waits as long as nothing changes: twelve looks in the first 20 minutes', () => {
    const waits = Array.from(
      { length: 12 },
      (_, looks) => (nextLookAt(action([target('1', { state: 'accepted' })], { looks }), now) ?? 0) - now,
    );
    expect(waits).toStrictEqual([2, 3, 5, 8, 13, 20, 30, 60, 120, 300, 300, 300].map((s) => s * secondMs));
  });

  it('comes every fifteen minutes where all endpoints have been offline for an hour', () => {
    const offline = (changedAt: number) =>
      action([target('1', { state: 'pending_offline', changedAt }), target('2', { state: 'done' })]);
    expect(nextLookAt(offline(now - hourMs + 1), now)).toBe(now + 2 * secondMs);
    expect(nextLookAt(offline(now - hourMs), now)).toBe(now + 15 * minuteMs);
  });

  it('comes when a command of which there is no trace can be judged', () => {
    const lost = action([target('1', { state: 'sent', changedAt: now - traceMs + 17_000 })], { looks: 8 });
    expect(nextLookAt(lost, now)).toBe(now + 17_000);
    const judged = action([target('1', { state: 'sent', changedAt: now - traceMs })], { looks: 8 });
    expect(nextLookAt(judged, now)).toBe(now + 120 * secondMs);
  });

  it('goes by those that are online where there are both', () => {
    const both = action([target('1', { state: 'pending_offline' }), target('2', { state: 'accepted' })]);
    expect(nextLookAt(both, now)).toBe(now + 2 * secondMs);
  });
});

describe('withLookAt', () => {
  it('takes the time away where nothing is under way', () => {
    const one = action([target('1')]);
    expect(withLookAt(one, 5).lookAt).toBe(5);
    expect(withLookAt(withLookAt(one, 5), undefined)).not.toHaveProperty('lookAt');
  });
});
