import type { Clock } from '../../../shared/ports.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that only moves when the test says so, and a sleep that goes by it. */
export function fakeTime(startMs = 0) {
  let now = startMs;
  const sleepers = new Set<Sleeper>();
  const clock: Clock = { now: () => now };

  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { until: now + ms, wake: resolve };
      sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        if (sleepers.delete(sleeper)) reject(signal.reason);
      });
    });
  }

  /** Lets everything happen that is due until `ms` from now, in its order. */
  async function advance(ms: number): Promise<void> {
    const end = now + ms;
    await settle();
    for (;;) {
      const next = [...sleepers].sort((a, b) => a.until - b.until).find(({ until }) => until <= end);
      if (!next) break;
      sleepers.delete(next);
      now = Math.max(now, next.until);
      next.wake();
      await settle();
    }
    now = end;
  }

  /** Moves the clock without waking anybody: timers are late, as on a busy machine. Negative: it is set back. */
  function jump(ms: number): void {
    now += ms;
  }

  return { clock, sleep, advance, jump, sleeping: () => sleepers.size };
}

/** All promises that can go on without time passing have gone on. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
