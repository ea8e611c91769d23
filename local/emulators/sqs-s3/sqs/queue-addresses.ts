import { AwsError } from '../../aws-error.ts';
import type { Queue, SqsStore } from '../fauxqs-internals.ts';

/** The account that fauxqs writes into everything. */
const builtInAccount = '000000000000';

/**
 * Makes ARNs and queue URLs carry our account and the address that clients really use.
 * @throws Error when a stored queue belongs to another region or account.
 */
export function useAddresses(store: SqsStore, region: string, accountId: string): void {
  const arnOf = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
  for (const queue of store.allQueues()) {
    if (queue.arn === arnOf(queue.name)) continue;
    throw new Error(
      `The stored queue ${queue.arn} is not of region ${region} and account ${accountId}: ` +
        'start with the former ones, or choose another stateDir.',
    );
  }
  // Without a host name, URLs start with the address the request came to: no name that needs resolving.
  store.host = undefined;
  store.region = region;

  const buildQueueUrl = store.buildQueueUrl.bind(store);
  const createQueue = store.createQueue.bind(store);
  const getQueueByArn = store.getQueueByArn.bind(store);
  const ours = (address: string) => address.replace(builtInAccount, accountId);
  store.buildQueueUrl = (...values) => ours(buildQueueUrl(...values));
  store.getQueueByArn = (arn) => getQueueByArn(ours(arn));
  store.createQueue = (name, url, arn, ...rest) => {
    // A second queue of the same name would take the first one's place in the file, and its messages with it.
    if (ours(arn) !== arnOf(name)) {
      throw new AwsError('InvalidAddress', `This SQS serves region ${region} only: set AWS_REGION to it.`);
    }
    return createQueue(name, url, ours(arn), ...rest);
  };
}

/** Queues that were loaded have the URL of the run before, with a port that nobody listens on any more. */
export function moveQueuesTo(store: SqsStore, baseUrl: string, accountId: string): void {
  const queues: Queue[] = [...store.allQueues()];
  store.queues.clear();
  for (const queue of queues) {
    queue.url = `${baseUrl}/${accountId}/${queue.name}`;
    store.queues.set(queue.url, queue);
  }
}
