import {
  CreateTableCommand,
  type CreateTableCommandInput,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { BucketAlreadyOwnedByYou, CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { QueueModel, StackModel, TableModel } from '../template/stack-model.ts';
import type { AwsClients } from './aws-clients.ts';

/** Creates what the template names, as far as it does not exist from an earlier start. */
export async function createResources(model: StackModel, clients: AwsClients): Promise<void> {
  // A queue with a redrive policy needs its dead-letter queue first.
  const queues = [...model.queues].sort((a, b) => redrives(a) - redrives(b));
  for (const queue of queues) await createQueue(queue, clients);
  for (const { name } of model.buckets) {
    try {
      await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
    } catch (error) {
      if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
    }
  }
  for (const table of model.tables) await createTable(table, clients);
}

function redrives({ attributes }: QueueModel): number {
  return attributes['RedrivePolicy'] === undefined ? 0 : 1;
}

async function createQueue({ name, attributes }: QueueModel, { sqs }: AwsClients): Promise<void> {
  // Created bare and configured after, so that a changed template also reaches a queue that exists.
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { ...attributes } }));
}

async function createTable({ name, properties }: TableModel, { dynamodb }: AwsClients): Promise<void> {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode } = properties as Partial<
    Pick<
      CreateTableCommandInput,
      'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes' | 'BillingMode'
    >
  >;
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: name,
        KeySchema,
        AttributeDefinitions,
        GlobalSecondaryIndexes,
        BillingMode,
      }),
    );
    // A table is there a moment after it was created, here as well.
    await waitUntilTableExists({ client: dynamodb, minDelay: 1, maxWaitTime: 30 }, { TableName: name });
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const timeToLive = properties['TimeToLiveSpecification'] as
    | { AttributeName: string; Enabled: boolean }
    | undefined;
  if (timeToLive !== undefined) {
    await dynamodb.send(
      new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: timeToLive }),
    );
  }
}
