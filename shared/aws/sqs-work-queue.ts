import type { WorkQueue } from '../ports.ts';
import { type SqsQueueOptions, sendMessages } from './send-messages.ts';

/** The work queue on SQS. */
export function createSqsWorkQueue(queue: SqsQueueOptions): WorkQueue {
  return {
    async send(messages, delaySeconds) {
      const outgoing = messages.map((body) => ({ body, tenant: body.stream.tenant }));
      await sendMessages(queue, outgoing, delaySeconds);
    },
  };
}
