/** What the host sends to a function's process. */
export interface InvokeMessage {
  readonly type: 'invoke';
  readonly requestId: string;
  readonly event: unknown;
  /** Epoch milliseconds at which the process is killed. */
  readonly deadline: number;
}

/** What a function's process sends back. */
export type FunctionMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly requestId: string; readonly result: unknown }
  | { readonly type: 'error'; readonly requestId: string; readonly message: string };
