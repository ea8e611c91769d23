import { createSaveDependencies } from '../../shared/aws/save-dependencies.ts';
import { saveConnector } from '../../shared/connectors/save-connector.ts';
import { type EmbeddedStack, startStack } from '../stack/start-stack.ts';
import { synthesize } from '../template/synthesize.ts';
import { connectorFor } from './connector-for.ts';
import { type End, endOf, follow } from './follow.ts';
import { lakeContents } from './lake-contents.ts';
import { writeLastRun } from './last-run.ts';
import type { StartOptions } from './options.ts';
import { refuseDeleted } from './refuse-deleted.ts';
import { jsonReport, textReport } from './report.ts';
import { serveApi, servedText } from './serve.ts';
import { type Simulator, simulatedWorld, startSimulator } from './simulator.ts';
import { holdStateDir } from './state-dir.ts';

export interface StartIo {
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
  /** Aborted when the user wants us to stop. */
  readonly interrupted: AbortSignal;
}

/**
 * The main command: builds the stack on this machine, collects, reports, and stops.
 * @returns the exit code. Throws `UsageError`.
 */
export async function start(options: StartOptions, io: StartIo): Promise<number> {
  const startedAt = Date.now();
  const say = options.json ? io.stderr : io.stdout;
  const held = holdStateDir(options.stateDir);
  const cleanUp: (() => Promise<void>)[] = [async () => held.release()];
  try {
    say(`Building the stack (state in ${held.dir}) …`);
    const assemblyDir = await synthesize();
    let simulator: Simulator | undefined;
    if (options.console === undefined) {
      simulator = await startSimulator(await simulatedWorld(held.dir, startedAt));
      cleanUp.push(simulator.stop);
      say(`Simulated console on ${simulator.url}`);
    }
    const console = options.console ?? { hostUrl: simulator?.url ?? '', apiToken: simulator?.apiToken ?? '' };
    const stack = await startStack({
      stateDir: held.dir,
      assemblyDir,
      extraEnvironment: { CONSOLE_LOOPBACK: 'allowed' },
      onError: (error) =>
        io.stderr(`embedded stack: ${error instanceof Error ? error.message : String(error)}`),
    });
    cleanUp.push(stack.close, stack.quiesce);

    const connector = connectorFor(
      { ...options, hostUrl: console.hostUrl },
      options.console === undefined ? 'simulator' : undefined,
      startedAt,
    );
    const dependencies = createSaveDependencies({
      documents: stack.clients.documents,
      secrets: stack.clients.secrets,
      table: stack.table,
      dueShards: stack.dueShards,
      secretPrefix: stack.secretPrefix,
    });
    await refuseDeleted(connector, dependencies.registry);
    await saveConnector(connector, console, dependencies);
    // Before anything moves, so that a port that cannot be had is all that happens.
    if (options.servePort !== undefined) {
      const served = await serveApi(stack, options.servePort);
      // Programs get the key once, and not in the progress as well.
      if (options.json) io.stdout(JSON.stringify(served));
      else say(servedText(served));
    }
    stack.run();
    say(
      `Collecting ${options.contentTypes.join(', ')} from ${console.hostUrl} for tenant ${options.tenant} …`,
    );
    const { connectors } = dependencies;
    const followed = { connector, connectors, contentTypes: options.contentTypes, startedAt };
    await follow(followed, { say, untilComplete: !options.watch, interrupted: io.interrupted });
    // Only when nothing moves any more does the table say what is in the lake.
    await stack.quiesce();
    return await report(await endOf(followed), {
      options,
      stack,
      io,
      say,
      simulated: simulator !== undefined,
      stateDir: held.dir,
    });
  } finally {
    // Last started, first stopped.
    for (const stop of cleanUp.reverse()) await stop();
  }
}

async function report(
  end: End,
  context: {
    readonly options: StartOptions;
    readonly stack: EmbeddedStack;
    readonly io: StartIo;
    readonly say: (line: string) => void;
    readonly simulated: boolean;
    readonly stateDir: string;
  },
): Promise<number> {
  const { options, stack, io, say, simulated, stateDir } = context;
  const { lakeDir } = stack;
  await writeLastRun(stateDir, lakeDir, end.streams);
  const folders = await lakeContents(lakeDir, options.tenant);
  const failed = end.streams.filter((_, i) => end.ends[i] === 'failed');
  const unfinished = !options.watch && end.ends.includes('working');
  say(textReport({ lakeDir, stateDir, streams: end.streams, folders, simulated, failed }));
  const deadLetters = await stack.deadLetters();
  if (deadLetters > 0)
    say(`${deadLetters} messages are in the dead-letter queue; ${stateDir}/logs says why.`);
  if (unfinished) say('Interrupted before everything had arrived; run it again to go on.');
  if (options.json) io.stdout(jsonReport(lakeDir, end.streams));
  if (failed.length > 0) return 1;
  return unfinished ? 130 : 0;
}
