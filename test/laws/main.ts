/**
 * `npm run test:laws`: the simulation over many seeds, in parallel processes. `-- --seed N` tells the story of one seed.
 * Exit code 0: every law held. 1: one was broken; its seed and shortest trace are printed. 2: wrong usage.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Run, runSeed } from './simulation/run-seed.ts';
import { shortestRun } from './simulation/shortest-run.ts';
import { Tally } from './simulation/tally.ts';

const options = readOptions();
if (options.child) await serve();
else if (options.seed !== undefined) await tell(options.seed);
else await runAll(options);

interface Options {
  readonly child: boolean;
  readonly seed: number | undefined;
  readonly seeds: number;
  readonly from: number;
  readonly processes: number;
  readonly keepGoing: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
      processes: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
      'keep-going': { type: 'boolean', default: false },
      child: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'seeds' | 'from' | 'processes' | 'seed'): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value > 0) return value;
    console.error(`--${name} must be a whole number above 0, not ${JSON.stringify(values[name])}.`);
    process.exit(2);
  };
  return {
    child: values.child,
    seed: values.seed === undefined ? undefined : number('seed'),
    seeds: number('seeds'),
    from: number('from'),
    processes: number('processes'),
    keepGoing: values['keep-going'],
  };
}

/** A child runs the seeds that it is sent, one after the other. */
async function serve(): Promise<void> {
  process.on('message', async (seed: number) => {
    const { violation, trace: _, ...rest } = await runSeed(seed);
    process.send?.({ ...rest, broken: violation?.message });
  });
  process.on('disconnect', () => process.exit(0));
}

async function runAll({ seeds, from, processes, keepGoing }: Options): Promise<void> {
  const tally = new Tally();
  const failed: number[] = [];
  let next = from;
  const end = from + seeds;
  await Promise.all(
    Array.from({ length: processes }, async () => {
      const child = fork(import.meta.filename, ['--child']);
      try {
        while (next < end && (keepGoing || failed.length === 0)) {
          const seed = next++;
          const answer = Promise.withResolvers<Omit<Run, 'violation' | 'trace'> & { broken?: string }>();
          child.once('message', answer.resolve);
          child.once('exit', () => answer.reject(new Error(`The process died on seed ${seed}.`)));
          child.send(seed);
          const { broken, ...run } = await answer.promise;
          child.removeAllListeners('exit');
          tally.add(run);
          if (broken !== undefined) {
            failed.push(seed);
            console.log(`seed ${seed} breaks ${broken}`);
          }
          if (tally.runs % 1_000 === 0) console.log(`${tally.runs} seeds, ${failed.length} broken`);
        }
      } finally {
        child.disconnect();
      }
    }),
  );
  console.log(JSON.stringify(tally.summary()));
  console.log(
    failed.length === 0
      ? `${tally.runs} seeds from ${from}: 0 lost, 0 doubled, 0 laws broken`
      : `${tally.runs} seeds from ${from}: ${failed.length} broke a law: ${failed.join(', ')}`,
  );
  const [first] = failed;
  if (first === undefined) return;
  await tell(first);
}

/** Prints a seed's run; the shortest one that breaks the law, where it breaks one. */
async function tell(seed: number): Promise<void> {
  const whole = await runSeed(seed, { isTraced: true });
  const run = whole.violation === undefined ? whole : await shortestRun(whole);
  for (const line of run.trace) console.log(line);
  const faults = run.strikes.map(({ kind }) => kind).join(', ') || 'none';
  console.log(`seed ${seed}: ${run.steps} steps, faults: ${faults}`);
  if (run.violation === undefined) {
    console.log(`seed ${seed} breaks no law`);
    return;
  }
  console.log(`seed ${seed} breaks ${run.violation.message}`);
  process.exitCode = 1;
}
