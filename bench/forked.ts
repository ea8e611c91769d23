import { type ChildProcess, fork } from 'node:child_process';

/** A process of a benchmark and the first message that it sent. */
export interface Forked<T> {
  readonly message: T;
  /** Messages after the first one. */
  later(): number;
  /** Ends the process, if it has not ended by itself. */
  end(): Promise<void>;
}

/**
 * Runs a module of this folder in a process of its own until it sends a message. The processes of a figure must not share
 * an event loop, or the one that is measured would also pay for the other. Throws when the process ends without a message.
 */
export async function forked<T>(
  file: string,
  options: {
    readonly args?: readonly string[];
    /** Added to this process's environment. */
    readonly environment?: Readonly<Record<string, string>>;
    readonly execArgv?: readonly string[];
  } = {},
): Promise<Forked<T>> {
  const child = fork(new URL(file, import.meta.url), [...(options.args ?? [])], {
    env: { ...process.env, ...options.environment },
    execArgv: [...(options.execArgv ?? [])],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let isEnding = false;
  const gone = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      // Whoever talks to it then fails in a way that does not tell why.
      if (!isEnding && code !== 0) console.error(`${file} ended early (${signal ?? `exit code ${code}`}).`);
      resolve();
    }),
  );
  const message = await firstMessage<T>(child, file);
  let later = 0;
  child.on('message', () => (later += 1));
  return {
    message,
    later: () => later,
    async end() {
      isEnding = true;
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function firstMessage<T>(child: ChildProcess, file: string): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`${file} ended without a result (${signal ?? `exit code ${code}`}).`)),
    );
  });
}
