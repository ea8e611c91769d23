import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulators, startEmulators } from '../../../local/emulators/start-emulators.ts';
import { type AwsClients, createAwsClients } from '../../../local/stack/aws-clients.ts';
import { createDynamoActionStore } from '../../../shared/aws/dynamo-action-store.ts';
import { createDynamoBackfillStore } from '../../../shared/aws/dynamo-backfill-store.ts';
import { createDynamoConnectorRegistry } from '../../../shared/aws/dynamo-connector-registry.ts';
import { createDynamoConnectorStore } from '../../../shared/aws/dynamo-connector-store.ts';
import { createDynamoDueIndex } from '../../../shared/aws/dynamo-due-index.ts';
import { createDynamoIsolationCounter } from '../../../shared/aws/dynamo-isolation-counter.ts';
import { createDynamoKeyStore } from '../../../shared/aws/dynamo-key-store.ts';
import { createDynamoMemoryStore } from '../../../shared/aws/dynamo-memory-store.ts';
import { createDynamoPacingStore } from '../../../shared/aws/dynamo-pacing-store.ts';
import { createDynamoPolicyStore } from '../../../shared/aws/dynamo-policy-store.ts';
import { createDynamoStatusReader } from '../../../shared/aws/dynamo-status-reader.ts';
import { createDynamoStreamControl } from '../../../shared/aws/dynamo-stream-control.ts';
import { createDynamoStreamStore } from '../../../shared/aws/dynamo-stream-store.ts';
import { createDynamoTestStore } from '../../../shared/aws/dynamo-test-store.ts';
import { createS3AuditLog } from '../../../shared/aws/s3-audit-log.ts';
import { createS3LakeLog } from '../../../shared/aws/s3-lake-log.ts';
import { createSecretsManagerStore } from '../../../shared/aws/secrets-manager-store.ts';
import { createSqsWorkQueue } from '../../../shared/aws/sqs-work-queue.ts';
import { stateTableDefinition } from '../../support/state-table.ts';
import { defineActionContract } from './action-contract.ts';
import { defineAuditContract } from './audit-contract.ts';
import { defineBackfillContract } from './backfill-contract.ts';
import { defineControlContract } from './control-contract.ts';
import { defineIsolationContract } from './isolation-contract.ts';
import { defineKeyContract } from './key-contract.ts';
import { defineLakeContract } from './lake-contract.ts';
import { defineMemoryContract } from './memory-contract.ts';
import { definePacingContract } from './pacing-contract.ts';
import { definePartContract } from './part-contract.ts';
import { definePolicyContract } from './policy-contract.ts';
import { defineRegistryContract } from './registry-contract.ts';
import { defineSecretContract } from './secret-contract.ts';
import { defineStateContract } from './state-contract.ts';
import { defineStatusContract } from './status-contract.ts';
import { defineTestStoreContract } from './test-store-contract.ts';

const table = 'state';
const bucket = 'lake';
let stateDir: string;
let emulators: Emulators;
let clients: AwsClients;

beforeAll(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-ports-'));
  emulators = await startEmulators({
    stateDir,
    buckets: { [bucket]: path.join(stateDir, 'lake') },
    region: 'us-east-1',
    accountId: '000000000000',
  });
  clients = createAwsClients(emulators, 'us-east-1');
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await clients.dynamodb.send(new CreateTableCommand({ TableName: table, ...stateTableDefinition }));
  await waitUntilTableExists(
    { client: clients.dynamodb, minDelay: 1, maxWaitTime: 30 },
    { TableName: table },
  );
});

afterAll(async () => {
  clients.destroy();
  await emulators.close();
  await rm(stateDir, { recursive: true });
});

describe('the state table on DynamoDB', () => {
  defineStateContract(() => ({
    streams: createDynamoStreamStore({ client: clients.documents, table, ledgerDays: 400 }),
    dueIndex: createDynamoDueIndex({ client: clients.documents, table, indexName: 'due', shards: 3 }),
    connectors: createDynamoConnectorStore({ client: clients.documents, table, dueShards: 3 }),
  }));
});

describe('streams of the past on DynamoDB', () => {
  definePartContract(() => ({
    streams: createDynamoStreamStore({ client: clients.documents, table, ledgerDays: 400 }),
    dueIndex: createDynamoDueIndex({ client: clients.documents, table, indexName: 'due', shards: 3 }),
    connectors: createDynamoConnectorStore({ client: clients.documents, table, dueShards: 3 }),
  }));
});

