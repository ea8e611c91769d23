import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { createPacer } from '../../../shared/sentinelone/pacing.ts';
import type { PacingStore } from '../../../shared/sentinelone/pacing-store.ts';
import { createSharedPacer, type SharedPacerOptions } from '../../../shared/sentinelone/shared-pacer.ts';
import { MemoryPacing } from '../../support/memory/memory-pacing.ts';
import { fakeTime, settle } from './fake-time.ts';

const start = 1_000_000_000_000;
const token = 'f'.repeat(64);
const path = '/threats';

/** Some processes of one token over one store, in virtual time. */
function processes(
  count: number,
  store: PacingStore = new MemoryPacing(),
  options: Partial<SharedPacerOptions> = {},
) {
  const time = fakeTime(start);
  const { clock, sleep } = time;
  const logged: (JsonObject | undefined)[] = [];
  const ignore = () => undefined;
  const log = {
    info: ignore,
    warn: ignore,
    error: (_: string, fields?: JsonObject) => void logged.push(fields),
  };
  const pacers = Array.from({ length: count }, () =>
    createSharedPacer({ store, clock, sleep, log, local: createPacer({ clock, sleep }), ...options }),
  );
  const [first, second] = pacers;
  if (first === undefined) throw new Error('no process');
  return { time, first, second: second ?? first, pacers, logged };
}

/** How a promise ended, as soon as it has. */
function outcomeOf(promise: Promise<unknown>) {
  const outcome: { at?: 'resolved' | 'rejected'; error?: unknown } = {};
  promise.then(
    () => {
      outcome.at = 'resolved';
    },
    (error: unknown) => {
      outcome.at = 'rejected';
      outcome.error = error;
    },
  );
  return outcome;
}

const throttled = (retryAfterMs?: number) => ({ status: 429, retryAfterMs });

describe('what pacing costs', () => {
  it('one read and no write for the one request of an idle stream', async () => {
    const store = new MemoryPacing();
    const { time, first } = processes(1, store);
    for (let tick = 0; tick < 3; tick++) {
      await first.take(token, path);
      await time.advance(300_000);
    }
    expect(store.calls).toStrictEqual({ pause: 3, announce: 0, take: 0 });
  });

  it('a write for about ten requests of a stream that reads page after page', async () => {
    const store = new MemoryPacing();
    const { time, first } = processes(1, store);
    let pages = 0;
    const reading = (async () => {
      for (; pages < 1000; pages++) {
        await first.take(token, path);
        await time.sleep(600, new AbortController().signal);
      }
    })();
    await time.advance(700_000);
    await reading;
    expect(store.calls.take).toBeLessThan(100);
    expect(store.calls.announce).toBe(0);
  });

  it('a write for every request where the limit is below five a second, and no request without one below two', async () => {
    const store = new MemoryPacing();
    const { time, first } = processes(1, store);
    const all = Promise.all([1, 2, 3].map(() => first.take(token, '/dv/query-status')));
    await time.advance(2 * 1250);
    await all;
    expect(store.calls.take).toBe(3);
  });
});

describe('a limit without a burst', () => {
  it('is kept by two processes together', async () => {
    const { time, pacers } = processes(2);
    const at: number[] = [];
    const taken = pacers.flatMap((pacer) =>
      [1, 2, 3].map(() =>
        pacer.take(token, '/dv/query-status').then(() => at.push(time.clock.now() - start)),
      ),
    );
    await time.advance(10_000);
    await Promise.all(taken);
    expect(at).toStrictEqual([0, 1250, 2500, 3750, 5000, 6250]);
  });

  it('fails with the time of the next turn where that is too far away, and takes no turn', async () => {
    const store = new MemoryPacing();
    const { time, first, second } = processes(2, store);
    await first.take(token, '/dv/init-query');
    await time.advance(10_000);
    await expect(second.take(token, '/dv/init-query')).rejects.toMatchObject({
      code: 'rate_limit_taken',
      health: 'throttled',
      retryable: true,
      retryAfterMs: 65_000,
    });
    await time.advance(65_000);
    await second.take(token, '/dv/init-query');
  });

  it('gives the burst where the vendor grants one', async () => {
    const { time, first } = processes(1);
    let taken = 0;
    const all = Array.from({ length: 26 }, () => first.take(token, '/export').then(() => taken++));
    await time.advance(0);
    expect(taken).toBe(24);
    await time.advance(2 * 1250);
    await Promise.all(all);
  });
});

