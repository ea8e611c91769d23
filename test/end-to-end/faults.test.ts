import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningConsole, startConsole } from '../../local/console/console.ts';
import type { FaultProfile } from '../../local/console/server/faults/profiles.ts';
import { contentType } from '../../shared/content-types/registry.ts';
import { type ConsoleSession, runSlice, type SliceDependencies } from '../../shared/engine/slice.ts';
import { streamName } from '../../shared/engine/stream.ts';
import { createSentinelOneApi } from '../../shared/sentinelone/api.ts';
import { ConsoleClock } from '../../shared/sentinelone/console-clock.ts';
import { createTransport } from '../../shared/sentinelone/transport.ts';
import { compareStream } from '../lake-truth/compare.ts';
import { listOnly } from '../support/list-only.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryLake } from '../support/memory/memory-lake.ts';
import { MemoryMemory } from '../support/memory/memory-memory.ts';
import { MemoryQueue } from '../support/memory/memory-queue.ts';
import { MemoryStreams } from '../support/memory/memory-streams.ts';

const epoch = '2026-11-24T12:00:00Z';
const hourMs = 3_600_000;
let console: RunningConsole | undefined;

afterEach(() => console?.close());

/** The engine and the real client against the simulator over HTTP, with one clock for all of them that only we move. */
async function world(profiles: readonly FaultProfile[], seed: number) {
  const clock = new ManualClock(epoch);
  const simulator = await startConsole({
    seed,
    epochMs: clock.now(),
    threats: 900,
    agents: 300,
    historyMs: 6 * hourMs,
    burst: 60,
    clock,
    profiles,
    rateLimitScale: 'off',
  });
  console = simulator;
  const streams = new MemoryStreams();
  const lake = new MemoryLake();
  const queue = new MemoryQueue();
  const api = createSentinelOneApi({
    origin: simulator.url,
    apiToken: simulator.tokens.admin,
    transport: createTransport({ policy: { suffixes: [], loopback: true }, clock }),
    // The real one would wait for a clock that stands still; the rate limits are off.
    pacer: { take: async () => undefined, heed: async () => undefined },
    clock,
    consoleClock: new ConsoleClock(clock),
  });
  const session: ConsoleSession = {
    hostUrl: simulator.url,
    now: () => clock.now(),
    // Small pages, so that there are many of them.
    api: listOnly((path, params, signal) => api.list(path, { ...params, limit: '30' }, signal)),
  };
  const ignore = () => undefined;
  const dependencies: SliceDependencies = {
    clock,
    random: () => 0.5,
    letIoProceed: async () => undefined,
    sleep: async (ms) => void clock.advance(ms),
    log: { info: ignore, warn: ignore, error: ignore },
    streams,
    memory: new MemoryMemory(),
    lake,
    queue,
    findContentType: (id) => contentType(id),
    openConsole: async () => session,
    batchLimits: { bytes: 100_000, pages: 3 },
    leaseMs: 150_000,
    claimMs: 900_000,
  };
  return { clock, simulator, streams, lake, queue, dependencies };
}

/** Works as queue and schedule would, until everything before `until` is in the lake. */
async function collect(of: Awaited<ReturnType<typeof world>>, type: string, until: number): Promise<number> {
  const { clock, streams, queue, dependencies } = of;
  const id = { tenant: 'demo', connector: 'edr', contentType: type };
  let slices = 0;
  const stream = () => {
    const row = streams.rows.get(streamName(id));
    if (row === undefined) throw new Error('The stream is gone.');
    return row.stream;
  };
  while (stream().watermark < until) {
    if (++slices > 500) throw new Error(`After 500 slices: ${JSON.stringify(stream())}`);
    await runSlice(
      {
        message: { version: 1, stream: id },
        receives: 1,
        owner: `w${slices}`,
        deadline: clock.now() + 90_000,
        signal: new AbortController().signal,
      },
      dependencies,
    );
    const sent = queue.sent.pop();
    const nextDueAt = stream().nextDueAt ?? Number.POSITIVE_INFINITY;
    clock.time =
      sent === undefined ? Math.max(nextDueAt, clock.now()) : clock.now() + sent.delaySeconds * 1000;
    // Connections that the console cut are closed in their own time.
    await delay(0);
  }
  return slices;
}

const profiles: readonly FaultProfile[] = [
  'throttle-storm',
  'server-errors',
  'refused-cursors',
  'mutation',
  'late-records',
  'nulls',
];

describe.each([[[]], ...profiles.map((profile) => [[profile]]), [profiles]] as [FaultProfile[]][])(
  'a console that plays %j',
  (played) => {
    it.each(['agents', 'threats'])('loses and doubles nothing of %s', async (type) => {
      const of = await world(played, 7);
      const since = of.clock.now() - 5 * hourMs;
      await of.streams.ensureStream(
        { tenant: 'demo', connector: 'edr', contentType: type },
        {
          since,
          settings: {
            tenantName: 'Demo',
            connectorName: 'EDR',
            intervalMs: 300_000,
            siteIds: [],
            accountIds: [],
          },
          nextDueAt: of.clock.now(),
          now: of.clock.now(),
        },
      );

      const slices = await collect(of, type, of.clock.now() + 10 * 60_000);

      const [stream] = await of.streams.streams('demo', 'edr');
      if (stream === undefined) throw new Error('The stream is gone.');
      const { problems, lines, required } = await compareStream(
        (prefix) => linesOf(of.lake, prefix),
        { ...stream.id, since, watermark: stream.watermark },
        of.simulator.truth(type === 'agents' ? 'agents' : 'threats', since, of.clock.now()),
      );
      expect(problems).toStrictEqual([]);
      expect(lines).toBeGreaterThan(50);
      // Where everything changes all the time, hardly anything older than a minute is still shown.
      if (!played.includes('mutation')) expect(required).toBeGreaterThan(100);
      expect(stream.totals.records).toBe(lines);
      if (played.includes('throttle-storm') || played.includes('server-errors')) {
        expect(stream.totals.throttled).toBeGreaterThan(3);
        expect(slices).toBeGreaterThan(3);
      }
    });
  },
);

function* linesOf(lake: MemoryLake, prefix: string) {
  for (const [key, { lines }] of lake.entries) {
    if (key.startsWith(`${prefix}/`)) for (const text of lines) yield { key, text };
  }
}
