import { describe, expect, it } from 'vitest';
import { rateLimiter } from '../../local/console/server/rate-limits.ts';
import { ConnectorError } from '../../shared/errors.ts';
import { createSentinelOneApi } from '../../shared/sentinelone/api.ts';
import { ConsoleClock } from '../../shared/sentinelone/console-clock.ts';
import { createPacer } from '../../shared/sentinelone/pacing.ts';
import type { PacingStore } from '../../shared/sentinelone/pacing-store.ts';
import { createSharedPacer } from '../../shared/sentinelone/shared-pacer.ts';
import type { Transport } from '../../shared/sentinelone/transport.ts';
import { MemoryPacing } from '../support/memory/memory-pacing.ts';
import { fakeTime } from '../unit/sentinelone/fake-time.ts';

const start = Date.parse('2026-11-24T10:00:00Z');
const minute = 60_000;
const ignore = () => undefined;
const log = { info: ignore, warn: ignore, error: ignore };
const page = Buffer.from('{"data":[]}');

interface Sent {
  readonly process: number;
  readonly session: number;
  /** When the console got it, milliseconds from the start. */
  readonly at: number;
  readonly refused: boolean;
}

interface WorldOptions {
  readonly path: string;
  readonly processes: number;
  readonly sessions: number;
  /** How long one answer takes, milliseconds. */
  readonly latencyMs: readonly [least: number, most: number];
  /** How long the table takes, there and back each; 1 to 10 where absent. */
  readonly tableMs?: readonly [least: number, most: number];
  /** How long a session works on a page before it asks for the next one. */
  readonly workMs?: number;
  /** The answer to the n-th request (from 1), instead of a page. */
  readonly answer?: (n: number) => { status: number; headers: Record<string, string> } | undefined;
}

/**
 * Processes that know nothing of each other but one pacing store, each with many sessions of one token, that read page after
 * page from a console which counts by its own table. Time is virtual: nothing waits.
 */
function world(options: WorldOptions) {
  const { path, processes, sessions, latencyMs, workMs = 0, tableMs = [1, 10], answer } = options;
  const time = fakeTime(start);
  const random = pseudoRandom(7);
  const never = new AbortController().signal;
  const between = (least: number, most: number) => least + random() * (most - least);
  const pause = (ms: number) => time.sleep(ms, never);
  const store = new MemoryPacing();
  const limiter = rateLimiter(1);
  const sent: Sent[] = [];
  const failures: ConnectorError[] = [];
  let running = true;

  /** DynamoDB is some milliseconds away, and its calls overtake each other. */
  const distant: PacingStore = {
    pause: (budget) => far(() => store.pause(budget)),
    announce: (budget, asked) => far(() => store.announce(budget, asked)),
    take: (budget, request) => far(() => store.take(budget, request)),
  };
  async function far<T>(call: () => Promise<T>): Promise<T> {
    await pause(between(...tableMs));
    const result = await call();
    await pause(between(...tableMs));
    return result;
  }

  const transportOf = (process: number, session: number): Transport => ({
    close: ignore,
    async request() {
      const took = between(...latencyMs);
      await pause(took / 2);
      const at = time.clock.now();
      const throttled = limiter.take('token', path, at);
      sent.push({ process, session, at: at - start, refused: throttled !== undefined });
      const failed = throttled ?? answer?.(sent.length);
      await pause(took / 2);
      const body = failed === undefined ? page : Buffer.from('busy');
      return { status: 200, headers: {}, ...failed, body, complete: true, durationMs: took };
    },
  });

  for (let process = 0; process < processes; process++) {
    const { clock, sleep } = time;
    const local = createPacer({ clock, sleep });
    const pacer = createSharedPacer({ store: distant, clock, sleep, local, log });
    for (let session = 0; session < sessions; session++) {
      const transport = transportOf(process, session);
      const consoleClock = new ConsoleClock(clock);
      const api = createSentinelOneApi({
        origin: 'https://x',
        apiToken: 'token',
        transport,
        pacer,
        clock,
        consoleClock,
      });
      void (async () => {
        while (running) {
          try {
            await api.list(path, {});
            await pause(workMs);
          } catch (error) {
            if (!(error instanceof ConnectorError) || error.retryAfterMs === undefined) throw error;
            failures.push(error);
            await pause(error.retryAfterMs);
          }
        }
      })();
    }
  }
  return {
    sent,
    failures,
    store,
    async run(ms: number) {
      await time.advance(ms);
      running = false;
    },
  };
}

