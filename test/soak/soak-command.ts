import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Calls, Reply, Request, Setup } from './protocol.ts';

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
}

/** The stack with all its processes, as a command on its own that can be killed as a whole. */
export class SoakCommand {
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(stateDir: string) {
    const logDir = path.join(stateDir, 'logs');
    mkdirSync(logDir, { recursive: true });
    const log = openSync(path.join(logDir, 'command.log'), 'a');
    this.child = fork(new URL('stack-process.ts', import.meta.url), {
      // A group of its own: one signal then reaches the command, its queue server and all its workers at once.
      detached: true,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.child.on('message', ({ id, result, error }: Reply) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) waiting?.resolve(result as never);
      else waiting?.reject(new Error(`In the command: ${error}`));
    });
    this.gone = new Promise((resolve) => {
      this.child.once('exit', () => {
        for (const { reject } of this.waiting.values()) reject(new Error('The command is gone.'));
        this.waiting.clear();
        resolve();
      });
    });
  }

  static async start(setup: Setup): Promise<SoakCommand> {
    const command = new SoakCommand(setup.stateDir);
    try {
      await command.call('start', setup);
    } catch (error) {
      await command.kill();
      throw error;
    }
    return command;
  }

  /** Rejects when the call fails, and when the command dies before it has answered. */
  call<const K extends keyof Calls>(call: K, ...[argument]: Parameters<Calls[K]>): ReturnType<Calls[K]> {
    const request: Request = { id: ++this.lastId, call, argument };
    return new Promise((resolve, reject) => {
      if (!this.child.connected) throw new Error('The command is gone.');
      this.waiting.set(request.id, { resolve, reject });
      this.child.send(request);
    }) as ReturnType<Calls[K]>;
  }

  /** SIGKILL for all its processes. */
  async kill(): Promise<void> {
    const { pid, exitCode, signalCode } = this.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    process.kill(-pid, 'SIGKILL');
    await this.gone;
  }

  async close(): Promise<void> {
    await this.call('close');
    this.child.disconnect();
    await this.gone;
  }
}
