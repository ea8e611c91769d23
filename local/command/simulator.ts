import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A running console simulator in a process of its own. */
export interface Simulator {
  readonly url: string;
  readonly apiToken: string;
  stop(): Promise<void>;
}

/** What makes the simulated world the same at every start on one state directory. */
export interface SimulatedWorld {
  readonly seed: number;
  readonly epoch: string;
  readonly threats: number;
  readonly agents: number;
}

const worldFile = 'simulator.json';

/** The world of the state directory; a new one begins now. */
export async function simulatedWorld(stateDir: string, now: number): Promise<SimulatedWorld> {
  const file = path.join(stateDir, worldFile);
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const world = {
    seed: randomBytes(3).readUIntBE(0, 3),
    epoch: new Date(now).toISOString(),
    threats: 2_000,
    agents: 500,
  };
  await writeFile(file, `${JSON.stringify(world)}\n`);
  return world;
}

/** Starts the simulator on a free port of this machine. It ends with us, also when we are killed. */
export async function startSimulator(world: SimulatedWorld): Promise<Simulator> {
  const child = fork(
    new URL('../console/main.ts', import.meta.url),
    [
      ['--port', '0'],
      ['--seed', String(world.seed)],
      ['--epoch', world.epoch],
      ['--threats', String(world.threats)],
      ['--agents', String(world.agents)],
    ].flat(),
    {
      // Made-up bodies are garbage at once; a small heap keeps them from piling up.
      execArgv: ['--max-old-space-size=256', '--max-semi-space-size=4'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const { url, apiToken } = await ready(child);
  return {
    url,
    apiToken,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function ready(child: ChildProcess): Promise<{ url: string; apiToken: string }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The console simulator ended with exit code ${code}.`)));
    child.once('message', (message: { type: string; url: string; tokens: { admin: string } }) =>
      resolve({ url: message.url, apiToken: message.tokens.admin }),
    );
  });
}
