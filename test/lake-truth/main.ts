/**
 * Compares the lake of the embedded mode with the console that it was collected from, record by record:
 * `npm run verify -- [--state-dir DIR] [--console URL]`. Exit code 0 they agree, 1 they do not, 2 wrong usage.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readLastRun } from '../../local/command/last-run.ts';
import { simulatedWorld, startSimulator } from '../../local/command/simulator.ts';
import { compareStream } from './compare.ts';
import { lakeOnDisk } from './read-lake.ts';
import { simulatorTruth } from './simulator-truth.ts';
import { truthTypeOf } from './truth-type.ts';

class Usage extends Error {}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'state-dir': { type: 'string' },
      console: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(
      'Usage: npm run verify -- [--state-dir DIR] [--console URL]\n\nCompares the lake of the last npm start with the simulated console, record by record.\nExit code: 0 they agree, 1 they do not, 2 wrong usage.',
    );
    return 0;
  }
  const stateDir = path.resolve(values['state-dir'] ?? '.sentinel-lake');
  const run = existsSync(stateDir) ? await readLastRun(stateDir) : undefined;
  if (run === undefined)
    throw new Usage(`--state-dir: no command has ended in ${stateDir} yet; run npm start first.`);
  const simulated = values.console === undefined;
  const simulator = simulated ? await startSimulator(await simulatedWorld(stateDir, Date.now())) : undefined;
  try {
    const consoleUrl = values.console ?? simulator?.url ?? '';
    let agree = true;
    for (const stream of run.streams.filter(({ connector }) => !simulated || connector === 'simulator')) {
      const type = truthTypeOf(stream.contentType, stream.options);
      const truth = simulatorTruth(consoleUrl, type, stream.since, Date.now());
      const { lines, ahead, required, problems } = await compareStream(
        lakeOnDisk(run.lake),
        { ...stream, truth: type },
        truth,
      );
      // A batch that was written and not committed is in the lake and not counted yet.
      const counted = ahead > 0 || lines === stream.records;
      const span = `${new Date(stream.since).toISOString()} to ${new Date(stream.watermark).toISOString()}`;
      const good = problems.length === 0 && counted;
      agree &&= good;
      process.stdout.write(
        `${good ? 'equal    ' : 'DIFFERENT'} ${stream.contentType}: ${lines} records in the lake, ${required} required by the console, ${span}\n`,
      );
      if (!counted) process.stdout.write(`  the stream has counted ${stream.records} records\n`);
      for (const problem of problems) process.stdout.write(`  ${problem}\n`);
    }
    return agree ? 0 : 1;
  } finally {
    await simulator?.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const wrongUsage = error instanceof Usage || (error instanceof TypeError && 'code' in error);
  if (!wrongUsage) throw error;
  process.stderr.write(`npm run verify: ${error.message}\n`);
  process.exitCode = 2;
}
