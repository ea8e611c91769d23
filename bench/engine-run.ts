import { setImmediate } from 'node:timers/promises';
import { GzipBody } from '../shared/aws/gzip-body.ts';
import { contentType } from '../shared/content-types/registry.ts';
import { type ConsoleSession, runSlice } from '../shared/engine/slice.ts';
import type { StreamTotals } from '../shared/engine/stream.ts';
import type { Clock } from '../shared/ports.ts';
import { MemoryMemory } from '../test/support/memory/memory-memory.ts';
import { MemoryQueue } from '../test/support/memory/memory-queue.ts';
import { MemoryStreams } from '../test/support/memory/memory-streams.ts';

/** What a run of the engine asked of AWS, as its ports count it. */
export interface EngineRun {
  readonly totals: StreamTotals;
  /** Objects, derived ones included. */
  readonly puts: number;
  readonly putBytes: number;
  /** Writes of the stream's item and of the ledger, by the worker. */
  readonly stateWrites: number;
  readonly slices: number;
}

const ignore = () => undefined;

/** For whoever must pass a log and wants none. */
export const silent = { info: ignore, warn: ignore, error: ignore };

/**
 * Runs slices over one stream until it is done: the real engine, with its state in memory and a lake that takes the bytes
 * and forgets them.
 */
export async function runEngine(options: {
  readonly contentType: string;
  readonly session: ConsoleSession;
  readonly clock: Clock;
  /** Where the stream begins, epoch milliseconds. */
  readonly since: number;
  /** Of one slice. Default: one slice has all the time that it needs. */
  readonly sliceMs?: number;
}): Promise<EngineRun> {
  const { session, clock, since, sliceMs = Number.POSITIVE_INFINITY } = options;
  const id = { tenant: 'bench', connector: 'bench', contentType: options.contentType };
  const streams = new CountedStreams();
  await streams.ensureStream(id, {
    since,
    settings: { tenantName: 'b', connectorName: 'b', intervalMs: 300_000, siteIds: [], accountIds: [] },
    nextDueAt: since,
    now: since,
  });
  let puts = 0;
  let putBytes = 0;
  for (let slices = 1; ; slices++) {
    const outcome = await runSlice(
      {
        message: { version: 1, stream: id },
        receives: 1,
        owner: `bench-${slices}`,
        deadline: clock.now() + sliceMs,
        signal: new AbortController().signal,
      },
      {
        clock,
        random: Math.random,
        letIoProceed: setImmediate,
        sleep: () => Promise.reject(new Error('Nothing waits here.')),
        log: silent,
        streams,
        memory: new MemoryMemory(),
        lake: {
          newBody: () => new GzipBody(),
          append: async (_id, _header, body) => {
            puts += 1;
            putBytes += body.length;
            return { kind: 'appended' };
          },
          header: async () => undefined,
          lines: async () => [],
        },
        queue: new MemoryQueue(),
        findContentType: contentType,
        openConsole: async () => session,
        batchLimits: { bytes: 8_000_000, pages: 10 },
        leaseMs: 150_000,
        claimMs: 900_000,
      },
    );
    if (outcome.kind === 'more') continue;
    const [stream] = await streams.streams(id.tenant, id.connector);
    if (outcome.kind !== 'done' || stream === undefined)
      throw new Error(`The slice was ${outcome.kind}: ${JSON.stringify(stream?.status)}`);
    return { totals: stream.totals, puts, putBytes, stateWrites: streams.writes, slices };
  }
}

/** The state table in memory, and how often it was written. */
class CountedStreams extends MemoryStreams {
  writes = 0;

  override acquire(...args: Parameters<MemoryStreams['acquire']>): ReturnType<MemoryStreams['acquire']> {
    this.writes += 1;
    return super.acquire(...args);
  }

  override update(...args: Parameters<MemoryStreams['update']>): ReturnType<MemoryStreams['update']> {
    this.writes += 1;
    return super.update(...args);
  }

  override putLedgerEntry(
    ...args: Parameters<MemoryStreams['putLedgerEntry']>
  ): ReturnType<MemoryStreams['putLedgerEntry']> {
    this.writes += 1;
    return super.putLedgerEntry(...args);
  }
}
