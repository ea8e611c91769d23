import { setTimeout as delay } from 'node:timers/promises';
import { type ConsoleOptions, type RunningConsole, startConsole } from '../../local/console/console.ts';
import { contentType } from '../../shared/content-types/registry.ts';
import { type ConsoleSession, runSlice, type SliceDependencies } from '../../shared/engine/slice.ts';
import { type Stream, streamName } from '../../shared/engine/stream.ts';
import type { JsonObject } from '../../shared/json.ts';
import { createSentinelOneApi } from '../../shared/sentinelone/api.ts';
import { ConsoleClock } from '../../shared/sentinelone/console-clock.ts';
import { createPacer } from '../../shared/sentinelone/pacing.ts';
import { createSharedPacer, type SharedPacer } from '../../shared/sentinelone/shared-pacer.ts';
import { createTransport } from '../../shared/sentinelone/transport.ts';
import { type Comparison, compareStream } from '../lake-truth/compare.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryLake } from './memory/memory-lake.ts';
import { MemoryMemory } from './memory/memory-memory.ts';
import { MemoryPacing } from './memory/memory-pacing.ts';
import { MemoryQueue } from './memory/memory-queue.ts';
import { MemoryStreams } from './memory/memory-streams.ts';

export const epoch = '2026-11-24T12:00:00Z';
export const hourMs = 3_600_000;

/** What the world is made of besides the simulator's own options. */
export interface ConsoleWorldOptions {
  readonly console?: Partial<ConsoleOptions>;
  /** Which of the simulator's tokens the connector has; the admin's by default. */
  readonly token?: keyof RunningConsole['tokens'];
  /** Records per page where the engine asks for a full one. */
  readonly pageSize?: number;
  readonly siteIds?: readonly string[];
  readonly accountIds?: readonly string[];
  /** By content type. */
  readonly options?: Readonly<Record<string, JsonObject>>;
  /** True where requests keep to the rate limits, by the product's own pacer over memory. Else nothing waits. */
  readonly isPaced?: boolean;
  /** May change what the slices touch. */
  readonly dependencies?: (usual: SliceDependencies) => Partial<SliceDependencies>;
}

/**
 * The engine and the real client against the simulator over HTTP, with one clock for all of them that only the world moves, and
 * in memory what AWS is for. `close` ends the simulator.
 */
