import type { WorkMessage, WorkQueue } from '../../../shared/ports.ts';

/** The work queue in memory: what was sent, with its delay, in order. */
export class MemoryQueue implements WorkQueue {
  readonly sent: { readonly message: WorkMessage; readonly delaySeconds: number }[] = [];

  async send(messages: readonly WorkMessage[], delaySeconds: number): Promise<void> {
    for (const message of messages) this.sent.push({ message, delaySeconds });
  }
}
