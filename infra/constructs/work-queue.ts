import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { MessageQueue } from './message-queue.ts';

/** Slices of work that wait for a worker, and those that crashed it again and again. */
export class WorkQueue extends MessageQueue {
  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id, config.worker);
  }
}