export async function consoleWorld(options: ConsoleWorldOptions = {}) {
  const clock = new ManualClock(epoch);
  const simulator = await startConsole({
    seed: 7,
    epochMs: clock.now(),
    threats: 400,
    agents: 300,
    historyMs: 6 * hourMs,
    burst: 60,
    clock,
    rateLimitScale: 'off',
    ...options.console,
  });
  const streams = new MemoryStreams();
  const memory = new MemoryMemory();
  const lake = new MemoryLake();
  const queue = new MemoryQueue();
  const transport = createTransport({ policy: { suffixes: [], loopback: true }, clock });
  const api = createSentinelOneApi({
    origin: simulator.url,
    apiToken: simulator.tokens[options.token ?? 'admin'],
    transport,
    pacer:
      options.isPaced === true
        ? pacerOver(clock)
        : { take: async () => undefined, heed: async () => undefined },
    clock,
    consoleClock: new ConsoleClock(clock),
  });
  const pageSize = String(options.pageSize ?? 30);
  const session: ConsoleSession = {
    hostUrl: simulator.url,
    now: () => clock.now(),
    api: {
      // Small pages, so that there are many of them.
      list: (path, params, signal) =>
        api.list(path, params['limit'] === '1000' ? { ...params, limit: pageSize } : params, signal),
      request: api.request,
    },
  };
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const usual: SliceDependencies = {
    clock,
    random: () => 0.5,
    letIoProceed: async () => undefined,
    sleep: async (ms) => void clock.advance(ms),
    log: { info: note, warn: note, error: note },
    streams,
    memory,
    lake,
    queue,
    findContentType: contentType,
    openConsole: async () => session,
    batchLimits: { bytes: 100_000, pages: 3 },
    leaseMs: 150_000,
    claimMs: 900_000,
  };
  const dependencies = { ...usual, ...options.dependencies?.(usual) };
  /** When each stream is worked on next. */
  const next = new Map<string, number>();
  let slices = 0;

  const idOf = (type: string) => ({ tenant: 'demo', connector: 'edr', contentType: type });
  function stream(type: string): Stream {
    const row = streams.rows.get(streamName(idOf(type)));
    if (row === undefined) throw new Error(`The stream of ${type} is gone.`);
    return row.stream;
  }

  async function work(type: string): Promise<void> {
    const before = queue.sent.length;
    await runSlice(
      {
        message: { version: 1, stream: idOf(type) },
        receives: 1,
        owner: `w${++slices}`,
        deadline: clock.now() + 90_000,
        signal: new AbortController().signal,
      },
      dependencies,
    );
    const sent = queue.sent.splice(before).at(-1);
    const dueAt = stream(type).nextDueAt ?? Number.POSITIVE_INFINITY;
    next.set(type, sent === undefined ? dueAt : clock.now() + sent.delaySeconds * 1000);
    // Connections that the console cut are closed in their own time.
    await delay(0);
  }

  return {
    clock,
    simulator,
    streams,
    memory,
    lake,
    queue,
    dependencies,
    logged,
    stream,
    work,
    /** When queue or schedule brings the stream up again. */
    nextAt: (type: string) => Math.max(clock.now(), next.get(type) ?? 0),
    close: async () => {
      transport.close();
      await simulator.close();
    },
    /** Makes a stream for each content type, due now. */
    async connect(types: readonly string[], since: number): Promise<void> {
      for (const type of types) {
        const now = clock.now();
        const own = options.options?.[type];
        await streams.ensureStream(idOf(type), {
          since,
          settings: {
            tenantName: 'Demo',
            connectorName: 'EDR',
            intervalMs: 300_000,
            siteIds: options.siteIds ?? [],
            accountIds: options.accountIds ?? [],
            ...(own === undefined ? {} : { options: own }),
          },
          nextDueAt: now,
          now,
        });
        next.set(type, now);
      }
    },
    /** Works as queue and schedule would, until everything before `until` is in the lake. */
    async collect(types: readonly string[], until: number, mostSlices = 2_000): Promise<number> {
      const begun = slices;
      for (;;) {
        const open = types.filter((type) => stream(type).watermark < until);
        const [type] = open.sort((a, b) => (next.get(a) ?? 0) - (next.get(b) ?? 0));
        if (type === undefined) return slices - begun;
        if (slices - begun > mostSlices)
          throw new Error(`After ${mostSlices} slices: ${JSON.stringify(stream(type))}`);
        clock.time = Math.max(clock.now(), next.get(type) ?? 0);
        await work(type);
      }
    },
    /** Compares a stream's part of the lake with what the simulator has shown. */
    compare(type: string, truth: string = type): Promise<Comparison> {
      const { since, watermark } = stream(type);
      return compareStream(
        (prefix) => linesOf(lake, prefix),
        { ...idOf(type), since, watermark, truth },
        simulator.truth(truth, since, clock.now()),
      );
    },
    /** Records of a content type's own index in the lake, in the order of their entries. */
    recordsOf(type: string): readonly JsonObject[] {
      const { index, msgClass } = contentType(type) ?? {};
      // `agents-2026…`, and not `agents-snapshot-2026…`.
      const name = new RegExp(`/index=${index}/msg_class=${msgClass}/.*/edr\\.${type}-\\d{8}T`);
      return [...lake.entries]
        .filter(([key]) => name.test(key))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, { lines }]) => lines.map((line): JsonObject => JSON.parse(line)));
    },
  };
}

/** Who has to wait moves the clock. */
function pacerOver(clock: ManualClock): SharedPacer {
  const sleep = async (ms: number) => clock.advance(ms);
  const ignore = () => undefined;
  return createSharedPacer({
    store: new MemoryPacing(),
    clock,
    sleep,
    local: createPacer({ clock, sleep }),
    log: { info: ignore, warn: ignore, error: ignore },
  });
}

function* linesOf(lake: MemoryLake, prefix: string) {
  for (const [key, { lines }] of lake.entries) {
    if (key.startsWith(`${prefix}/`)) for (const text of lines) yield { key, text };
  }
}
