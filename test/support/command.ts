import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const main = path.resolve(import.meta.dirname, '../../local/main.ts');

/** `npm start` in a process of its own, as a user runs it. */
export interface Command {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** Everything written so far. */
  readonly output: { stdout: string[]; stderr: string[] };
  /** The exit code; null after a signal. */
  readonly exit: Promise<number | null>;
}

export function startCommand(argv: readonly string[], environment: Record<string, string> = {}): Command {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...argv], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: [] as string[], stderr: [] as string[] };
  createInterface({ input: child.stdout }).on('line', (line) => output.stdout.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => output.stderr.push(line));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, output, exit };
}

/** Runs the command to its end. */
export async function runCommand(
  argv: readonly string[],
  environment: Record<string, string> = {},
): Promise<{
  readonly code: number | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}> {
  const command = startCommand(argv, environment);
  const code = await command.exit;
  return { code, ...command.output };
}

/** Objects in a lake of plain files. */
export async function objectsIn(lakeDir: string): Promise<number> {
  const entries = await readdir(lakeDir, { recursive: true }).catch(() => []);
  return entries.filter((name) => name.endsWith('.gz')).length;
}

/** Resolves when the lake has at least so many objects, or when `ended` does. Hears of new files from the system. */
export async function untilObjects(lakeDir: string, count: number, ended: Promise<unknown>): Promise<void> {
  await mkdir(lakeDir, { recursive: true });
  const stop = new AbortController();
  void ended.then(() => stop.abort());
  await new Promise<void>((resolve) => {
    const watcher = watch(lakeDir, { recursive: true, signal: stop.signal });
    const look = () => {
      void objectsIn(lakeDir).then((objects) => {
        if (objects >= count) stop.abort();
      });
    };
    watcher.on('change', look);
    watcher.on('close', resolve);
    look();
  });
}