describe('the jobs on DynamoDB', () => {
  defineBackfillContract(() => createDynamoBackfillStore({ client: clients.documents, table }));
});

describe('the connectors on DynamoDB', () => {
  defineRegistryContract(() => createDynamoConnectorRegistry({ client: clients.documents, table }));
});

describe('stream control on DynamoDB', () => {
  defineControlContract(() => ({
    control: createDynamoStreamControl({ client: clients.documents, table, dueShards: 3 }),
    connectors: createDynamoConnectorStore({ client: clients.documents, table, dueShards: 3 }),
    dueIndex: createDynamoDueIndex({ client: clients.documents, table, indexName: 'due', shards: 3 }),
    streams: createDynamoStreamStore({ client: clients.documents, table, ledgerDays: 400 }),
  }));
});

describe('the tests of connectors on DynamoDB', () => {
  defineTestStoreContract(() => createDynamoTestStore({ client: clients.documents, table }));
});

describe('the state of connectors on DynamoDB', () => {
  defineStatusContract(() => ({
    status: createDynamoStatusReader({ client: clients.documents, table }),
    connectors: createDynamoConnectorStore({ client: clients.documents, table, dueShards: 3 }),
    control: createDynamoStreamControl({ client: clients.documents, table, dueShards: 3 }),
    tests: createDynamoTestStore({ client: clients.documents, table }),
  }));
});

describe('the audit trail on S3', () => {
  defineAuditContract(() => ({
    audit: createS3AuditLog({ client: clients.s3, bucket }),
    kept: auditRecords,
  }));
});

/** All audit records in the bucket. */
async function auditRecords(): Promise<readonly object[]> {
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const records: object[] = [];
  for (const { Key = '' } of Contents.filter(({ Key }) => Key?.includes('/index=audit/'))) {
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    for (const line of gunzipSync(bytes).toString().trimEnd().split('\n')) records.push(JSON.parse(line));
  }
  return records;
}

describe('the API keys on DynamoDB', () => {
  defineKeyContract(() => createDynamoKeyStore({ client: clients.documents, table }));
});

describe('shared pacing on DynamoDB', () => {
  definePacingContract(() => createDynamoPacingStore({ client: clients.documents, table }));
});

describe('the actions on DynamoDB', () => {
  defineActionContract(() =>
    createDynamoActionStore({ client: clients.documents, table, retentionMs: 400 * 86_400_000 }),
  );
});

describe('the response policies on DynamoDB', () => {
  definePolicyContract(() => createDynamoPolicyStore({ client: clients.documents, table }));
});

describe('the limit of isolations on DynamoDB', () => {
  defineIsolationContract(() => createDynamoIsolationCounter({ client: clients.documents, table }));
});

describe('what readings remember on DynamoDB', () => {
  defineMemoryContract(() => createDynamoMemoryStore({ client: clients.documents, table }));
});

describe('the landing zone on S3', () => {
  defineLakeContract(() => createS3LakeLog({ client: clients.s3, bucket }));
});

describe('the secret store on Secrets Manager', () => {
  defineSecretContract(() =>
    createSecretsManagerStore({ client: clients.secrets, prefix: 'sentinel-lake/test' }),
  );
});

describe('the work queue on SQS', () => {
  it('delivers every message with its tenant as the group', async () => {
    const { QueueUrl = '' } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
    const queue = createSqsWorkQueue({ client: clients.sqs, queueUrl: QueueUrl });
    const messages = Array.from({ length: 25 }, (_, i) => ({
      version: 1 as const,
      stream: { tenant: `t${i % 3}`, connector: `c${i}`, contentType: 'threats' },
    }));
    await queue.send(messages, 0);
    const received: unknown[] = [];
    while (received.length < messages.length) {
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) break;
      for (const { Body = '', Attributes } of Messages) {
        const message = JSON.parse(Body);
        expect(Attributes?.MessageGroupId).toBe(message.stream.tenant);
        received.push(message);
      }
    }
    expect(received).toHaveLength(25);
    expect(received).toStrictEqual(expect.arrayContaining(messages));
  });
});
