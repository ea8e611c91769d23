import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { WorkMessage, WorkQueue } from '../ports.ts';

export interface SqsWorkQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

const batchSize = 10;
const concurrentBatches = 10;
const mostTries = 3;

/** The work queue on SQS. Every entry of every answer is checked. */
export function createSqsWorkQueue({ client, queueUrl }: SqsWorkQueueOptions): WorkQueue {
  /** Sends up to ten messages; the ones that SQS refused for its own reasons are sent again. */
  async function sendBatch(messages: readonly WorkMessage[], delaySeconds: number): Promise<void> {
    let open = messages.map((message, i) => ({
      Id: String(i),
      MessageBody: JSON.stringify(message),
      DelaySeconds: delaySeconds,
      // Fair queues: a tenant with a deep backlog does not hold up the others.
      MessageGroupId: message.stream.tenant,
    }));
    for (let tries = 1; ; tries++) {
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: open }),
      );
      if (Failed.length === 0) return;
      if (tries >= mostTries || Failed.some((failure) => failure.SenderFault)) {
        const reasons = [...new Set(Failed.map((failure) => failure.Code ?? 'unknown'))].join(', ');
        throw new Error(`SQS did not take ${Failed.length} of ${open.length} messages (${reasons}).`);
      }
      const refused = new Set(Failed.map((failure) => failure.Id));
      open = open.filter((entry) => refused.has(entry.Id));
    }
  }

  return {
    async send(messages, delaySeconds) {
      const batches: (readonly WorkMessage[])[] = [];
      for (let i = 0; i < messages.length; i += batchSize) batches.push(messages.slice(i, i + batchSize));
      for (let i = 0; i < batches.length; i += concurrentBatches) {
        await Promise.all(
          batches.slice(i, i + concurrentBatches).map((batch) => sendBatch(batch, delaySeconds)),
        );
      }
    },
  };
}
