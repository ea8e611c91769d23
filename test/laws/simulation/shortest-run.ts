import { type Run, runSeed } from './run-seed.ts';

/**
 * The run of a failing seed with as few faults as it takes to break the same law, and with its trace: faults are left out in
 * halves, quarters, and at last one by one, as long as the law is still broken.
 */
export async function shortestRun(failing: Run): Promise<Run> {
  const { seed, violation } = failing;
  if (violation === undefined) throw new Error(`Seed ${seed} breaks no law.`);
  const without = new Set<number>();
  let shortest = failing;
  for (let size = Math.ceil(failing.strikes.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let i = 0; i < shortest.strikes.length; ) {
      const left = shortest.strikes.slice(i, i + size).map(({ number }) => number);
      const run = await runSeed(seed, { without: new Set([...without, ...left]) });
      if (run.violation?.law !== violation.law) {
        i += size;
        continue;
      }
      for (const number of left) without.add(number);
      shortest = run;
    }
  }
  return await runSeed(seed, { without, isTraced: true });
}
