import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSEvent } from 'aws-lambda';
import { startConsole } from '../local/console/console.ts';
import { startEmulators } from '../local/emulators/start-emulators.ts';
import { type AwsClients, createAwsClients } from '../local/stack/aws-clients.ts';
import { createDynamoConnectorStore } from '../shared/aws/dynamo-connector-store.ts';
import { createSaveDependencies } from '../shared/aws/save-dependencies.ts';
import { streamKey } from '../shared/aws/stream-item.ts';
import { saveConnector } from '../shared/connectors/save-connector.ts';
import { contentTypeIds } from '../shared/content-types/registry.ts';
import { stateTableDefinition } from '../test/support/state-table.ts';

/** What a stream without anything new costs for each of its ticks, counted on the wire. */
export interface IdleTick {
  /** AWS calls of one tick, fan-out, queue and worker together, by service and operation. Lambda's poller makes the receive and the delete. */
  readonly calls: Readonly<Record<string, number>>;
  /** Writes of the state table among them; the target is 2. */
  readonly stateWrites: number;
  /** The target is 0. */
  readonly objects: number;
  readonly consoleRequests: number;
  /** Of the stream's item in the table. Up to 1,024 a write costs one unit. */
  readonly itemBytes: number;
}

const account = { region: 'us-east-1', accountId: '000000000000' };
const table = 'state';
const bucket = 'lake';
const id = { tenant: 'bench', connector: 'idle', contentType: contentTypeIds[0] ?? '' };

/** The real handlers over the emulators and a console without records; the third tick, when everything is warm, counts. */
export async function measureIdleTick(): Promise<IdleTick> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-idle-'));
  const emulators = await startEmulators({
    ...account,
    stateDir,
    buckets: { [bucket]: path.join(stateDir, 'lake') },
  });
  const console = await startConsole({ seed: 1, epochMs: Date.now(), historyMs: 1, threats: 0, agents: 0 });
  const clients = createAwsClients(emulators, account.region);
  const ownEnvironment = { ...process.env };
  try {
    const queueUrl = await createResources(clients, { hostUrl: console.url, apiToken: console.tokens.admin });
    Object.assign(process.env, emulators.environment, functionEnvironment(queueUrl));
    const fanOut = (await import('../functions/fan-out/handler.ts')).handler;
    const worker = (await import('../functions/worker/handler.ts')).handler;
    const connectors = createDynamoConnectorStore({ client: clients.documents, table, dueShards: 1 });
    let calls: Readonly<Record<string, number>> = {};
    let requests = 0;
    for (let tick = 0; tick < 3; tick++) {
      // A stream's ticks are minutes apart; a process that was asked for this console just now would take a share of its limit.
      if (tick === 2) await delay(11_000);
      await connectors.makeDue(id, Date.now());
      const before = console.requests.length;
      calls = await countCalls(async () => {
        await fanOut({}, context);
        const { Messages: [message] = [] } = await clients.sqs.send(
          new ReceiveMessageCommand({ QueueUrl: queueUrl, MessageSystemAttributeNames: ['All'] }),
        );
        if (message === undefined) throw new Error('The fan-out has sent nothing.');
        const { Body: body, Attributes: attributes, ReceiptHandle } = message;
        const event = { Records: [{ messageId: `m${tick}`, body, attributes }] } as unknown as SQSEvent;
        const { batchItemFailures } = await worker(event, context);
        if (batchItemFailures.length > 0) throw new Error('The worker has failed.');
        await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      });
      requests = console.requests.length - before;
    }
    const writes = ['DynamoDB UpdateItem', 'DynamoDB PutItem'];
    return {
      calls,
      stateWrites: writes.reduce((sum, name) => sum + (calls[name] ?? 0), 0),
      objects: calls['S3 PUT'] ?? 0,
      consoleRequests: requests,
      itemBytes: await itemBytes(clients),
    };
  } finally {
    // The figures that follow have servers of their own, and their processes would look for these.
    process.env = ownEnvironment;
    clients.destroy();
    await console.close();
    await emulators.close();
    await rm(stateDir, { recursive: true });
  }
}

async function createResources(
  clients: AwsClients,
  credentials: { readonly hostUrl: string; readonly apiToken: string },
): Promise<string> {
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await clients.dynamodb.send(new CreateTableCommand({ TableName: table, ...stateTableDefinition }));
  const { QueueUrl = '' } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
  const now = Date.now();
  await saveConnector(
    {
      ...{
        tenant: id.tenant,
        id: id.connector,
        name: 'Idle',
        tenantName: 'Bench',
        hostUrl: credentials.hostUrl,
      },
      ...{
        contentTypes: [id.contentType],
        since: now - 600_000,
        siteIds: [],
        accountIds: [],
        createdAt: now,
      },
    },
    credentials,
    createSaveDependencies({
      documents: clients.documents,
      secrets: clients.secrets,
      table,
      dueShards: 1,
      secretPrefix: 'bench',
    }),
  );
  return QueueUrl;
}

/** As infra/ sets it for the two functions. */
function functionEnvironment(queueUrl: string): Record<string, string> {
  return {
    STATE_TABLE: table,
    DUE_INDEX: 'due',
    DUE_SHARDS: '1',
    QUEUE_URL: queueUrl,
    CLAIM_SECONDS: '900',
    // No action is due, so nothing is sent to it.
    ACTION_QUEUE_URL: queueUrl,
    ACTION_CLAIM_SECONDS: '120',
    LAKE_BUCKET: bucket,
    SECRET_PREFIX: 'bench',
    LEASE_SECONDS: '150',
    DEADLINE_MARGIN_SECONDS: '20',
    LEDGER_DAYS: '400',
    CONSOLE_HOST_SUFFIXES: '.sentinelone.net',
    CONSOLE_LOOPBACK: 'allowed',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
}

const context = {
  awsRequestId: 'bench',
  functionName: 'bench',
  getRemainingTimeInMillis: () => 120_000,
} as Context;

/** Every request to AWS while the task runs: whatever the SDK does on its own is in it as well. */
async function countCalls(task: () => Promise<void>): Promise<Readonly<Record<string, number>>> {
  const calls: Record<string, number> = {};
  const count = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    const target = request.getHeader('x-amz-target');
    const isS3 = String(request.getHeader('user-agent')).includes('api/s3');
    if (target === undefined && !isS3) return;
    const name = isS3 ? `S3 ${request.method}` : operationOf(String(target));
    calls[name] = (calls[name] ?? 0) + 1;
  };
  subscribe('http.client.request.start', count);
  try {
    await task();
  } finally {
    unsubscribe('http.client.request.start', count);
  }
  return calls;
}

/** `DynamoDB_20120810.UpdateItem` is `DynamoDB UpdateItem`. */
function operationOf(target: string): string {
  const [service = '', operation = ''] = target.split('.');
  return `${service.replace(/_.*/, '').replace('AmazonSQS', 'SQS')} ${operation}`;
}

/** About what DynamoDB charges for: names and values as UTF-8. */
async function itemBytes(clients: AwsClients): Promise<number> {
  const { Item = {} } = await clients.documents.send(
    new GetCommand({ TableName: table, Key: streamKey(id) }),
  );
  return Buffer.byteLength(JSON.stringify(Item).replaceAll(/["{}[\],:]/g, ''));
}
