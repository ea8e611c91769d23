import type { ContentType } from '../../shared/content-types/content-type.ts';
import type { Reading } from '../../shared/engine/reading.ts';
import { runSlice, type SliceDependencies, type SliceOutcome } from '../../shared/engine/slice.ts';
import type { Stream, StreamId } from '../../shared/engine/stream.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { SentinelOneApi } from '../../shared/ports.ts';
import { itemContentType } from './item-content-type.ts';
import type { ManualClock } from './manual-clock.ts';
import { MemoryLake } from './memory/memory-lake.ts';
import { MemoryMemory } from './memory/memory-memory.ts';
import { MemoryQueue } from './memory/memory-queue.ts';
import { MemoryStreams } from './memory/memory-streams.ts';

export const readingStream: StreamId = { tenant: 'acme', connector: 'edr', contentType: 'items' };

export interface ReadingWorldOptions {
  readonly clock: ManualClock;
  readonly api: SentinelOneApi;
  readonly reading: Reading;
  readonly since: number;
  readonly identity: ContentType['identity'];
  readonly options?: JsonObject;
  /** Pages of a batch; 3 where absent. */
  readonly batchPages?: number;
  readonly intervalMs?: number;
  /** May change what the slices touch. */
  readonly dependencies?: (usual: SliceDependencies) => Partial<SliceDependencies>;
}

/** The engine over memory with one stream that is read by any reading. Only the world moves the clock. */
export async function readingWorld(options: ReadingWorldOptions) {
  const { clock, api, reading, since, identity } = options;
  const streams = new MemoryStreams();
  const lake = new MemoryLake();
  const queue = new MemoryQueue();
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const { derived, ...items } = itemContentType(10);
  const contentType: ContentType = { ...items, reading, identity };
  const usual: SliceDependencies = {
    clock,
    random: () => 0.5,
    letIoProceed: async () => undefined,
    sleep: async (ms) => void clock.advance(ms),
    log: { info: note, warn: note, error: note },
    streams,
    memory: new MemoryMemory(),
    lake,
    queue,
    findContentType: (id) => (id === contentType.id ? contentType : undefined),
    openConsole: async () => ({ hostUrl: 'https://acme.sentinelone.net', api, now: () => clock.now() }),
    batchLimits: { bytes: 8_000_000, pages: options.batchPages ?? 3 },
    leaseMs: 150_000,
    claimMs: 900_000,
  };
  const dependencies = { ...usual, ...options.dependencies?.(usual) };
  const { intervalMs = 300_000 } = options;
  await streams.ensureStream(readingStream, {
    since,
    settings: {
      tenantName: 'Acme',
      connectorName: 'EDR',
      intervalMs,
      siteIds: [],
      accountIds: [],
      ...(options.options === undefined ? {} : { options: options.options }),
    },
    nextDueAt: clock.now(),
    now: clock.now(),
  });
  let slices = 0;

  function stream(): Stream {
    const row = streams.rows.get('acme/edr/items');
    if (row === undefined) throw new Error('The stream is gone.');
    return row.stream;
  }

  /** One slice at the time at which queue or schedule would begin it. */
  async function work(): Promise<SliceOutcome> {
    const sent = queue.sent.length;
    const message = { version: 1, stream: readingStream } as const;
    const owner = `w${++slices}`;
    const signal = new AbortController().signal;
    const outcome = await runSlice(
      { message, receives: 1, owner, deadline: clock.now() + 90_000, signal },
      dependencies,
    );
    const [next] = queue.sent.slice(sent);
    const dueAt = stream().nextDueAt ?? Number.POSITIVE_INFINITY;
    clock.time = Math.max(clock.now(), next === undefined ? dueAt : clock.now() + next.delaySeconds * 1000);
    return outcome;
  }

  return {
    lake,
    streams,
    queue,
    logged,
    stream,
    work,
    /** Works until everything before `until` is in the lake. */
    async collect(until: number, mostSlices = 1_000): Promise<readonly SliceOutcome[]> {
      const outcomes: SliceOutcome[] = [];
      while (stream().watermark < until) {
        if (outcomes.length >= mostSlices)
          throw new Error(`After ${mostSlices} slices: ${JSON.stringify(stream())}`);
        outcomes.push(await work());
      }
      return outcomes;
    },
    /** The records in the lake, in the order of their entries, each with its entry's key. */
    records: (): readonly (JsonObject & { readonly key: string })[] =>
      [...lake.entries]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([key, { lines }]) => lines.map((line) => ({ ...JSON.parse(line), key }))),
  };
}
