import { runSlice, type SliceDependencies, type SliceOutcome } from '../../shared/engine/slice.ts';
import type { Stream, StreamId } from '../../shared/engine/stream.ts';
import { itemContentType } from './item-content-type.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryConsole } from './memory/memory-console.ts';
import { MemoryLake } from './memory/memory-lake.ts';
import { MemoryMemory } from './memory/memory-memory.ts';
import { MemoryQueue } from './memory/memory-queue.ts';
import { MemoryStreams } from './memory/memory-streams.ts';

export const itemStream: StreamId = { tenant: 'acme', connector: 'edr', contentType: 'items' };

/** An engine over memory: one stream of items, due since `since`. Defaults to pages of 10 and batches of 2 pages. */
export async function engineWorld(options: {
  since: string;
  now: string;
  pageSize?: number;
  batchPages?: number;
}) {
  const clock = new ManualClock(options.now);
  const streams = new MemoryStreams();
  const memory = new MemoryMemory();
  const lake = new MemoryLake();
  const queue = new MemoryQueue();
  const console = new MemoryConsole();
  const contentType = itemContentType(options.pageSize ?? 10);
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const dependencies: SliceDependencies = {
    clock,
    random: () => 0.5,
    letIoProceed: async () => undefined,
    sleep: async (ms) => void clock.advance(ms),
    log: { info: note, warn: note, error: note },
    streams,
    memory,
    lake,
    queue,
    findContentType: (id) => (id === contentType.id ? contentType : undefined),
    openConsole: async () => ({
      hostUrl: 'https://acme.sentinelone.net',
      api: console,
      now: () => clock.now(),
    }),
    batchLimits: { bytes: 8_000_000, pages: options.batchPages ?? 2 },
    leaseMs: 150_000,
    claimMs: 900_000,
  };
  await streams.ensureStream(itemStream, {
    since: Date.parse(options.since),
    settings: { tenantName: 'Acme', connectorName: 'EDR', intervalMs: 300_000, siteIds: [], accountIds: [] },
    nextDueAt: clock.now(),
    now: clock.now(),
  });
  let slices = 0;
  return {
    clock,
    streams,
    memory,
    lake,
    queue,
    console,
    contentType,
    logged,
    dependencies,
    /** Runs one slice that has `budgetMs` of clock time. */
    slice: (
      overrides: Partial<SliceDependencies> = {},
      budgetMs = 100_000,
      receives = 1,
    ): Promise<SliceOutcome> =>
      runSlice(
        {
          message: { version: 1, stream: itemStream },
          receives,
          owner: `worker-${++slices}`,
          deadline: clock.now() + budgetMs,
          signal: new AbortController().signal,
        },
        { ...dependencies, ...overrides },
      ),
    stream: (): Stream => {
      const row = streams.rows.get('acme/edr/items');
      if (row === undefined) throw new Error('The stream is gone.');
      return row.stream;
    },
    /** Ids in the lake's index, in the order of the keys, with repetitions. */
    idsInLake: (index: 'syslog' | 'alerts' = 'syslog'): string[] =>
      [...lake.entries]
        .filter(([key]) => key.includes(`/index=${index}/`))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, { lines }]) => lines.map((line) => String(JSON.parse(line).id))),
  };
}

/** `count` items, `stepMs` apart, beginning at `from`. Ids sort as the items do. */
export function items(
  count: number,
  from: string,
  stepMs: number,
  prefix = 'i',
): { id: string; updatedAt: string }[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${prefix}${String(i).padStart(6, '0')}`,
    updatedAt: new Date(Date.parse(from) + i * stepMs).toISOString(),
  }));
}
