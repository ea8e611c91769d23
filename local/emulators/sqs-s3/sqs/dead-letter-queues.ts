import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import type { Fields } from '../../aws-json-server.ts';
import type { Queue, SqsStore } from '../fauxqs-internals.ts';
import type { SqsGap } from '../gaps.ts';

interface MoveTask {
  readonly Status: 'COMPLETED';
  readonly SourceArn: string;
  readonly DestinationArn?: string;
  readonly ApproximateNumberOfMessagesMoved: number;
  readonly ApproximateNumberOfMessagesToMove: number;
  /** Epoch milliseconds. */
  readonly StartedTimestamp: number;
}

/** ListDeadLetterSourceQueues, StartMessageMoveTask and ListMessageMoveTasks. A move is over when its start is answered. */
export function deadLetterQueues(store: SqsStore): SqsGap {
  const tasks: MoveTask[] = [];
  return ({ action, body }) => {
    if (action === 'ListDeadLetterSourceQueues') return listSources(store, body);
    if (action === 'ListMessageMoveTasks') {
      const max = typeof body['MaxResults'] === 'number' ? body['MaxResults'] : 1;
      return { Results: tasks.filter((task) => task.SourceArn === body['SourceArn']).slice(0, max) };
    }
    if (action !== 'StartMessageMoveTask') return undefined;
    const { source, destination } = moveOf(store, body);
    tasks.unshift({
      Status: 'COMPLETED',
      SourceArn: source.arn,
      ...(body['DestinationArn'] === undefined ? {} : { DestinationArn: destination.arn }),
      ...moveAll(source, destination),
      StartedTimestamp: Date.now(),
    });
    return { TaskHandle: randomUUID() };
  };
}

function listSources(store: SqsStore, body: Fields): Fields {
  const queue = store.getQueue(String(body['QueueUrl']));
  if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return { queueUrls: sourcesOf(store, queue.arn).map((source) => source.url) };
}

function moveOf(store: SqsStore, body: Fields): { readonly source: Queue; readonly destination: Queue } {
  const source = existing(store, body, 'SourceArn');
  const sources = sourcesOf(store, source.arn);
  const [only, ...others] = sources;
  if (only === undefined) {
    throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
  }
  if (body['DestinationArn'] !== undefined)
    return { source, destination: existing(store, body, 'DestinationArn') };
  if (others.length > 0) {
    throw new AwsError(
      'InvalidParameterValue',
      'Several queues use this dead-letter queue, and where each message came from is not kept locally: give a DestinationArn.',
    );
  }
  return { source, destination: only };
}

function moveAll(
  source: Queue,
  destination: Queue,
): Pick<MoveTask, 'ApproximateNumberOfMessagesMoved' | 'ApproximateNumberOfMessagesToMove'> {
  if (source.isFifo()) {
    throw new AwsError('UnsupportedOperation', 'Only standard queues can be redriven locally.');
  }
  source.processTimers();
  const messages = source.messages.splice(0);
  for (const message of messages) {
    message.approximateReceiveCount = 0;
    message.approximateFirstReceiveTimestamp = undefined;
    message.delayUntil = undefined;
    // Not deleted first: the file knows a message once, by its id, and this row replaces the old one in one step.
    destination.enqueue(message);
  }
  return {
    ApproximateNumberOfMessagesMoved: messages.length,
    ApproximateNumberOfMessagesToMove: messages.length,
  };
}

function existing(store: SqsStore, body: Fields, parameter: 'SourceArn' | 'DestinationArn'): Queue {
  const queue = store.getQueueByArn(String(body[parameter]));
  if (queue !== undefined) return queue;
  throw new AwsError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    404,
  );
}

/** The queues whose redrive policy names `arn`. */
function sourcesOf(store: SqsStore, arn: string): Queue[] {
  return [...store.allQueues()].filter((queue) => {
    const policy = queue.attributes['RedrivePolicy'];
    return policy !== undefined && deadLetterTargetOf(queue, policy) === arn;
  });
}

function deadLetterTargetOf(queue: Queue, policy: string): unknown {
  try {
    return JSON.parse(policy)?.deadLetterTargetArn;
  } catch (cause) {
    throw new AwsError(
      'InvalidAttributeValue',
      `The RedrivePolicy of ${queue.name} is not JSON: ${String(cause)}`,
    );
  }
}
