/**
 * Runs the embedded stack against simulated consoles and does harm to both:
 * `npm run soak -- [--minutes 10] [--rounds N] [--seed N] [--state-dir DIR]`. Prints one JSON line per round and one at
 * the end. Exit code 0 the lake is what the consoles showed, 1 it is not, 2 wrong usage, 130 interrupted.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError, wrongArguments } from '../../local/command/usage-error.ts';
import { synthesize } from '../../local/template/synthesize.ts';
import { longForm } from './forms.ts';
import { runSoak } from './soak.ts';

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string' },
        rounds: { type: 'string' },
        seed: { type: 'string' },
        'state-dir': { type: 'string' },
      },
    });
    return {
      // Without a word it is ten minutes; a number of rounds is a bound of its own.
      minutes: values.minutes ?? (values.rounds === undefined ? '10' : undefined),
      rounds: values.rounds,
      seed: values.seed ?? '1',
      stateDir: values['state-dir'],
    };
  } catch (error) {
    throw wrongArguments(error, 'the head of test/soak/main.ts');
  }
}

function readNumber(option: string, text: string | undefined, whole: boolean): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0) || value > 0xffff_fffe || (whole && !Number.isInteger(value)))
    throw new UsageError(`--${option}: "${text}" is no ${whole ? 'whole ' : ''}number.`);
  return value;
}

function emptyDirectory(dir: string): string {
  mkdirSync(dir, { recursive: true });
  if (readdirSync(dir).length > 0)
    throw new UsageError(`--state-dir: ${dir} is not empty; the consoles of a soak are new ones every time.`);
  return path.resolve(dir);
}

async function main(): Promise<number> {
  const { minutes, rounds, seed, stateDir: named } = readOptions();
  const bounds = {
    harmMs: readNumber('minutes', minutes, false) * 60_000,
    rounds: readNumber('rounds', rounds, true),
    seed: readNumber('seed', seed, true),
  };
  const stateDir =
    named === undefined ? mkdtempSync(path.join(tmpdir(), 'sentinel-lake-soak-')) : emptyDirectory(named);
  const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const longMs = Math.min(bounds.harmMs, bounds.rounds * longForm(1).pace.roundMs);
  let equal = false;
  try {
    const summary = await runSoak({
      ...longForm(longMs / 60_000),
      ...bounds,
      stateDir,
      assemblyDir: await synthesize(),
      onRound: print,
      interrupted: interruption.signal,
    });
    equal = summary.result === 'equal';
    print({ ...summary, ...(equal && named === undefined ? {} : { stateDir }) });
    return equal ? 0 : 1;
  } finally {
    // What is different, or has failed, is worth a look.
    if (named === undefined && (equal || interruption.signal.aborted)) rmSync(stateDir, { recursive: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (interruption.signal.aborted) process.exitCode = 130;
  else if (error instanceof UsageError) {
    process.stderr.write(`npm run soak: ${error.message}\n`);
    process.exitCode = 2;
  } else throw error;
}
