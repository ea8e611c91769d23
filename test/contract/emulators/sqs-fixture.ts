import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { type Stack, startStack } from './running-emulators.ts';

// Importing this file starts emulators for the test file, with a fresh queue for each test.

export let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

let queues = 0;
/** The queue of the running test. */
export let QueueUrl: string;
beforeEach(async () => {
  QueueUrl = await createQueue();
});
afterEach(() => {
  vi.useRealTimers();
});

export async function createQueue(Attributes: Record<string, string> = {}): Promise<string> {
  queues += 1;
  const created = await stack.sqs.send(new CreateQueueCommand({ QueueName: `queue-${queues}`, Attributes }));
  return created.QueueUrl ?? '';
}

export async function send(MessageBody: string, more: object = {}) {
  return stack.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
}

export async function receive(more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  const input: ReceiveMessageCommandInput = {
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
    ...more,
  };
  const { Messages = [] } = await stack.sqs.send(new ReceiveMessageCommand(input));
  return Messages;
}

export async function attributesOf(url: string): Promise<Record<string, string>> {
  const answer = await stack.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return answer.Attributes ?? {};
}

export async function countsOf(url: string) {
  const attributes = await attributesOf(url);
  return {
    ready: attributes['ApproximateNumberOfMessages'],
    inFlight: attributes['ApproximateNumberOfMessagesNotVisible'],
    delayed: attributes['ApproximateNumberOfMessagesDelayed'],
  };
}

export async function makeVisible(message: Message | undefined): Promise<void> {
  const ReceiptHandle = message?.ReceiptHandle ?? '';
  await stack.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
}

/** Makes `url` the queue of the running test. */
export function useQueue(url: string): void {
  QueueUrl = url;
}

/** The name of the running test's queue. */
export function queueName(): string {
  return QueueUrl.split('/').at(-1) ?? '';
}

/** Stops the emulators and starts them over the same state. The queue keeps its name and gets a new address. */
export async function restart(): Promise<void> {
  const QueueName = queueName();
  await stack.pause();
  stack = await startStack(stack.stateDir);
  useQueue((await stack.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '');
}

/** Moves the clock that queues look at; the timers of Node go on as they are. */
export function passSeconds(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
}
