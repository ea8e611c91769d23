import { describe, expect, it } from 'vitest';
import type { ListPage, ListParams } from '../../shared/ports.ts';
import { throttled } from '../support/memory/memory-console.ts';
import { EvenConsole, evenTimes, quietWorld, runUntil, timesInLake } from './scenarios.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const stream = (connector: string) => ({ tenant: 'acme', connector, contentType: 'items' });

describe('a console that throttles for a day', () => {
  it.each([
    ['without saying how long', undefined],
    ['with a Retry-After of a minute', minuteMs],
    ['with a Retry-After of an hour', hourMs],
  ])(
    '%s: no dead letters, nothing missing, and the status says since when and until when',
    async (_, retryAfterMs) => {
      const world = quietWorld<EvenConsole>({ workers: 3, pageSize: 50 });
      const begin = world.time;
      const since = begin - 10 * minuteMs;
      const refusing = new EvenConsole(minuteMs);
      const requests: number[] = [];
      refusing.before = () => {
        requests.push(world.time);
        throw throttled(retryAfterMs);
      };
      await world.add({ id: stream('refusing'), since, console: refusing });
      await world.add({ id: stream('healthy'), since, console: new EvenConsole(minuteMs) });

      await runUntil(world, begin + dayMs);

      expect(world.queue.deadLetters).toStrictEqual([]);
      const { status } = world.stored(stream('refusing'));
      expect(status).toMatchObject({ health: 'throttled', httpStatus: 429, failures: requests.length });
      expect(status.since).toBeLessThan(begin + minuteMs);
      expect(status.nextTryAt).toBeGreaterThan(world.time - 2 * minuteMs);
      // Never before it was told to, and not much oftener than every eight minutes where it was told nothing.
      const pauses = requests.slice(1).map((at, i) => at - (requests[i] ?? 0));
      if (retryAfterMs !== undefined) expect(Math.min(...pauses)).toBeGreaterThanOrEqual(retryAfterMs);
      expect(requests.length).toBeLessThan(retryAfterMs === minuteMs ? 1_450 : 300);
      const healthy = world.stored(stream('healthy'));
      expect(healthy.watermark).toBeGreaterThan(world.time - 8 * minuteMs);
      expect(healthy.status.health).toBe('ok');

      refusing.before = () => undefined;
      await runUntil(world, begin + dayMs + 3 * hourMs);
      const { watermark, status: after } = world.stored(stream('refusing'));
      expect(after).toMatchObject({ health: 'ok', failures: 0 });
      expect(watermark).toBeGreaterThan(world.time - 8 * minuteMs);
      const inLake = [...timesInLake(world, stream('refusing'))];
      expect(inLake).toStrictEqual([...evenTimes(since, watermark, minuteMs)]);
      const ledger = world.streams.ledgerOf(stream('refusing'));
      const throttledMs = ledger.reduce((sum, entry) => sum + entry.throttledMs, 0);
      expect(throttledMs).toBeGreaterThan(0.9 * dayMs);
    },
  );
});

describe('a stream that is enabled again after a month', () => {
  it('has the present in the lake at once and the month after it, with nothing missing', async () => {
    const world = quietWorld<EvenConsole>({ workers: 1, pageSize: 5 });
    const begin = world.time;
    const since = begin - 30 * dayMs;
    const everyMs = 20 * minuteMs;
    await world.add({ id: stream('back'), since, console: new EvenConsole(everyMs) });

    await runUntil(world, begin + 5 * minuteMs);
    const early = world.stored(stream('back'));
    expect(early.watermark).toBeLessThan(begin - 2 * dayMs);
    expect(early.status.health).toBe('behind');
    expect(early.ahead?.to).toBeGreaterThan(begin - 2 * minuteMs);

    await runUntil(world, begin + 3 * hourMs);
    const { watermark, ahead } = world.stored(stream('back'));
    expect(ahead).toBeUndefined();
    expect(watermark).toBeGreaterThan(world.time - 8 * minuteMs);
    const inLake = [...timesInLake(world, stream('back'))];
    expect(inLake).toStrictEqual([...evenTimes(since, watermark, everyMs)]);
  });
});

describe('a worker that dies on one page each time', () => {
  it('ends in the dead-letter queue, marks its stream, comes back more and more slowly, and stops nobody else', async () => {
    const world = quietWorld<EvenConsole>({ workers: 3, pageSize: 50 });
    const begin = world.time;
    const since = begin - 10 * minuteMs;
    const deadly = new EvenConsole(minuteMs);
    const deaths: number[] = [];
    deadly.before = (die) => {
      deaths.push(world.time);
      die();
    };
    await world.add({ id: stream('deadly'), since, console: deadly });
    await world.add({ id: stream('healthy'), since, console: new EvenConsole(minuteMs) });

    await runUntil(world, begin + 10 * hourMs);

    const { status, attempts } = world.stored(stream('deadly'));
    expect(status).toMatchObject({ health: 'internal', code: 'worker_died' });
    expect(status.recommendation).toContain('log group');
    expect(attempts).toBe(deaths.filter((at) => at > begin + 12 * minuteMs).length);
    expect(world.queue.deadLetters.length).toBeGreaterThan(0);
    expect(world.queue.deadLetters.every(({ receives }) => receives === 5)).toBe(true);
    const inHour = (hour: number) =>
      deaths.filter((at) => at >= begin + hour * hourMs && at < begin + (hour + 1) * hourMs).length;
    // A new message an hour, received five times each.
    expect(inHour(9)).toBeLessThanOrEqual(6);
    const healthy = world.stored(stream('healthy'));
    expect(healthy.watermark).toBeGreaterThan(world.time - 8 * minuteMs);

    // The cause is repaired: the stream comes back by itself, and a redrive of everything changes nothing.
    deadly.before = () => undefined;
    await runUntil(world, begin + 13 * hourMs);
    expect(world.stored(stream('deadly'))).toMatchObject({ attempts: 0, status: { health: 'ok' } });
    const before = timesInLake(world, stream('deadly'));
    expect(world.queue.redrive()).toBeGreaterThan(0);
    await runUntil(world, world.time + 2 * minuteMs);
    const { watermark } = world.stored(stream('deadly'));
    const after = timesInLake(world, stream('deadly'));
    expect(after.slice(0, before.length)).toStrictEqual(before);
    expect([...after]).toStrictEqual([...evenTimes(since, watermark, minuteMs)]);
    expect(world.queue.deadLetters).toStrictEqual([]);
  });

  it.each([20_000, 60_000])(
    'on the backlog does not stop new data, one record every %i ms',
    async (everyMs) => {
      const world = quietWorld<EvenConsole>({ workers: 3, pageSize: 50 });
      const begin = world.time;
      const deaths: number[] = [];
      class DeadlyPast extends EvenConsole {
        override list(path: string, params: ListParams, die: () => void): Promise<ListPage> {
          if (Date.parse(params['updatedAt__gte'] ?? '') < begin - 2 * hourMs) {
            deaths.push(world.time);
            die();
          }
          return super.list(path, params, die);
        }
      }
      await world.add({ id: stream('past'), since: begin - 5 * hourMs, console: new DeadlyPast(everyMs) });

      await runUntil(world, begin + 10 * hourMs);

      const { ahead, status } = world.stored(stream('past'));
      expect(ahead?.to).toBeGreaterThan(world.time - 1.5 * hourMs);
      expect(status).toMatchObject({ health: 'internal', code: 'worker_died' });
      const inLastHour = deaths.filter((at) => at >= begin + 9 * hourMs).length;
      expect(inLastHour).toBeLessThanOrEqual(6);
    },
  );
});
