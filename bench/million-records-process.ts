import { readListBody } from '../shared/sentinelone/envelope.ts';
import { listOnly } from '../test/support/list-only.ts';
import { runEngine } from './engine-run.ts';
import { smallThreat } from './small-threat.ts';

/** What the run of one process did and needed. */
export interface ManyRecords {
  readonly records: number;
  /** Of a vendor's object as text. */
  readonly recordBytes: number;
  readonly puts: number;
  readonly putMb: number;
  readonly stateWrites: number;
  readonly slices: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

const pageSize = 1_000;
const since = Date.parse('2026-11-23T12:00:00Z');
/** A million a day, however many they are. */
const stepMs = 86.4;
/** As if the console answered in 600 ms, so that there are as many slices as a worker would need. */
const pageMs = 600;

const count = Number(process.argv[2]);
const template = smallThreat();
let now = since + count * stepMs + 3_600_000;

const session = {
  hostUrl: 'https://bench.sentinelone.net',
  now: () => now,
  api: listOnly(async (_path, params) => {
    now += pageMs;
    const begin = params['cursor'] ?? Math.ceil((timeOf(params['updatedAt__gte']) - since) / stepMs);
    const first = Number(begin);
    const end = Math.min(count, Math.ceil((timeOf(params['updatedAt__lt']) - since) / stepMs));
    const last = Math.min(end, first + pageSize);
    const data = Array.from({ length: Math.max(0, last - first) }, (_, i) => threatText(first + i)).join(',');
    const nextCursor = last < end ? `"${last}"` : 'null';
    const text = `{"data":[${data}],"pagination":{"nextCursor":${nextCursor}}}`;
    return readListBody(Buffer.from(text), 'GET /threats', []);
  }),
};

const before = process.cpuUsage();
const run = await runEngine({
  contentType: 'threats',
  session,
  clock: { now: () => now },
  since,
  sliceMs: 100_000,
});
const { user, system } = process.cpuUsage(before);
const result: ManyRecords = {
  records: run.totals.records,
  recordBytes: threatText(0).length,
  puts: run.puts,
  putMb: Math.round(run.putBytes / 1e6),
  stateWrites: run.stateWrites,
  slices: run.slices,
  cpuMs: Math.round((user + system) / 1000),
  peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.send?.(result);

function timeOf(text: string | undefined): number {
  return Date.parse(text ?? '');
}

function threatText(index: number): string {
  return template(String(1_000_000_000_000_000 + index), since + index * stepMs);
}
