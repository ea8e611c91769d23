import { createConsoles } from '../shared/sentinelone/connect.ts';
import { MemoryPacing } from '../test/support/memory/memory-pacing.ts';
import { runEngine, silent } from './engine-run.ts';
import { forked } from './forked.ts';
import { rounded } from './median.ts';
import { epochMs } from './record-texts.ts';

/**
 * The figure: how much of a slice's wall time is the console's. Waiting is defined as the requests times the console's
 * answering time, over the wall time of the whole slice: what is read, parsed, made and compressed while no request is under
 * way makes it smaller, what happens while the next page is under way does not.
 */
export interface ConsoleWait {
  /** Threats as the simulator makes them (4.7 KB), or of 2 KB. */
  readonly size: 'full' | 'small';
  readonly requests: number;
  readonly records: number;
  readonly answerMs: number;
  readonly wallMs: number;
  /** The target is 0.9. */
  readonly ratio: number;
  /** CPU of the worker over wall time; the rest is waiting. */
  readonly cpuRatio: number;
}

const records = 60_000;
const answerMs = 300;
const startMs = epochMs + 120_000;

/** One slice over an hour of threats in pages of 1,000, with the real client; the state and the lake are in memory. */
export async function measureConsoleWait(size: 'full' | 'small'): Promise<ConsoleWait> {
  const console = await forked<string>('./slow-console-process.ts', {
    args: [String(records), String(answerMs), size],
  });
  try {
    await slice(console.message);
    const before = console.later();
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    const read = await slice(console.message);
    const wallMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpuBefore);
    // The last answer's message may come after the answer itself.
    await new Promise(setImmediate);
    const requests = console.later() - before;
    return {
      size,
      requests,
      records: read,
      answerMs,
      wallMs: Math.round(wallMs),
      ratio: rounded((requests * answerMs) / wallMs, 3),
      cpuRatio: rounded((user + system) / 1000 / wallMs, 3),
    };
  } finally {
    await console.end();
  }
}

/** Returns the records written. The first slice of a process only warms it up. */
async function slice(hostUrl: string): Promise<number> {
  const startedAt = performance.now();
  // The world's hour lies in the past, and the pacing needs a clock that moves.
  const clock = { now: () => Math.floor(startMs + performance.now() - startedAt) };
  const { connect } = createConsoles({
    clock,
    hostPolicy: { suffixes: ['.sentinelone.net'], loopback: true },
    pacing: new MemoryPacing(),
    log: silent,
  });
  const session = connect({ hostUrl, apiToken: 'bench-token' });
  // The console's own clock is the present; the hour is long settled for it.
  const { totals } = await runEngine({
    contentType: 'threats',
    session: { ...session, now: () => clock.now() },
    clock,
    since: epochMs - 3_600_000,
  });
  if (totals.records !== records) throw new Error(`${totals.records} of ${records} records were read.`);
  return totals.records;
}
