import { parseCommandLine } from './command-line.ts';
import { type ConsoleOptions, type RunningConsole, startConsole } from './console.ts';

function introduction({ url, tokens }: RunningConsole, options: ConsoleOptions): string {
  const { seed, epochMs, threats, agents, historyMs, profiles = [] } = options;
  const epoch = new Date(epochMs).toISOString();
  return `A simulated SentinelOne console listens on ${url}
  world     seed ${seed}, epoch ${epoch}: ${threats} threats and ${agents} agents at the epoch,
            changes over ${historyMs / 60_000} minutes before it and on from there
  profiles  ${profiles.join(', ') || 'none'}
  tokens    ${Object.entries(tokens)
    // Its limits are options of tests only.
    .filter(([label]) => label !== 'limited')
    .map(([label, token]) => `${label.padEnd(21)} ${token}`)
    .join('\n            ')}

  curl -s -H 'Authorization: ApiToken ${tokens.admin}' '${url}/web/api/v2.1/threats?limit=1'
  curl -s ${url}/simulator

Restart with --seed ${seed} --epoch ${epoch} and the same sizes to continue this world.`;
}

async function run(options: ConsoleOptions): Promise<void> {
  const running = await startConsole({ ...options, logRequests: process.send === undefined });
  console.log(introduction(running, options));
  let isStopping = false;
  const stop = () => {
    // Closing the channel to the parent is an end of its own, and the second signal is not a second closing.
    if (isStopping) return;
    isStopping = true;
    if (process.connected) process.disconnect();
    running.close().catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.once('disconnect', stop);
  process.send?.({ type: 'ready', url: running.url, tokens: running.tokens });
}

const commandLine = parseCommandLine(process.argv.slice(2), Date.now());
if (commandLine.kind === 'help') console.log(commandLine.text);
else if (commandLine.kind === 'wrong') {
  console.error(commandLine.problem);
  process.exitCode = 2;
} else {
  try {
    await run(commandLine.options);
  } catch (error) {
    console.error(`The simulator could not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