describe('a pause', () => {
  it.each([
    [429, 30_000, 'throttled'],
    [503, 30_000, 'unavailable'],
  ])('by a %d is kept by the other processes, to the millisecond', async (status, retryAfterMs, health) => {
    const { time, first, second } = processes(2);
    await first.heed(token, path, { status, retryAfterMs });
    await time.advance(1_000);
    const error: unknown = await second.take(token, path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({
      code: 'paused',
      health,
      httpStatus: status,
      retryable: true,
      retryAfterMs: 29_000,
    });
    expect(String(error)).toContain('another worker');
    expect(String(error)).toContain(new Date(start + 30_000).toISOString());
    await time.advance(26_999);
    await expect(second.take(token, path)).rejects.toMatchObject({ retryAfterMs: 2_001 });
    await time.advance(2_001);
    await second.take(token, path);
  });

  it('of a day is shared for a quarter of an hour: one odd answer must not silence a token', async () => {
    const { time, first, second } = processes(2);
    await first.heed(token, path, throttled(86_400_000));
    await time.advance(2_000);
    await expect(second.take(token, path)).rejects.toMatchObject({ retryAfterMs: 15 * 60_000 - 2_000 });
    await time.advance(15 * 60_000 - 2_000);
    await second.take(token, path);
  });

  it('is no longer for others than a quarter of an hour, whatever clock it was announced by', async () => {
    const store = new MemoryPacing();
    const { time, first } = processes(1, store);
    const prefix = '/threats';
    await store.announce({ tokenKey: token, prefix }, { until: start + 3 * 3_600_000, httpStatus: 429 });
    const paused = { code: 'paused', retryAfterMs: 15 * 60_000 };
    await expect(first.take(token, path)).rejects.toMatchObject(paused);
    await time.advance(15 * 60_000);
    await first.take(token, path);
  });

  it('and shares are not waited for when the clock was set back by an hour', async () => {
    const store = new MemoryPacing();
    let setBackMs = 0;
    const time = fakeTime(start);
    const clock = { now: () => time.clock.now() - setBackMs };
    const ignore = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const { sleep } = time;
    const pacer = createSharedPacer({
      store,
      clock,
      sleep,
      log: ignore,
      local: createPacer({ clock, sleep }),
    });
    const before = Promise.all([1, 2, 3].map(() => pacer.take(token, path)));
    await time.advance(1_000);
    await before;
    setBackMs = 3_600_000;
    const after = outcomeOf(pacer.take(token, path));
    await time.advance(40_000);
    expect(after.at).toBe('resolved');
  });

  it('of five seconds is taken for a 429 that names none; a 503 that names none, and other answers, mean no pause', async () => {
    const store = new MemoryPacing();
    const { first } = processes(1, store);
    await first.heed(token, path, { status: 503, retryAfterMs: undefined });
    await first.heed(token, path, { status: 500, retryAfterMs: 9_000 });
    await first.heed(token, path, throttled(0));
    expect(store.calls.announce).toBe(0);
    await first.heed(token, path, throttled());
    await expect(first.take(token, path)).rejects.toMatchObject({ code: 'paused', retryAfterMs: 5_000 });
  });

  it('is waited for when it is nearly over', async () => {
    const { time, first, second } = processes(2);
    await first.heed(token, path, throttled(2_000));
    const waiting = outcomeOf(second.take(token, path));
    await time.advance(1_999);
    expect(waiting.at).toBeUndefined();
    await time.advance(1);
    expect(waiting.at).toBe('resolved');
  });

  it('holds for its token and prefix only', async () => {
    const { first, second } = processes(2);
    await first.heed(token, path, throttled(30_000));
    await second.take(token, '/threats/1/notes');
    await second.take('e'.repeat(64), path);
    await expect(second.take(token, path)).rejects.toMatchObject({ code: 'paused' });
  });

  it('is noticed by a process that sends, within a second', async () => {
    const { time, first, second } = processes(2);
    // The second one takes the share that the third, within it, needs no store for.
    await second.take(token, path);
    await second.take(token, path);
    await first.heed(token, path, throttled(30_000));
    await time.advance(999);
    await second.take(token, path);
    await time.advance(1);
    await expect(second.take(token, path)).rejects.toMatchObject({ code: 'paused' });
  });

  it('stops those who wait for their turn at once', async () => {
    const { time, first } = processes(1);
    await first.take(token, path);
    await first.take(token, path);
    const waiting = [1, 2, 3].map(() => outcomeOf(first.take(token, path)));
    await time.advance(1);
    await first.heed(token, path, throttled(30_000));
    await settle();
    expect(waiting.map(({ at }) => at)).toStrictEqual(['rejected', 'rejected', 'rejected']);
    expect(time.sleeping()).toBe(0);
  });

  it('is written once, however many answers say the same', async () => {
    const store = new MemoryPacing();
    const { first } = processes(1, store);
    await Promise.all([1, 2, 3].map(() => first.heed(token, path, throttled(30_000))));
    await first.heed(token, path, throttled(20_000));
    expect(store.calls.announce).toBe(1);
  });

  it('is followed by a minute in which nobody goes without a share', async () => {
    const store = new MemoryPacing();
    const { time, first, second } = processes(2, store);
    await first.heed(token, path, throttled(30_000));
    await time.advance(30_000);
    await Promise.all([first.take(token, path), second.take(token, path), time.advance(3_000)]);
    expect(store.calls.take).toBe(2);
    await time.advance(60_000);
    await second.take(token, path);
    expect(store.calls.take).toBe(2);
  });

  it('that cannot be announced is in the log, stops this process, and hides nothing', async () => {
    const store = new MemoryPacing();
    store.announce = async () => Promise.reject(new Error('the table is away'));
    const { first, logged } = processes(1, store);
    await first.heed(token, path, throttled(30_000));
    expect(logged).toMatchObject([
      { prefix: '/threats', httpStatus: 429, reason: 'Error: the table is away' },
    ]);
    await expect(first.take(token, path)).rejects.toMatchObject({ code: 'paused' });
  });
});

describe('a store that fails', () => {
  it('fails the request, and the next one asks it again', async () => {
    const store = new MemoryPacing();
    const { time, first } = processes(1, store);
    await first.take(token, path);
    const { take } = store;
    store.take = async () => Promise.reject(new Error('the table is away'));
    await expect(first.take(token, path)).rejects.toThrow('the table is away');
    store.take = take;
    await first.take(token, path);
    const { pause } = store;
    store.pause = async () => Promise.reject(new Error('the table is away'));
    await time.advance(1_000);
    await expect(first.take(token, path)).rejects.toThrow('the table is away');
    store.pause = pause;
    await first.take(token, path);
  });
});

describe('a signal', () => {
  it('ends a wait for a turn, holds up nobody behind, and leaves no timer', async () => {
    const { time, first } = processes(1);
    const slow = '/dv/query-status';
    await first.take(token, slow);
    const abort = new AbortController();
    const leaving = [1, 2].map(() => outcomeOf(first.take(token, slow, abort.signal)));
    const staying = outcomeOf(first.take(token, slow));
    await settle();
    abort.abort(new Error('deadline'));
    await settle();
    expect(leaving).toMatchObject([
      { at: 'rejected', error: { message: 'deadline' } },
      { at: 'rejected', error: { message: 'deadline' } },
    ]);
    await time.advance(1_250);
    expect(staying.at).toBe('resolved');
    expect(time.sleeping()).toBe(0);
  });

  it('ends the wait for a short pause', async () => {
    const { time, first } = processes(1);
    await first.heed(token, path, throttled(1_500));
    const abort = new AbortController();
    const waiting = outcomeOf(first.take(token, path, abort.signal));
    await settle();
    abort.abort(new Error('deadline'));
    await settle();
    expect(waiting).toMatchObject({ at: 'rejected', error: { message: 'deadline' } });
    expect(time.sleeping()).toBe(0);
  });

  it('that is aborted already asks nothing', async () => {
    const store = new MemoryPacing();
    const { first } = processes(1, store);
    await expect(first.take(token, path, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
    expect(store.calls).toStrictEqual({ pause: 0, announce: 0, take: 0 });
  });
});

it('forgets the budget that was unused for longest, but none that somebody waits for', async () => {
  const store = new MemoryPacing();
  const { time, first } = processes(1, store, { maxBudgets: 1 });
  const slow = '/dv/query-status';
  await first.take(token, slow);
  const waiting = first.take(token, slow);
  await settle();
  await first.take(token, '/threats');
  await time.advance(1_250);
  await waiting;
  await first.take(token, '/agents');
  // Forgotten with its pause: it is read again.
  const reads = store.calls.pause;
  await first.take(token, '/threats');
  expect(store.calls.pause).toBe(reads + 1);
});