/** Park and Miller's generator. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function countBy<T>(items: readonly T[], key: (item: T) => string): readonly number[] {
  return [...Map.groupBy(items, key).values()].map(({ length }) => length);
}

/** Requests of the busiest second, or of another time. */
function mostWithin(ms: number, sent: readonly Sent[]): number {
  const times = sent.map(({ at }) => at).sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, at] of times.entries()) {
    while ((times[first] ?? at) <= at - ms) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const usual = [100, 900] as const;
const limits = [
  { path: '/threats', perSecond: 10, minutes: 5, latencyMs: usual },
  { path: '/agents', perSecond: 25, minutes: 3, latencyMs: usual },
  { path: '/users', perSecond: 40, minutes: 2, latencyMs: usual },
  // One request at once: answers that overtake each other by more than the reserve could not be helped by anybody.
  { path: '/system/status', perSecond: 1, minutes: 10, latencyMs: [100, 300] as const },
  { path: '/dv/query-status', perSecond: 1, minutes: 10, latencyMs: [100, 300] as const },
  // Three at once: nobody goes without a share here, or all that begin together would be too many.
  { path: '/sdl/v2/api/queries', perSecond: 3, minutes: 5, latencyMs: usual },
];

describe('four processes of ten sessions, all with one token, that read as fast as they may', () => {
  it.each(limits)(
    'are never refused on $path, use at least 70 % of its $perSecond per second, and share it evenly',
    async (limit) => {
      const { path, perSecond, minutes, latencyMs } = limit;
      const of = world({ path, processes: 4, sessions: 10, latencyMs });
      await of.run(minutes * minute);

      expect(of.sent.filter(({ refused }) => refused)).toStrictEqual([]);
      expect(of.sent.length).toBeGreaterThanOrEqual(0.7 * perSecond * minutes * 60);
      expect(mostWithin(10_000, of.sent)).toBeLessThanOrEqual(10 * perSecond);

      const byProcess = countBy(of.sent, ({ process }) => String(process));
      const bySession = countBy(of.sent, ({ process, session }) => `${process} ${session}`);
      expect(Math.min(...byProcess)).toBeGreaterThan(0.8 * (of.sent.length / 4));
      expect(bySession).toHaveLength(40);
      expect(Math.min(...bySession)).toBeGreaterThan(0.6 * (of.sent.length / 40));
    },
  );

  it('all keep the pause that one of them was asked for, and go on after it without being refused', async () => {
    const retryAfterMs = 30_000;
    let askedAt = 0;
    const of = world({
      path: '/agents',
      processes: 4,
      sessions: 10,
      latencyMs: usual,
      answer: (n) => {
        if (n !== 1000) return undefined;
        askedAt = of.sent.at(-1)?.at ?? 0;
        return { status: 429, headers: { 'retry-after': String(retryAfterMs / 1000) } };
      },
    });
    await of.run(3 * minute);

    // It is on its way back for 450 ms at most, 20 ms later it is in the store, a second later everybody has looked there,
    // and what was sent before arrives within 450 ms.
    const knownAt = askedAt + 450 + 20 + 1_000 + 450;
    const late = of.sent.filter(({ at }) => at > knownAt && at < askedAt + retryAfterMs);
    const onTheirWay = of.sent.filter(({ at }) => at > askedAt && at <= knownAt);
    const afterwards = of.sent.filter(({ at }) => at >= askedAt + retryAfterMs);
    expect(late).toStrictEqual([]);
    expect(onTheirWay.length).toBeLessThanOrEqual(25 * 2);
    expect(of.sent.filter(({ refused }) => refused)).toStrictEqual([]);
    expect(new Set(of.failures.map(({ code }) => code))).toStrictEqual(new Set(['throttled', 'paused']));
    expect(of.failures).toHaveLength(40);
    expect(of.store.calls.announce).toBe(1);
    expect(afterwards.length).toBeGreaterThan(
      0.7 * 25 * ((3 * minute - askedAt - retryAfterMs - 10_000) / 1000),
    );
  });
});

describe('processes that start queries, of which one may be started a minute', () => {
  it.each([
    [1, 1],
    [4, 10],
  ])('%i of %i sessions are told to come later, and never come too early', async (processes, sessions) => {
    const of = world({ path: '/dv/init-query', processes, sessions, latencyMs: [100, 300] });
    await of.run(2 * 60 * minute);
    expect(of.sent.filter(({ refused }) => refused)).toStrictEqual([]);
    expect(mostWithin(minute, of.sent)).toBe(1);
    expect(of.sent.length).toBeGreaterThanOrEqual(0.7 * 120);
    expect(new Set(of.failures.map(({ code }) => code))).toStrictEqual(new Set(['rate_limit_taken']));
    // Nobody waits for a minute within a worker, and nobody is sent away for hours.
    expect(Math.max(...of.failures.map(({ retryAfterMs = 0 }) => retryAfterMs))).toBeLessThanOrEqual(110_000);
  });
});

describe('a table that takes longer to answer than a turn lasts', () => {
  it.each([
    ['/dv/init-query', 120, 0.7 * 120],
    ['/dv/query-status', 10, 0.7 * 600],
    ['/sdl/v2/api/queries', 5, 60],
  ])('stops nobody on %s', async (path, minutes, least) => {
    const times = { latencyMs: [100, 150], tableMs: [200, 400], workMs: 1_000 } as const;
    const alone = world({ ...times, path, processes: 1, sessions: 1 });
    await alone.run(minutes * minute);
    const together = world({ ...times, path, processes: 4, sessions: 3 });
    await together.run(minutes * minute);

    expect(alone.sent.length).toBeGreaterThanOrEqual(
      path.startsWith('/dv/query-status') ? 0.3 * least : least,
    );
    expect(together.sent.length).toBeGreaterThanOrEqual(least);
    // Each turn that ran out would be another write.
    expect(alone.store.calls.take).toBeLessThanOrEqual(2 * alone.sent.length + 5);
  });
});

describe('twelve processes with one session each, all with one token', () => {
  it('divide what the console gives by what each can use, and write little for it', async () => {
    const of = world({ path: '/threats', processes: 12, sessions: 1, latencyMs: [500, 800], workMs: 200 });
    await of.run(6 * minute);

    expect(of.sent.filter(({ refused }) => refused)).toStrictEqual([]);
    // By the largest shares alone it would be half of that: one session uses one request a second of the two in them.
    expect(of.sent.length).toBeGreaterThanOrEqual(0.6 * 10 * 360);
    const byProcess = countBy(of.sent, ({ process }) => String(process));
    expect(byProcess).toHaveLength(12);
    expect(Math.min(...byProcess)).toBeGreaterThan(0.75 * (of.sent.length / 12));
    expect(of.store.calls.take).toBeLessThan(of.sent.length / 5);
  });
});
