import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningServer } from '../../local/emulators/aws-json-server.ts';
import type { SqsS3Options } from '../../local/emulators/sqs-s3/start-sqs-s3.ts';

/** While the server is down, one of its clients may be given its port for a moment. */
const mostStarts = 5;
const pauseMs = 300;

/** SQS and S3 in a process that can be killed, and comes back on the same port with what is on the disk. */
export class QueueServer {
  private child: ChildProcess | undefined;
  private options: SqsS3Options | undefined;

  /** A `StartSqsS3`. */
  readonly start = async (options: SqsS3Options): Promise<RunningServer> => {
    const url = await this.launch(options);
    this.options = { ...options, port: Number(new URL(url).port) };
    return { url, close: () => this.kill() };
  };

  /** SIGKILL, and so long nothing. */
  async killAndRestart(downMs: number): Promise<void> {
    if (this.options === undefined) throw new Error('The queue server was not started.');
    await this.kill();
    await delay(downMs);
    for (let starts = 1; ; starts++) {
      try {
        await this.launch(this.options);
        return;
      } catch (error) {
        if (starts === mostStarts) throw error;
        await delay(pauseMs);
      }
    }
  }

  private async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  private launch(options: SqsS3Options): Promise<string> {
    const child = fork(new URL('queue-server-process.ts', import.meta.url), { execArgv: [] });
    this.child = child;
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new Error('The queue server ended before it was ready.')));
      child.once('message', ({ url }: { url: string }) => resolve(url));
      child.send(options);
    });
  }
}
