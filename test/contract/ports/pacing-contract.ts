import { createHash, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { BudgetId, PacingStore, TakeRequest } from '../../../shared/sentinelone/pacing-store.ts';

const now = Date.parse('2026-11-24T10:00:00Z');

/** What every implementation of the pacing store must do. `pacing` gives the implementation under test. */
export function definePacingContract(pacing: () => PacingStore): void {
  /** A budget that no other test knows. */
  function newBudget(): BudgetId {
    return { tokenKey: createHash('sha256').update(randomUUID()).digest('hex'), prefix: '/threats' };
  }
  const request = (at: number, change: Partial<TakeRequest> = {}): TakeRequest => ({
    now: at,
    spacingMs: 2_500,
    latest: at + 30_000,
    expects: 'free',
    ...change,
  });

  it('knows of no pause until one is announced, and then what it was', async () => {
    const budget = newBudget();
    expect(await pacing().pause(budget)).toBeUndefined();
    await pacing().announce(budget, { until: now + 30_000, httpStatus: 503 });
    expect(await pacing().pause(budget)).toStrictEqual({ until: now + 30_000, httpStatus: 503 });
  });

  it('lets a pause grow and never shrink', async () => {
    const budget = newBudget();
    await pacing().announce(budget, { until: now + 5_000, httpStatus: 429 });
    await pacing().announce(budget, { until: now + 9_000, httpStatus: 503 });
    await pacing().announce(budget, { until: now + 7_000, httpStatus: 429 });
    expect(await pacing().pause(budget)).toStrictEqual({ until: now + 9_000, httpStatus: 503 });
  });

  it('keeps tokens and prefixes apart', async () => {
    const budget = newBudget();
    await pacing().announce(budget, { until: now + 5_000, httpStatus: 429 });
    await pacing().take(budget, request(now));
    for (const other of [newBudget(), { ...budget, prefix: '/threats/' }]) {
      expect(await pacing().pause(other)).toBeUndefined();
      expect(await pacing().take(other, request(now))).toStrictEqual({ kind: 'taken', startsAt: now });
    }
  });

  it.each(['free', 'busy'] as const)(
    'gives turns one after the other to those who expect it %s',
    async (expects) => {
      const budget = newBudget();
      const turns = [];
      for (const at of [now, now + 1, now + 2_499]) {
        turns.push(await pacing().take(budget, request(at, { expects })));
      }
      expect(turns).toStrictEqual([
        { kind: 'taken', startsAt: now },
        { kind: 'taken', startsAt: now + 2_500 },
        { kind: 'taken', startsAt: now + 5_000 },
      ]);
    },
  );

  it.each(['free', 'busy'] as const)(
    'starts anew when all turns are over, for those who expect it %s',
    async (expects) => {
      const budget = newBudget();
      await pacing().take(budget, request(now));
      const later = now + 2_500;
      expect(await pacing().take(budget, request(later, { expects }))).toStrictEqual({
        kind: 'taken',
        startsAt: later,
      });
    },
  );

  it.each(['free', 'busy'] as const)(
    'takes nothing that is too late, for those who expect it %s',
    async (expects) => {
      const budget = newBudget();
      const hurried = request(now, { latest: now + 2_499, expects });
      await pacing().take(budget, request(now));
      expect(await pacing().take(budget, hurried)).toStrictEqual({ kind: 'full', freeAt: now + 2_500 });
      expect(await pacing().take(budget, hurried)).toStrictEqual({ kind: 'full', freeAt: now + 2_500 });
      expect(await pacing().take(budget, { ...hurried, latest: now + 2_500 })).toStrictEqual({
        kind: 'taken',
        startsAt: now + 2_500,
      });
    },
  );

  it.each(['free', 'busy'] as const)(
    'does not believe a schedule that nobody can have made, when it is expected %s',
    async (expects) => {
      const budget = newBudget();
      await pacing().take(budget, request(now + 86_400_000));
      expect(await pacing().take(budget, request(now, { expects }))).toStrictEqual({
        kind: 'taken',
        startsAt: now,
      });
    },
  );

  it('tells whoever takes a turn of the pause, and keeps the pause', async () => {
    const budget = newBudget();
    const pause = { until: now + 30_000, httpStatus: 429 } as const;
    await pacing().announce(budget, pause);
    expect(await pacing().take(budget, request(now))).toStrictEqual({ kind: 'taken', startsAt: now, pause });
    expect(await pacing().take(budget, request(now, { latest: now }))).toStrictEqual({
      kind: 'full',
      freeAt: now + 2_500,
      pause,
    });
    expect(await pacing().pause(budget)).toStrictEqual(pause);
  });

  it('gives every turn once, however many ask for it at the same time', async () => {
    const budget = newBudget();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => pacing().take(budget, request(now))));
    const starts = outcomes.map((outcome) => (outcome.kind === 'taken' ? outcome.startsAt - now : undefined));
    expect(starts.sort((a, b) => Number(a) - Number(b))).toStrictEqual(
      Array.from({ length: 8 }, (_, turn) => turn * 2_500),
    );
  });
}
