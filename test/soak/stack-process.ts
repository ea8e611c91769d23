/**
 * The command of the soak: the embedded stack in a process that can be killed, which does what the soak asks it to.
 * Started by `soak-command.ts`, never by hand.
 */
import { watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type HeldStateDir, holdStateDir } from '../../local/command/state-dir.ts';
import type { FunctionEnvironment } from '../../local/lambda-host/function-environment.ts';
import { type EmbeddedStack, startStack } from '../../local/stack/start-stack.ts';
import { createDynamoConnectorStore } from '../../shared/aws/dynamo-connector-store.ts';
import { createSaveDependencies } from '../../shared/aws/save-dependencies.ts';
import { createSqsWorkQueue } from '../../shared/aws/sqs-work-queue.ts';
import { saveConnector } from '../../shared/connectors/save-connector.ts';
import type { ConnectorStore } from '../../shared/ports.ts';
import type { Calls, Reply, Request, Setup } from './protocol.ts';
import { QueueServer } from './queue-server.ts';

const queueServer = new QueueServer();
/** How often it is looked whether a function works. */
const lookMs = 20;

interface Running {
  readonly setup: Setup;
  readonly held: HeldStateDir;
  readonly stack: EmbeddedStack;
  readonly connectors: ConnectorStore;
}
let started: Running | undefined;

function running(): Running {
  if (started === undefined) throw new Error('The stack was not started.');
  return started;
}

/** The processes of all functions that are in the middle of an invocation. */
function working(): readonly FunctionEnvironment[] {
  const { functions } = running().stack;
  return functions.flatMap(({ environments }) => environments).filter((environment) => environment.working);
}

const calls: Calls = {
  async start(setup) {
    // As npm start does, so that a killed command is seen to give the directory free.
    const held = holdStateDir(setup.stateDir);
    const stack = await startStack({
      stateDir: held.dir,
      assemblyDir: setup.assemblyDir,
      extraEnvironment: { CONSOLE_LOOPBACK: 'allowed' },
      // What fails while a server is down is expected, and told in the log of the command.
      onError: (error) => console.error(new Date().toISOString(), error),
      startSqsS3: queueServer.start,
    });
    const connectors = createDynamoConnectorStore({
      client: stack.clients.documents,
      table: stack.table,
      dueShards: stack.dueShards,
    });
    const dependencies = createSaveDependencies({
      documents: stack.clients.documents,
      secrets: stack.clients.secrets,
      table: stack.table,
      dueShards: stack.dueShards,
      secretPrefix: stack.secretPrefix,
    });
    for (const { connector, credentials } of setup.connectors)
      await saveConnector(connector, credentials, dependencies);
    started = { setup, held, stack, connectors };
    stack.run();
  },

  async killWorker({ pick, waitMs }) {
    for (const until = Date.now() + waitMs; Date.now() < until; await delay(lookMs)) {
      const victim = working()[Math.floor(pick * working().length)];
      if (victim === undefined) continue;
      await victim.kill();
      return 1;
    }
    return 0;
  },

  async killWorkersAtAppend({ waitMs }) {
    const { lakeDir } = running().stack;
    await mkdir(lakeDir, { recursive: true });
    return await new Promise((resolve) => {
      const watcher = watch(lakeDir, { recursive: true });
      const giveUp = setTimeout(() => end([]), waitMs);
      watcher.once('change', () => end(working()));
      function end(victims: readonly FunctionEnvironment[]): void {
        clearTimeout(giveUp);
        watcher.close();
        // All signals are on their way before the first death is waited for.
        void Promise.all(victims.map((victim) => victim.kill())).then(() => resolve(victims.length));
      }
    });
  },

  killQueueServer: ({ downMs }) => queueServer.killAndRestart(downMs),

  async sendCopy({ stream, delaySeconds }) {
    const { clients, workQueueUrl } = running().stack;
    const queue = createSqsWorkQueue({ client: clients.sqs, queueUrl: workQueueUrl });
    await queue.send([{ version: 1, stream }], delaySeconds);
  },

  async streams() {
    const { setup, connectors } = running();
    const all = setup.connectors.map(({ connector }) => connectors.streams(connector.tenant, connector.id));
    return (await Promise.all(all)).flat();
  },

  makeDue: (id) => running().connectors.makeDue(id, Date.now()),

  async quiesce() {
    await running().stack.quiesce();
    return await running().stack.deadLetters();
  },

  async close() {
    await running().stack.quiesce();
    await running().stack.close();
    running().held.release();
  },
};

process.on('disconnect', () => process.exit(1));
process.on('message', (request: Request) => {
  void answer(request).then((reply) => process.send?.(reply));
});

async function answer({ id, call, argument }: Request): Promise<Reply> {
  try {
    return { id, result: await (calls[call] as (argument: unknown) => Promise<unknown>)(argument) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
