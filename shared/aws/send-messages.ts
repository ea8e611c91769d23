import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A queue on SQS. */
export interface SqsQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** What a queue is given. */
export interface OutgoingMessage {
  /** Sent as JSON. */
  readonly body: object;
  /** Fair queues: a tenant with a deep backlog does not hold up the others. */
  readonly tenant: string;
}

const batchSize = 10;
const concurrentBatches = 10;
const mostTries = 3;

/**
 * Sends all messages, in batches. Every entry of every answer is checked; the ones that SQS refused for its own reasons are
 * sent again.
 * @param delaySeconds 0 to 900, for all of them
 * @throws Error when any message was not accepted
 */
export async function sendMessages(
  queue: SqsQueueOptions,
  messages: readonly OutgoingMessage[],
  delaySeconds: number,
): Promise<void> {
  const batches: (readonly OutgoingMessage[])[] = [];
  for (let i = 0; i < messages.length; i += batchSize) batches.push(messages.slice(i, i + batchSize));
  for (let i = 0; i < batches.length; i += concurrentBatches) {
    await Promise.all(
      batches.slice(i, i + concurrentBatches).map((batch) => sendBatch(queue, batch, delaySeconds)),
    );
  }
}

async function sendBatch(
  { client, queueUrl }: SqsQueueOptions,
  messages: readonly OutgoingMessage[],
  delaySeconds: number,
): Promise<void> {
  let open = messages.map(({ body, tenant }, i) => ({
    Id: String(i),
    MessageBody: JSON.stringify(body),
    DelaySeconds: delaySeconds,
    MessageGroupId: tenant,
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
