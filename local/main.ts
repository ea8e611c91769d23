import { stageConfig } from '../infra/config.ts';
import { parseStartOptions, startHelp } from './command/options.ts';
import { start } from './command/start.ts';
import { UsageError } from './command/usage-error.ts';

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());

async function main(): Promise<number> {
  const hostPolicy = { suffixes: stageConfig(undefined).consoleHostSuffixes, loopback: true };
  const options = parseStartOptions(process.argv.slice(2), process.env, hostPolicy, Date.now());
  if (options === 'help') {
    process.stdout.write(startHelp);
    return 0;
  }
  return await start(options, {
    stdout: (line) => process.stdout.write(`${line}\n`),
    stderr: (line) => process.stderr.write(`${line}\n`),
    interrupted: interruption.signal,
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`npm start: ${error.message}\n`);
  process.exitCode = 2;
}
