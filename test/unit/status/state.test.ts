import { expect, it } from 'vitest';
import { rankOf, states, worstOf } from '../../../shared/status/state.ts';

it('says what somebody must do something about before what passes by itself, and that before what is well', () => {
  const order = [
    'credentials',
    'permission',
    'behind',
    'throttled',
    'licence',
    'starting',
    'ok',
    'paused',
  ] as const;
  expect(order.map(rankOf)).toStrictEqual(order.map(rankOf).toSorted((a, b) => a - b));
  expect(new Set(states).size).toBe(states.length);
});

it('finds the worst of several, and none of none', () => {
  expect(worstOf(['ok', 'licence', 'paused', 'host'])).toBe('host');
  expect(worstOf(['paused', 'ok'])).toBe('ok');
  expect(worstOf([])).toBeUndefined();
});
