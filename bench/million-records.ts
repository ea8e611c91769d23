import { forked } from './forked.ts';
import { rounded } from './median.ts';
import type { ManyRecords } from './million-records-process.ts';

/** What a million records of 2 KB cost, and what they do not cost: memory. */
export interface MillionRecords extends ManyRecords {
  /** Per 1,000,000 records; the target is 1,000. Threats write two indices, so it is half of them each. */
  readonly putsPerMillion: number;
  /** Per 1,000,000 records; the target is 1,100. */
  readonly stateWritesPerMillion: number;
  /** Of 10,000 records. */
  readonly smallPeakMb: number;
  /** Peak memory against that of 10,000 records; the target is 1.2. */
  readonly memoryRatio: number;
}

/** Runs the worker's engine over 10,000 and over 1,000,000 threats, each in a process with the worker's own heap limits. */
export async function measureMillionRecords(): Promise<MillionRecords> {
  const small = await run(10_000);
  const large = await run(1_000_000);
  const perMillion = (count: number) => Math.round((count / large.records) * 1_000_000);
  return {
    ...large,
    putsPerMillion: perMillion(large.puts),
    stateWritesPerMillion: perMillion(large.stateWrites),
    smallPeakMb: small.peakMb,
    memoryRatio: rounded(large.peakMb / small.peakMb, 2),
  };
}

async function run(records: number): Promise<ManyRecords> {
  const child = await forked<ManyRecords>('./million-records-process.ts', {
    args: [String(records)],
    // As infra/constructs/connector-function.ts sets them for a worker of 512 MB.
    execArgv: ['--max-old-space-size=256', '--max-semi-space-size=4'],
  });
  await child.end();
  return child.message;
}
