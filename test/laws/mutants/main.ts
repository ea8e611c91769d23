/**
 * `npm run test:mutants`: puts one fault after the other into a copy of the source and expects the laws, or the tests of the
 * part that it is in, to notice. Prints who was killed by what. Exit code 0: all were killed.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SimulationName } from '../simulations.ts';
import { allMutants } from './all-mutants.ts';
import type { Edit, Mutant } from './mutants.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../..');
const copied = [
  'shared',
  'functions',
  'infra',
  'local',
  'test',
  'package.json',
  'vitest.config.ts',
  'tsconfig.json',
];
/** As many as it takes to be sure; most die within the first hundred. */
const mostSeeds = 3_000;
/** A fault that makes the program hang is no use: nobody can say what noticed it. */
const mostMs = 600_000;

interface Death {
  readonly mutant: string;
  /** What noticed: a seed and the law that it saw broken, or a test. Undefined: it lives. */
  readonly killedBy: string | undefined;
}

const wanted = process.argv.slice(2);
const chosen = allMutants.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
for (const { name, edits } of chosen) for (const edit of edits) await edited(edit, root, name);
const deaths: Death[] = [];
const waiting = [...chosen];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const death = { mutant: mutant.name, killedBy: await killerOf(mutant).catch(noVerdict) };
      deaths.push(death);
      console.log(
        `${death.killedBy === undefined ? 'LIVES ' : 'killed'}  ${death.mutant}: ${death.killedBy ?? ''}`,
      );
    }
  }),
);
const alive = deaths.filter(({ killedBy }) => killedBy === undefined);
console.log(`${deaths.length} mutants, ${deaths.length - alive.length} killed, ${alive.length} alive`);
if (alive.length > 0 || deaths.length === 0) process.exitCode = 1;

/** Counts as alive, and the others go on. */
function noVerdict(error: unknown): undefined {
  console.error(error);
}

async function killerOf(mutant: Mutant): Promise<string | undefined> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-mutant-'));
  try {
    for (const name of copied)
      await cp(path.join(root, name), path.join(directory, name), { recursive: true });
    await symlink(path.join(root, 'node_modules'), path.join(directory, 'node_modules'));
    for (const edit of mutant.edits) await apply(edit, directory, mutant.name);
    const { killers } = mutant;
    if (killers === 'laws') return await brokenLaw(directory, 'collection');
    return killers === 'action laws'
      ? await brokenLaw(directory, 'actions')
      : await failedTest(directory, killers);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function apply(edit: Edit, directory: string, mutant: string): Promise<void> {
  await writeFile(path.join(directory, edit.file), await edited(edit, directory, mutant));
}

/** The source with the fault in it. Throws where the place for it is not there, or not once. */
async function edited({ file, from, to }: Edit, directory: string, mutant: string): Promise<string> {
  const source = await readFile(path.join(directory, file), 'utf8');
  const count = source.split(from).length - 1;
  if (count !== 1) throw new Error(`${mutant}: ${file} has ${count} places like this one:\n${from}`);
  return source.replace(from, () => to);
}

/** The first seed that a law is broken on. */
async function brokenLaw(directory: string, simulation: SimulationName): Promise<string | undefined> {
  const output = await outputOf(directory, [
    'test/laws/main.ts',
    '--only',
    simulation,
    '--seeds',
    String(mostSeeds),
    '--processes',
    '1',
  ]);
  if (output === undefined) return undefined;
  const broken = /^seed \d+ breaks .*$/m.exec(output)?.[0];
  if (broken === undefined) throw new Error(`The simulation did not run:\n${output}`);
  return broken.slice(0, 140);
}

async function failedTest(directory: string, files: readonly string[]): Promise<string | undefined> {
  const vitest = 'node_modules/vitest/vitest.mjs';
  const output = await outputOf(directory, [vitest, 'run', '--reporter=default', '--no-color', ...files]);
  if (output === undefined) return undefined;
  const failed = /^ FAIL {2}(.*)$/m.exec(output)?.[1];
  if (failed === undefined || !/Tests .*failed/.test(output))
    throw new Error(`The tests did not run:\n${output}`);
  return failed;
}

/** What the program wrote, or undefined where it ended well. */
async function outputOf(directory: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await run(process.execPath, [...args], {
      cwd: directory,
      maxBuffer: 64 * 1024 * 1024,
      timeout: mostMs,
      killSignal: 'SIGKILL',
    });
    return undefined;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `${stdout}\n${stderr}`;
  }
}
