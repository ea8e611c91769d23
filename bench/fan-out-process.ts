/**
 * One run of the fan-out in a process as large as the function, with the real adapters and SDK clients. Started by
 * `fan-out-80000.ts`, never by hand. The only message to the parent is a `FanOutRun`.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDueIndex } from '../shared/aws/dynamo-due-index.ts';
import { createSqsWorkQueue } from '../shared/aws/sqs-work-queue.ts';
import { fanOut } from '../shared/engine/fan-out.ts';
import { reportRun } from './fan-out-run.ts';

// As functions/fan-out/handler.ts wires them.
const dueIndex = createDynamoDueIndex({
  client: DynamoDBDocumentClient.from(new DynamoDBClient()),
  table: 'SentinelLake-StateTable',
  indexName: 'due',
  shards: Number(process.argv[2]),
});
const queue = createSqsWorkQueue({
  client: new SQSClient(),
  queueUrl: `${process.env['AWS_ENDPOINT_URL']}/000000000000/work`,
});

await reportRun(async () => {
  const { sent } = await fanOut({
    clock: { now: Date.now },
    dueIndex,
    queue,
    claimMs: 900_000,
    deadline: Number.POSITIVE_INFINITY,
  });
  return sent;
});
