import { setImmediate } from 'node:timers/promises';
import { GzipBody } from '../shared/aws/gzip-body.ts';
import { contentType } from '../shared/content-types/registry.ts';
import { runSlice } from '../shared/engine/slice.ts';
import { isObject, type Json } from '../shared/json.ts';
import { deriveRecord } from '../shared/records/derive-record.ts';
import { makeRecord } from '../shared/records/make-record.ts';
import { parseLossless } from '../shared/sentinelone/lossless-json.ts';
import { listOnly } from '../test/support/list-only.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { MemoryMemory } from '../test/support/memory/memory-memory.ts';
import { MemoryQueue } from '../test/support/memory/memory-queue.ts';
import { MemoryStreams } from '../test/support/memory/memory-streams.ts';
import { epochMs, recordTexts } from './record-texts.ts';

const pages = 20;
const pageSize = 1000;
/** Of each measurement; the best counts, because others use the cores too. */
const rounds = 3;
const hourMs = 3_600_000;
const hostUrl = 'https://bench.sentinelone.net';
const settings = { tenantName: 'b', connectorName: 'b', intervalMs: 300_000, siteIds: [], accountIds: [] };

/** One figure of the benchmark: CPU milliseconds of all threads per 1,000 records. */
export interface WorkerCpu {
  readonly contentType: string;
  readonly records: number;
  readonly workerMsPer1000: number;
  /** Parsing, stringifying and compressing the bytes that are read. */
  readonly readFloorMsPer1000: number;
  /** Parsing the bytes that are read, stringifying and compressing the bytes that are written, of all indices. */
  readonly writtenFloorMsPer1000: number;
  /** To the first floor: also what the envelope, the normalised fields and a second index add counts as the worker's. */
  readonly ratioToRead: number;
  /** To the second: only what it takes to get from the bytes read to the bytes written. */
  readonly ratioToWritten: number;
}

/**
 * What the worker's own work costs, without network and AWS: the engine over pages that are already here as text, against
 * plain `JSON.parse`, `JSON.stringify` and compression of the same bytes. The same bytes are those that the worker reads
 * and writes (`ratioToWritten`); `ratioToRead` is the stricter figure, and threats cannot come near 1 in it, because they
 * are written into two indices. Both floors compress with the worker's own compressor, so at its level.
 */
export async function measureWorkerCpu(id: 'agents' | 'threats'): Promise<WorkerCpu> {
  const texts = pageTexts(id);
  const read = (text: string) => [dataOf(JSON.parse(text))];
  const written = (text: string) => recordsWritten(id, text);
  // A first run of each warms the code up.
  let best = await measureOnce();
  for (let round = 0; round < rounds; round++) {
    const next = await measureOnce();
    best = {
      worker: Math.min(best.worker, next.worker),
      read: Math.min(best.read, next.read),
      written: Math.min(best.written, next.written),
    };
  }
  const per1000 = (ms: number) => Math.round((ms / (pages * pageSize)) * 1000 * 10) / 10;
  return {
    contentType: id,
    records: pages * pageSize,
    workerMsPer1000: per1000(best.worker),
    readFloorMsPer1000: per1000(best.read),
    writtenFloorMsPer1000: per1000(best.written),
    ratioToRead: Math.round((best.worker / best.read) * 100) / 100,
    ratioToWritten: Math.round((best.worker / best.written) * 100) / 100,
  };

  async function measureOnce() {
    return {
      read: await floorMs(texts, read),
      written: await floorMs(texts, written),
      worker: await cpuMs(() => work(id, texts)),
    };
  }
}

/** @param bodiesOf the objects of each body that is made from a page; making them is not measured */
async function floorMs(
  texts: readonly string[],
  bodiesOf: (text: string) => readonly (readonly Json[])[],
): Promise<number> {
  let total = 0;
  for (const text of texts) {
    const bodies = bodiesOf(text);
    total += await cpuMs(async () => {
      JSON.parse(text);
      for (const records of bodies) {
        const body = new GzipBody();
        for (const record of records) body.add(JSON.stringify(record));
        await body.finish();
      }
    });
  }
  return total;
}

/** What the worker writes for a page, by index, as the plain parser would give it. */
function recordsWritten(id: string, text: string): readonly (readonly Json[])[] {
  const type = contentType(id);
  if (type === undefined) throw new Error(`There is no content type ${id}.`);
  const stream = { tenant: 'bench', connector: 'bench', contentType: id };
  const window = { from: epochMs, to: epochMs + hourMs };
  const source = { stream, settings, hostUrl, window, writeTime: epochMs + hourMs };
  const records = dataOf(parseLossless(text)).map((vendor) => makeRecord(type, vendor, source));
  const derived = records
    .map((record) => deriveRecord(type, record))
    .filter((record) => record !== undefined);
  return [records, derived].map((body) => body.map((record): Json => JSON.parse(JSON.stringify(record))));
}

async function work(id: string, texts: readonly string[]): Promise<void> {
  const clock = new ManualClock(epochMs + hourMs);
  const streams = new MemoryStreams();
  const stream = { tenant: 'bench', connector: 'bench', contentType: id };
  await streams.ensureStream(stream, {
    since: epochMs - hourMs,
    settings,
    nextDueAt: epochMs,
    now: epochMs,
  });
  let next = 0;
  const api = listOnly(async () => {
    const data = dataOf(parseLossless(texts[next++] ?? '{"data":[]}'));
    return { data, ...(next < texts.length ? { nextCursor: `c${next}` } : {}) };
  });
  const ignore = () => undefined;
  const outcome = await runSlice(
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
      letIoProceed: setImmediate,
      sleep: () => Promise.reject(new Error('Nothing waits here.')),
      log: { info: ignore, warn: ignore, error: ignore },
      streams,
      memory: new MemoryMemory(),
      // Takes the bytes and forgets them.
      lake: {
        newBody: () => new GzipBody(),
        append: async () => ({ kind: 'appended' }),
        header: async () => undefined,
        lines: async () => [],
      },
      queue: new MemoryQueue(),
      findContentType: contentType,
      openConsole: async () => ({ hostUrl, api, now: () => clock.now() }),
      batchLimits: { bytes: 8_000_000, pages: 10 },
      leaseMs: 1,
      claimMs: 1,
    },
  );
  const records = streams.rows.get(`bench/bench/${id}`)?.stream.totals.records;
  if (records !== pages * pageSize) {
    throw new Error(`The worker wrote ${records} records of ${pages * pageSize}: ${JSON.stringify(outcome)}`);
  }
}

/** Pages as the simulator would send them. */
function pageTexts(id: 'agents' | 'threats'): readonly string[] {
  const records = recordTexts(id, pages * pageSize);
  return Array.from({ length: pages }, (_, i) => {
    const data = records.slice(i * pageSize, (i + 1) * pageSize).join(',');
    return `{"data":[${data}],"pagination":{"nextCursor":null,"totalItems":${records.length}}}`;
  });
}

function dataOf(page: Json): readonly Json[] {
  const data = isObject(page) ? page['data'] : undefined;
  if (!Array.isArray(data)) throw new Error('A page of the benchmark holds no list.');
  return data;
}

async function cpuMs(task: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
