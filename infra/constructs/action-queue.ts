import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { MessageQueue } from './message-queue.ts';

/** Response actions that somebody has to go on with, and those that crashed whoever did again and again. */
export class ActionQueue extends MessageQueue {
  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id, config.outcomes);
  }
}
