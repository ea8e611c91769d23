import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serveApi } from '../../../local/command/serve.ts';
import { type ConsoleOptions, type RunningConsole, startConsole } from '../../../local/console/console.ts';
import { type EmbeddedStack, startStack } from '../../../local/stack/start-stack.ts';
import { synthesize } from '../../../local/template/synthesize.ts';
import { type ApiClient, apiClient } from './api-client.ts';

/** The embedded stack with its control API on HTTP, and a simulated console beside it. */
export interface ServedStack {
  readonly console: RunningConsole;
  readonly stateDir: string;
  /** Of the last start. */
  readonly stack: EmbeddedStack;
  /** With an admin key of all tenants. */
  readonly admin: ApiClient;
  /** Where the API is served now. */
  readonly url: string;
  /** What the stack has told nobody else of. */
  readonly errors: readonly unknown[];
  /** Stops the stack, and starts it again with what it has on the disk. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Preparations and looks of the tests have a token of their own, so that the deeds of the stack can be told from theirs. */
export const testToken = 'simulator-token-of-the-tests-themselves';

/** Starts both. The console's world is large enough to find an endpoint of every kind in it. */
export async function servedStack(options: Partial<ConsoleOptions> = {}): Promise<ServedStack> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-actions-'));
  const assemblyDir = await synthesize();
  const console = await startConsole({
    seed: 11,
    epochMs: Date.now(),
    historyMs: 8 * 3_600_000,
    rateLimitScale: 'off',
    threats: 400,
    deletedThreats: 0,
    agents: 200,
    token: testToken,
    ...options,
  });
  const errors: unknown[] = [];

  async function start() {
    const stack = await startStack({
      stateDir,
      assemblyDir,
      extraEnvironment: { CONSOLE_LOOPBACK: 'allowed' },
      onError: (error) => errors.push(error),
    });
    const { url, key } = await serveApi(stack, 0);
    stack.run();
    return { stack, url, admin: apiClient(() => url, key) };
  }

  async function stop({ stack }: Pick<ServedStack, 'stack'>): Promise<void> {
    await stack.quiesce();
    await stack.close();
  }

  let running = await start();
  return {
    console,
    stateDir,
    errors,
    get stack() {
      return running.stack;
    },
    get url() {
      return running.url;
    },
    get admin() {
      return running.admin;
    },
    async restart() {
      await stop(running);
      running = await start();
    },
    async close() {
      await stop(running);
      await console.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
