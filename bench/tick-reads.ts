import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { startDynamoDb } from '../local/emulators/dynamodb/start-dynamodb.ts';
import { createDynamoDueIndex } from '../shared/aws/dynamo-due-index.ts';
import { newStreamItem, streamKey } from '../shared/aws/stream-item.ts';
import { fanOut } from '../shared/engine/fan-out.ts';
import { MemoryQueue } from '../test/support/memory/memory-queue.ts';
import { stateTableDefinition } from '../test/support/state-table.ts';
import { lambdaEnvironment } from './deployed-functions.ts';
import { rounded } from './median.ts';

/** One figure: what a tick asks of the table, by the table's own count. */
export interface TickReads {
  readonly streams: number;
  readonly due: number;
  readonly queries: number;
  readonly itemsRead: number;
  readonly readUnits: number;
  readonly claims: number;
  /** Items read for each due stream; 1 is what there is to read. */
  readonly ratio: number;
  /** Seconds that filling the table took, which is the benchmark's and not the tick's. */
  readonly loadSeconds: number;
}

const table = 'state';
const dueCount = 100;
const shards = 4;
const now = Date.parse('2026-11-24T12:00:00Z');
const settings = { tenantName: 'T', connectorName: 'C', intervalMs: 300_000, siteIds: [], accountIds: [] };

/** A tick of the fan-out over the embedded DynamoDB with more and more streams, of which the same number is due. */
export async function measureTickReads(): Promise<readonly TickReads[]> {
  const figures: TickReads[] = [];
  for (const streams of [1_000, 10_000, 80_000]) figures.push(await tickOver(streams));
  return figures;
}

async function tickOver(streams: number): Promise<TickReads> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-bench-'));
  const dynamodb = await startDynamoDb({ directory, region: 'us-east-1', accountId: '000000000000' });
  const client = new DynamoDBClient({
    endpoint: dynamodb.url,
    region: 'us-east-1',
    credentials: {
      accessKeyId: lambdaEnvironment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: lambdaEnvironment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  try {
    await client.send(new CreateTableCommand({ TableName: table, ...stateTableDefinition }));
    await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName: table });
    const startedAt = performance.now();
    await load(client, streams);
    const loadSeconds = (performance.now() - startedAt) / 1000;
    return { streams, ...(await tick(client)), loadSeconds: rounded(loadSeconds) };
  } finally {
    client.destroy();
    await dynamodb.close();
    await rm(directory, { recursive: true });
  }
}

/** One tick, with the requests and the counts of every answer noted on the client. */
async function tick(client: DynamoDBClient): Promise<Omit<TickReads, 'streams' | 'loadSeconds'>> {
  const counts = { Query: 0, UpdateItem: 0 };
  let itemsRead = 0;
  let readUnits = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName).replace(/Command$/, '') as keyof typeof counts;
      counts[command] += 1;
      const input = command === 'Query' ? { ...args.input, ReturnConsumedCapacity: 'TOTAL' } : args.input;
      const result = await next({ ...args, input });
      const output = result.output as {
        ScannedCount?: number;
        ConsumedCapacity?: { CapacityUnits?: number };
      };
      itemsRead += output.ScannedCount ?? 0;
      readUnits += output.ConsumedCapacity?.CapacityUnits ?? 0;
      return result;
    },
    { step: 'initialize' },
  );
  const { due } = await fanOut({
    clock: { now: () => now },
    dueIndex: createDynamoDueIndex({
      client: DynamoDBDocumentClient.from(client),
      table,
      indexName: 'due',
      shards,
    }),
    queue: new MemoryQueue(),
    claimMs: 900_000,
    deadline: Number.POSITIVE_INFINITY,
  });
  return {
    due,
    queries: counts.Query,
    itemsRead,
    readUnits,
    claims: counts.UpdateItem,
    ratio: rounded(itemsRead / due, 2),
  };
}

/** Eight streams of each connector; every n-th is due, the others in the next five minutes. */
async function load(client: DynamoDBClient, streams: number): Promise<void> {
  const every = streams / dueCount;
  const batches = Array.from({ length: streams / 25 }, (_, batch) =>
    Array.from({ length: 25 }, (_, i) => batch * 25 + i),
  );
  async function lane(): Promise<void> {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      const requests = batch.map((n) => ({
        PutRequest: {
          Item: marshall(item(n, n % every === 0 ? now - (n % 1000) : now + 1 + (n % 300_000))),
        },
      }));
      const { UnprocessedItems: left = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
      );
      if (Object.keys(left).length > 0) throw new Error('The table did not take every item.');
    }
  }
  await Promise.all(Array.from({ length: 8 }, lane));
}

function item(n: number, nextDueAt: number) {
  const id = {
    tenant: `tenant-${Math.floor(n / 8)}`,
    connector: 'edr',
    contentType: `type-${n % 8}`,
  };
  return {
    ...streamKey(id),
    ...newStreamItem(id, { since: now, settings, nextDueAt, now, dueShards: shards }),
  };
}
