import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from '../local/console/world/world.ts';
import { GzipBody } from '../shared/aws/gzip-body.ts';
import { contentType } from '../shared/content-types/registry.ts';
import { runSlice } from '../shared/engine/slice.ts';
import { isObject, type Json } from '../shared/json.ts';
import { parseLossless } from '../shared/sentinelone/lossless-json.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { MemoryQueue } from '../test/support/memory/memory-queue.ts';
import { MemoryStreams } from '../test/support/memory/memory-streams.ts';

const compress = promisify(gzip);
const epochMs = Date.parse('2026-11-24T12:00:00Z');
const pages = 20;
const pageSize = 1000;

/** One figure of the benchmark: CPU milliseconds per 1,000 records, and their ratio to the floor. */
export interface WorkerCpu {
  readonly contentType: string;
  readonly records: number;
  readonly workerMsPer1000: number;
  readonly floorMsPer1000: number;
  readonly ratio: number;
}

/**
 * What the worker's own work costs, without network and AWS: the engine over pages that are already here as text, against
 * parsing, stringifying and compressing the same bytes and nothing else.
 */
export async function measureWorkerCpu(id: 'agents' | 'threats'): Promise<WorkerCpu> {
  const texts = pageTexts(id);
  // The first run of each warms the code up.
  await floor(texts);
  const floorMs = await cpuMs(() => floor(texts));
  await work(id, texts);
  let records = 0;
  const workerMs = await cpuMs(async () => {
    records = await work(id, texts);
  });
  const per1000 = (ms: number) => Math.round((ms / records) * 1000 * 10) / 10;
  return {
    contentType: id,
    records,
    workerMsPer1000: per1000(workerMs),
    floorMsPer1000: per1000(floorMs),
    ratio: Math.round((workerMs / floorMs) * 100) / 100,
  };
}

async function floor(texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const { data }: { data: unknown[] } = JSON.parse(text);
    await compress(data.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }
}

async function work(id: string, texts: readonly string[]): Promise<number> {
  const clock = new ManualClock(epochMs + 3_600_000);
  const streams = new MemoryStreams();
  const stream = { tenant: 'bench', connector: 'bench', contentType: id };
  await streams.ensureStream(stream, {
    since: epochMs,
    settings: { tenantName: 'b', connectorName: 'b', intervalMs: 300_000, siteIds: [], accountIds: [] },
    nextDueAt: epochMs,
    now: epochMs,
  });
  let next = 0;
  const api = {
    async list() {
      const page: Json = parseLossless(texts[next++] ?? '{"data":[]}');
      const data = isObject(page) && Array.isArray(page['data']) ? (page['data'] as Json[]) : [];
      return { data, ...(next < texts.length ? { nextCursor: `c${next}` } : {}) };
    },
  };
  const ignore = () => undefined;
  await runSlice(
    {
      message: { version: 1, stream },
      receives: 1,
      owner: 'bench',
      deadline: Number.POSITIVE_INFINITY,
      signal: new AbortController().signal,
    },
    {
      clock,
      random: Math.random,
      log: { info: ignore, warn: ignore, error: ignore },
      streams,
      // Takes the bytes and forgets them.
      lake: {
        newBody: () => new GzipBody(),
        append: async () => ({ kind: 'appended' }),
        header: async () => undefined,
        lines: async () => [],
      },
      queue: new MemoryQueue(),
      findContentType: contentType,
      openConsole: async () => ({ hostUrl: 'https://bench.sentinelone.net', api, now: () => clock.now() }),
      batchLimits: { bytes: 8_000_000, pages: 10 },
      leaseMs: 1,
      claimMs: 1,
    },
  );
  return streams.rows.get(`bench/bench/${id}`)?.stream.totals.records ?? 0;
}

/** Pages as the simulator would send them, in ascending order of `updatedAt`. */
function pageTexts(id: 'agents' | 'threats'): readonly string[] {
  const count = pages * pageSize;
  const world = build({ seed: 1, epochMs, threats: count, agents: count, historyMs: 3_600_000 });
  const records = world[id];
  const shown = world.shown(records, epochMs);
  const rows = shown.rows({ fromUs: 0, toUs: Number.MAX_SAFE_INTEGER });
  const bodies: string[] = [];
  for (let row = rows.from; row < rows.to && bodies.length < count; row++) {
    if (shown.isShown(row)) bodies.push(JSON.stringify(records.body(row)));
  }
  return Array.from({ length: Math.ceil(bodies.length / pageSize) }, (_, i) => {
    const data = bodies.slice(i * pageSize, (i + 1) * pageSize).join(',');
    return `{"data":[${data}],"pagination":{"nextCursor":null,"totalItems":${bodies.length}}}`;
  });
}

async function cpuMs(task: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
