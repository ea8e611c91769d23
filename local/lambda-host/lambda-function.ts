import { createWriteStream, type WriteStream } from 'node:fs';
import path from 'node:path';
import type { FunctionModel } from '../template/stack-model.ts';
import { FunctionEnvironment } from './function-environment.ts';

export interface LambdaFunctionOptions {
  readonly model: FunctionModel;
  /** Points the SDK at the emulators. */
  readonly awsEnvironment: Readonly<Record<string, string>>;
  readonly logDir: string;
}

/** A function with as many warm processes as it needed at once so far. */
export class LambdaFunction {
  private readonly options: LambdaFunctionOptions;
  private readonly idle: FunctionEnvironment[] = [];
  private readonly busy = new Set<FunctionEnvironment>();
  private readonly logFile: WriteStream;
  private stopped = false;

  constructor(options: LambdaFunctionOptions) {
    this.options = options;
    this.logFile = createWriteStream(path.join(options.logDir, `${options.model.logicalId}.log`), {
      flags: 'a',
    });
  }

  /** Throws `InvocationError` when the function fails, dies or is too slow. */
  async invoke(event: unknown): Promise<unknown> {
    if (this.stopped) throw new Error(`${this.options.model.name} is stopped.`);
    const environment = this.takeIdle() ?? this.startEnvironment();
    this.busy.add(environment);
    try {
      return await environment.invoke(event);
    } finally {
      this.busy.delete(environment);
      if (environment.alive) this.idle.push(environment);
    }
  }

  /** Its processes, idle ones too. */
  get environments(): readonly FunctionEnvironment[] {
    return [...this.idle, ...this.busy].filter(({ alive }) => alive);
  }

  /** Ends all processes at once, also working ones. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.idle, ...this.busy].map((environment) => environment.kill()));
    await new Promise((resolve) => this.logFile.end(resolve));
  }

  private takeIdle(): FunctionEnvironment | undefined {
    for (let environment = this.idle.pop(); environment !== undefined; environment = this.idle.pop()) {
      if (environment.alive) return environment;
    }
    return undefined;
  }

  private startEnvironment(): FunctionEnvironment {
    const { model, awsEnvironment } = this.options;
    return new FunctionEnvironment(model, awsEnvironment, this.logFile);
  }
}
