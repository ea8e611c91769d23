import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacer, tokenKey } from '../../../shared/sentinelone/pacing.ts';
import type { RateLimit } from '../../../shared/sentinelone/rate-limits.ts';
import { fakeTime, settle } from './fake-time.ts';

const path = '/things';

function pacerWith(limit: Partial<RateLimit>, options: { maxBudgets?: number } = {}) {
  const time = fakeTime(1_000_000);
  const table = [{ prefix: path, requestsPerSecond: 1, burst: 1, ...limit }];
  const pacer = createPacer({ clock: time.clock, sleep: time.sleep, table, ...options });
  const admitted: { readonly name: string; readonly at: number }[] = [];
  const take = (name: string, key = 'a', signal?: AbortSignal) =>
    pacer.take(key, path, signal).then(() => {
      admitted.push({ name, at: time.clock.now() - 1_000_000 });
    });
  return { time, pacer, take, admitted };
}

describe('createPacer', () => {
  it('lets a burst pass at once and the rest at the rate', async () => {
    const { time, take, admitted } = pacerWith({ requestsPerSecond: 2, burst: 3 });
    const all = Promise.all(['1', '2', '3', '4', '5'].map((name) => take(name)));
    await time.advance(10_000);
    await all;
    expect(admitted.map(({ at }) => at)).toEqual([0, 0, 0, 500, 1000]);
  });

  it('grants the burst again only after the pause that fills it', async () => {
    const { time, take, admitted } = pacerWith({ requestsPerSecond: 1, burst: 2 });
    await Promise.all([take('1'), take('2')]);
    await time.advance(1000);
    const rest = Promise.all([take('3'), take('4')]);
    await time.advance(5000);
    await rest;
    expect(admitted.map(({ at }) => at)).toEqual([0, 0, 1000, 2000]);
  });

  it('does not let a newcomer pass those who wait, even when their timer is late', async () => {
    const { time, take, admitted } = pacerWith({ requestsPerSecond: 1, burst: 1 });
    const first = [take('1'), take('2')];
    await settle();
    time.jump(1500);
    const second = [take('3')];
    await time.advance(5000);
    await Promise.all([...first, ...second]);
    expect(admitted.map(({ name }) => name)).toEqual(['1', '2', '3']);
  });

  it('keeps tokens and path prefixes apart, and nothing else', async () => {
    const time = fakeTime();
    const table = [{ prefix: '/x', requestsPerSecond: 1, burst: 1 }];
    const pacer = createPacer({ clock: time.clock, sleep: time.sleep, table });
    await pacer.take('a', '/x');
    await pacer.take('b', '/x');
    await pacer.take('a', '/y/1');
    let passed = false;
    const below = pacer.take('a', '/x/below').then(() => {
      passed = true;
    });
    await time.advance(999);
    expect(passed).toBe(false);
    await time.advance(1);
    await below;
  });

  it('lets a waiter go when its signal is aborted, without spending its turn', async () => {
    const { time, take, admitted } = pacerWith({ requestsPerSecond: 1, burst: 1 });
    const abort = new AbortController();
    await take('1');
    const leaving = take('2', 'a', abort.signal);
    const staying = take('3');
    await settle();
    abort.abort(new Error('deadline'));
    await expect(leaving).rejects.toThrow('deadline');
    await time.advance(1000);
    await staying;
    expect(admitted).toEqual([
      { name: '1', at: 0 },
      { name: '3', at: 1000 },
    ]);
  });

  it('leaves no timer behind when the last waiter goes, and starts again for the next one', async () => {
    const { time, take, admitted } = pacerWith({ requestsPerSecond: 1, burst: 1 });
    const abort = new AbortController();
    await take('1');
    const leaving = take('2', 'a', abort.signal);
    await settle();
    expect(time.sleeping()).toBe(1);
    abort.abort(new Error('deadline'));
    expect(time.sleeping()).toBe(0);
    const next = take('3');
    await expect(leaving).rejects.toThrow('deadline');
    await time.advance(1000);
    await next;
    expect(admitted.map(({ name }) => name)).toEqual(['1', '3']);
  });

  it('takes nothing for a signal that is aborted already', async () => {
    const { take, admitted } = pacerWith({ requestsPerSecond: 1, burst: 1 });
    await expect(take('1', 'a', AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
    await take('2');
    expect(admitted).toEqual([{ name: '2', at: 0 }]);
  });

  it('fails all waiters when the sleep itself is broken', async () => {
    const time = fakeTime();
    const sleep = async () => Promise.reject(new Error('no timers'));
    const table = [{ prefix: path, requestsPerSecond: 1, burst: 1 }];
    const pacer = createPacer({ clock: time.clock, sleep, table });
    await pacer.take('a', path);
    const waiting = [pacer.take('a', path), pacer.take('a', path)];
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('does not wait for a clock that was set back', async () => {
    const { time, take, admitted } = pacerWith({ requestsPerSecond: 1, burst: 1 });
    await take('1');
    time.jump(-3_600_000);
    const next = take('2');
    await time.advance(1000);
    await next;
    expect(admitted.map(({ name }) => name)).toEqual(['1', '2']);
  });

  it('forgets a full budget before a spent one that is older', async () => {
    const time = fakeTime();
    const table = [
      { prefix: '/slow', requestsPerSecond: 1 / 60, burst: 1 },
      { prefix: '/fast', requestsPerSecond: 1, burst: 1 },
    ];
    const pacer = createPacer({ clock: time.clock, sleep: time.sleep, table, maxBudgets: 2 });
    await pacer.take('a', '/slow');
    await pacer.take('a', '/fast');
    await time.advance(2000);
    await pacer.take('b', '/fast');
    let passed = false;
    const again = pacer.take('a', '/slow').then(() => {
      passed = true;
    });
    await time.advance(57_999);
    expect(passed).toBe(false);
    await time.advance(1);
    await again;
  });

  it('never forgets a budget that somebody waits for', async () => {
    const { time, take, admitted } = pacerWith({ requestsPerSecond: 1, burst: 1 }, { maxBudgets: 1 });
    await take('1', 'a');
    const waiting = take('2', 'a');
    await take('x', 'b');
    const behind = take('3', 'a');
    await time.advance(5000);
    await Promise.all([waiting, behind]);
    expect(admitted.filter(({ name }) => name !== 'x').map(({ at }) => at)).toEqual([0, 1000, 2000]);
  });

  it('never admits more than burst + rate x t in any t, keeps the order, and lets nobody starve', async () => {
    const arrivals = fc.array(
      fc.record({
        pauseMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })),
        leaves: fc.boolean(),
      }),
      { minLength: 1, maxLength: 40 },
    );
    const limits = fc.record({
      requestsPerSecond: fc.oneof(fc.integer({ min: 1, max: 150 }), fc.constantFrom(0.5, 1 / 60)),
      burst: fc.integer({ min: 1, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(limits, arrivals, async (limit, callers) => {
        const { time, take, admitted } = pacerWith(limit);
        const done: Promise<unknown>[] = [];
        const staying: string[] = [];
        for (const [index, { pauseMs, leaves }] of callers.entries()) {
          await time.advance(pauseMs);
          const abort = new AbortController();
          const taken = take(String(index), 'a', abort.signal);
          done.push(leaves ? taken.catch((reason: unknown) => expect(reason).toBe('left')) : taken);
          if (leaves) abort.abort('left');
          else staying.push(String(index));
        }
        await time.advance((callers.length * 1000) / limit.requestsPerSecond + callers.length);
        await Promise.all(done);

        const names = admitted.map(({ name }) => Number(name));
        expect(names).toEqual([...names].sort((a, b) => a - b));
        expect(names.map(String)).toEqual(expect.arrayContaining(staying));
        for (let from = 0; from < admitted.length; from += 1) {
          for (let to = from; to < admitted.length; to += 1) {
            const seconds = ((admitted[to]?.at ?? 0) - (admitted[from]?.at ?? 0)) / 1000;
            expect(to - from + 1).toBeLessThanOrEqual(limit.burst + limit.requestsPerSecond * seconds + 1e-6);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('tokenKey', () => {
  it('stands for the token without holding it', () => {
    const key = tokenKey('secret-token');
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(key).toBe(tokenKey('secret-token'));
    expect(key).not.toBe(tokenKey('secret-tokem'));
  });
});
