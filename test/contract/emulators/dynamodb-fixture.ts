import {
  type AttributeValue,
  CreateTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { type DynamoDbEmulator, startDynamoDb } from '../../../local/emulators/dynamodb/start-dynamodb.ts';
import { stateTableDefinition } from '../../support/state-table.ts';
import { accountId, region, removeDirectory, temporaryDirectory } from './emulators-setup.ts';
import { type Clients, clientsFor } from './running-emulators.ts';

// Importing this file starts a DynamoDB for the test file, with a fresh table for each test.

export const noonMs = Date.parse('2026-11-24T12:00:00Z');

let directory: string;
export let emulator: DynamoDbEmulator;
export let clients: Clients;
let nowMs = noonMs;

async function start(): Promise<void> {
  emulator = await startDynamoDb({ directory, region, accountId, now: () => nowMs });
  clients = clientsFor({
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: emulator.url,
  });
}

async function pause(): Promise<void> {
  clients.destroy();
  await emulator.close();
}

beforeAll(async () => {
  directory = temporaryDirectory();
  await start();
});
afterAll(async () => {
  await pause();
  removeDirectory(directory);
});

let tables = 0;
/** The table of the running test. */
export let TableName: string;
beforeEach(async () => {
  nowMs = noonMs;
  tables += 1;
  TableName = `state-${tables}`;
  await createTable();
});

export async function createTable(): Promise<void> {
  await clients.dynamodb.send(
    new CreateTableCommand({
      TableName,
      SSESpecification: { Enabled: true },
      DeletionProtectionEnabled: true,
      ...stateTableDefinition,
    }),
  );
  await vi.waitUntil(async () => {
    const described = await clients.dynamodb.send(new DescribeTableCommand({ TableName }));
    return described.Table?.TableStatus === 'ACTIVE';
  });
}

type Key = { pk: AttributeValue; sk: AttributeValue };

export function key(name: string): Key {
  return { pk: { S: name }, sk: { S: 'stream' } };
}

export function put(Item: Record<string, AttributeValue>, more: object = {}) {
  return clients.dynamodb.send(new PutItemCommand({ TableName, Item, ...more }));
}

export function update(name: string, more: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>) {
  return clients.dynamodb.send(new UpdateItemCommand({ TableName, Key: key(name), ...more }));
}

export async function get(name: string) {
  const input = { TableName, Key: key(name), ConsistentRead: true };
  return (await clients.dynamodb.send(new GetItemCommand(input))).Item;
}

/** The names that the due index has for a shard up to a time, in its order. */
export async function due(shard: string, until: number, Limit?: number): Promise<string[]> {
  const names: string[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await clients.dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard AND nextDueAt <= :until',
        ExpressionAttributeValues: { ':shard': { S: shard }, ':until': { N: String(until) } },
        Limit,
        ExclusiveStartKey,
      }),
    );
    names.push(...(page.Items ?? []).map((item) => item['pk']?.S ?? ''));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return names;
}

/** Moves the emulator's clock; every test starts at noon. */
export function passMs(ms: number): void {
  nowMs += ms;
}

/** Stops the emulator and starts it over the same state. */
export async function restart(): Promise<void> {
  await pause();
  await start();
}

/** Conditions of a write that only creates. */
export const whenMissing = {
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
};
