/**
 * `npm run test:laws`: the simulations over many seeds, in parallel processes: the one of collecting data, then the one of response
 * actions, then the requests for such. `-- --only actions` runs one of them, `-- --only actions --seed N` tells the story of one seed.
 * Exit code 0: every law held. 1: one was broken; its seed and shortest trace are printed. 2: wrong usage.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { shortestRun } from './simulation/shortest-run.ts';
import { type SimulationName, simulationNames, simulations } from './simulations.ts';

const options = readOptions();
if (options.child) await serve();
else if (options.seed !== undefined) await tell(options.only ?? 'collection', options.seed);
else
  for (const name of options.only === undefined ? simulationNames : [options.only])
    await runAll(name, options);

interface Options {
  readonly child: boolean;
  readonly only: SimulationName | undefined;
  readonly seed: number | undefined;
  /** How many; as many as the simulation has usually where absent. */
  readonly seeds: number | undefined;
  readonly from: number;
  readonly processes: number;
  readonly keepGoing: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '1' },
      processes: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
      only: { type: 'string' },
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
  const only = simulationNames.find((name) => name === values.only);
  if (only === undefined && values.only !== undefined) {
    console.error(`--only must be one of ${simulationNames.join(', ')}, not ${JSON.stringify(values.only)}.`);
    process.exit(2);
  }
  return {
    child: values.child,
    only,
    seed: values.seed === undefined ? undefined : number('seed'),
    seeds: values.seeds === undefined ? undefined : number('seeds'),
    from: number('from'),
    processes: number('processes'),
    keepGoing: values['keep-going'],
  };
}

/** What a child is asked for. */
interface Job {
  readonly name: SimulationName;
  readonly seed: number;
}

/** A child runs the seeds that it is sent, one after the other. */
async function serve(): Promise<void> {
  process.on('message', async ({ name, seed }: Job) => {
    const { violation, trace: _, ...run } = await simulations[name].run(seed);
    process.send?.({ run, broken: violation?.message });
  });
  process.on('disconnect', () => process.exit(0));
}

async function runAll(name: SimulationName, options: Options): Promise<void> {
  const { from, processes, keepGoing, seeds = simulations[name].seeds } = options;
  const tally = simulations[name].tally();
  const failed: number[] = [];
  let next = from;
  const end = from + seeds;
  await Promise.all(
    Array.from({ length: processes }, async () => {
      const child = fork(import.meta.filename, ['--child']);
      try {
        while (next < end && (keepGoing || failed.length === 0)) {
          const seed = next++;
          const answer = Promise.withResolvers<{ run: never; broken?: string }>();
          child.once('message', answer.resolve);
          child.once('exit', () => answer.reject(new Error(`The process died on seed ${seed}.`)));
          child.send({ name, seed } satisfies Job);
          const { broken, run } = await answer.promise;
          child.removeAllListeners('exit');
          tally.add(run);
          if (broken !== undefined) {
            failed.push(seed);
            console.log(`seed ${seed} breaks ${broken}`);
          }
          if (tally.runs % (simulations[name].seeds / 10) === 0)
            console.log(`${name}: ${tally.runs} seeds, ${failed.length} broken`);
        }
      } finally {
        // One that has died is not there any more.
        if (child.connected) child.disconnect();
      }
    }),
  );
  console.log(JSON.stringify(tally.summary()));
  console.log(
    failed.length === 0
      ? `${name}: ${tally.runs} seeds from ${from}: ${simulations[name].allWell}`
      : `${name}: ${tally.runs} seeds from ${from}: ${failed.length} broke a law: ${failed.join(', ')}`,
  );
  const [first] = failed;
  if (first !== undefined) await tell(name, first);
}

/** Prints a seed's run; the shortest one that breaks the law, where it breaks one. */
async function tell(name: SimulationName, seed: number): Promise<void> {
  const { run: runSeed, strikes } = simulations[name];
  const whole = await runSeed(seed, { isTraced: true });
  const run = whole.violation === undefined ? whole : await shortestRun(whole, runSeed);
  for (const line of run.trace) console.log(line);
  const struck = run.strikes.map(({ kind }) => kind).join(', ') || 'none';
  console.log(`${name} seed ${seed}: ${run.steps} steps, ${strikes}: ${struck}`);
  if (run.violation === undefined) {
    console.log(`seed ${seed} breaks no law`);
    return;
  }
  console.log(`seed ${seed} breaks ${run.violation.message}`);
  process.exitCode = 1;
}
