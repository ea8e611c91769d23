import type { Violation } from './violation.ts';

/** What is known of a run that breaks a law. */
interface Failing {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly strikes: readonly { readonly number: number }[];
}

/** Runs a seed again, without some of its faults. */
type RunAgain<Run> = (
  seed: number,
  options: { readonly without: ReadonlySet<number>; readonly isTraced?: boolean },
) => Promise<Run>;

/**
 * The run of a failing seed with as few faults as it takes to break the same law, and with its trace: faults are left out in
 * halves, quarters, and at last one by one, as long as the law is still broken.
 */
export async function shortestRun<Run extends Failing>(failing: Run, runSeed: RunAgain<Run>): Promise<Run> {
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
