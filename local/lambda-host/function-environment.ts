import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { WriteStream } from 'node:fs';
import type { FunctionModel } from '../template/stack-model.ts';
import type { FunctionMessage, InvokeMessage } from './protocol.ts';

/** The function failed, died or ran out of time; what it had done by then stays done. */
export class InvocationError extends Error {
  override readonly name = 'InvocationError';
}

/** One process of a function, good for one invocation at a time, as an execution environment of Lambda is. */
export class FunctionEnvironment {
  private readonly model: FunctionModel;
  private readonly child: ChildProcess;
  private readonly ready: Promise<void>;
  private settle: ((message: FunctionMessage | { type: 'died'; reason: string }) => void) | undefined;
  /** False once the process has ended; a new environment is needed then. */
  alive = true;

  constructor(model: FunctionModel, awsEnvironment: Readonly<Record<string, string>>, logFile: WriteStream) {
    this.model = model;
    this.child = fork(new URL('function-process.ts', import.meta.url), [model.codeDir, model.handler], {
      // Only what the template and the emulators say: a token in the command's environment is none of its business.
      env: {
        ...model.environment,
        ...awsEnvironment,
        AWS_LAMBDA_FUNCTION_NAME: model.name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMegabytes),
        SENTINEL_LAKE_FUNCTION_ARN: model.arn,
        PATH: process.env['PATH'],
      },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child.stdout?.pipe(logFile, { end: false });
    this.child.stderr?.pipe(logFile, { end: false });
    this.ready = new Promise((resolve, reject) => {
      this.child.on('message', (message: FunctionMessage) => {
        if (message.type === 'ready') resolve();
        else this.settle?.(message);
      });
      this.child.once('exit', (code, signal) => {
        this.alive = false;
        const reason = `the process of ${model.name} ended (${signal ?? `exit code ${code}`})`;
        reject(new InvocationError(reason));
        this.settle?.({ type: 'died', reason });
      });
      this.child.once('error', reject);
    });
    // The one who invokes hears of it; without an invocation there is nobody to tell.
    this.ready.catch(() => undefined);
  }

  /** True during an invocation, from when the process has it. */
  get working(): boolean {
    return this.settle !== undefined;
  }

  /** Runs the handler once. Throws `InvocationError`; after a timeout the process is gone, as in Lambda. */
  async invoke(event: unknown): Promise<unknown> {
    await this.ready;
    const requestId = randomUUID();
    const timeoutMs = this.model.timeoutSeconds * 1000;
    const message: InvokeMessage = { type: 'invoke', requestId, event, deadline: Date.now() + timeoutMs };
    let killer: NodeJS.Timeout | undefined;
    let timedOut = false;
    const answer = await new Promise<FunctionMessage | { type: 'died'; reason: string }>((resolve) => {
      this.settle = resolve;
      killer = setTimeout(() => {
        timedOut = true;
        this.child.kill('SIGKILL');
      }, timeoutMs);
      this.child.send(message);
    }).finally(() => {
      clearTimeout(killer);
      this.settle = undefined;
    });
    if (answer.type === 'result') return answer.result;
    if (timedOut)
      throw new InvocationError(`${this.model.name} was killed after its timeout of ${timeoutMs / 1000} s`);
    throw new InvocationError(
      answer.type === 'died' ? answer.reason : answer.type === 'error' ? answer.message : '',
    );
  }

  /** Ends the process at once. Work in progress is left as a crash leaves it. */
  async kill(): Promise<void> {
    if (!this.alive) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }
}
