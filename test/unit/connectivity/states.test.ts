import { describe, expect, it } from 'vitest';
import { foreignWords, states } from './states.ts';
import { checkOf } from './support.ts';

describe('the connectivity test', () => {
  it.each(states)('$state: $check says $code', async ({ check, code, status, says, ok = false, report }) => {
    const made = await report();
    const found = checkOf(made, check);
    expect(found).toMatchObject({ ok, code, ...(status === undefined ? {} : { status }) });
    expect(found.detail).toMatch(says);
    expect(found.recommendation?.length ?? 0).toBeGreaterThan(20);
    expect(found.status === undefined).toBe(status === undefined);
    expect(made.ok).toBe(made.checks.every((one) => one.ok));
    const text = JSON.stringify(made);
    for (const secret of ['a-token-that-nobody-may-see', 'simulator-', foreignWords, 'evil.example'])
      expect(text).not.toContain(secret);
  });

  it('has no two states of one name', () => {
    const rows = states.map(({ state }) => state);
    expect(new Set(rows).size).toBe(rows.length);
  });
});
