import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { InvocationError } from '../lambda-host/function-environment.ts';
import type { LambdaFunction } from '../lambda-host/lambda-function.ts';

export interface EventSourceOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  readonly target: LambdaFunction;
  readonly batchSize: number;
  /** Invocations at the same time. */
  readonly concurrency: number;
  /** Something went wrong that the queue will not repair by itself. */
  readonly onError: (error: unknown) => void;
}

export interface EventSource {
  /** Takes no more messages and resolves when the work in progress is done or has died. */
  stop(): Promise<void>;
}

const longPollSeconds = 20;
const pauseAfterErrorMs = 1_000;

/** Feeds a queue to a function as Lambda's event source mapping does, with partial batch responses. */
export function startEventSource(options: EventSourceOptions): EventSource {
  const stopping = new AbortController();
  const pollers = Array.from({ length: options.concurrency }, () => poll(options, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(pollers);
    },
  };
}

async function poll(options: EventSourceOptions, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      const messages = await receive(options, stopping);
      if (messages.length > 0) await deliver(options, messages);
    } catch (error) {
      if (stopping.aborted) return;
      options.onError(error);
      await new Promise((resolve) => setTimeout(resolve, pauseAfterErrorMs));
    }
  }
}

async function receive(options: EventSourceOptions, stopping: AbortSignal): Promise<readonly Message[]> {
  const { Messages = [] } = await options.client.send(
    new ReceiveMessageCommand({
      QueueUrl: options.queueUrl,
      MaxNumberOfMessages: Math.min(10, options.batchSize),
      WaitTimeSeconds: longPollSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
    { abortSignal: stopping },
  );
  return Messages;
}

/** Deletes what the function did not report as failed. A function that fails as a whole deletes nothing. */
async function deliver(options: EventSourceOptions, messages: readonly Message[]): Promise<void> {
  let failed: ReadonlySet<string>;
  try {
    const answer = await options.target.invoke({
      Records: messages.map((message) => recordOf(message, options)),
    });
    failed = failedIds(answer);
  } catch (error) {
    // As in Lambda: the messages become visible again by themselves, and after five times go to the dead-letter queue.
    if (error instanceof InvocationError) return;
    throw error;
  }
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
  if (done.length === 0) return;
  const { Failed = [] } = await options.client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: options.queueUrl,
      Entries: done.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })),
    }),
  );
  if (Failed.length > 0)
    throw new Error(`SQS did not delete ${Failed.length} messages: ${Failed[0]?.Message}`);
}

function recordOf(message: Message, { queueArn, region }: EventSourceOptions): object {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: message.MessageAttributes ?? {},
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function failedIds(answer: unknown): ReadonlySet<string> {
  const failures = (answer as { batchItemFailures?: { itemIdentifier: string }[] } | undefined)
    ?.batchItemFailures;
  return new Set((failures ?? []).map(({ itemIdentifier }) => itemIdentifier));
}
