import type { Stream, StreamId } from '../../shared/engine/stream.ts';
import type { Connector, ConsoleCredentials } from '../../shared/ports.ts';

/** What the command of the soak collects, and where it keeps it. */
export interface Setup {
  readonly stateDir: string;
  readonly assemblyDir: string;
  readonly connectors: readonly {
    readonly connector: Connector;
    readonly credentials: ConsoleCredentials;
  }[];
}

/** What the soak can ask its command to do. Each takes one argument and gives one result, as JSON can hold them. */
export interface Calls {
  /** Builds the stack, saves the connectors and lets it run. */
  start(setup: Setup): Promise<void>;
  /**
   * Kills a process of a function with SIGKILL while it works, and waits for one that does at most so long.
   * Returns how many were killed, as the next one.
   */
  killWorker(how: { readonly pick: number; readonly waitMs: number }): Promise<number>;
  /** Kills all functions that work in the moment in which something is written into the lake. */
  killWorkersAtAppend(how: { readonly waitMs: number }): Promise<number>;
  /** Kills the process of SQS and S3 with SIGKILL and starts another one over the same files after the time. */
  killQueueServer(how: { readonly downMs: number }): Promise<void>;
  /** Sends a work message for the stream. */
  sendCopy(copy: { readonly stream: StreamId; readonly delaySeconds: number }): Promise<void>;
  streams(): Promise<readonly Stream[]>;
  /** Makes the stream due now. */
  makeDue(id: StreamId): Promise<void>;
  /** Stops everything that moves and counts the messages in the dead-letter queue. */
  quiesce(): Promise<number>;
  /** Closes the stack and ends the process. */
  close(): Promise<void>;
}

export interface Request {
  readonly id: number;
  readonly call: keyof Calls;
  readonly argument: unknown;
}

export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  /** The error's stack, when the call failed. */
  readonly error?: string;
}
