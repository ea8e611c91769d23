import { setTimeout } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { type StreamId, streamName } from '../engine/stream.ts';
import { isObject, type Json } from '../json.ts';
import type { Memory, MemoryStore } from '../ports.ts';
import { parseLossless } from '../sentinelone/lossless-json.ts';
import type { Item } from './stream-item.ts';

export interface DynamoMemoryStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Resolves after so many milliseconds; a timer where absent. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** DynamoDB takes no more keys in one call, and answers with 16 MB at most. */
const mostKeys = 100;
/** Calls in a row that DynamoDB answered with none of the keys, before that counts as a failure. */
const mostFruitlessCalls = 6;
/** Before the second such call, milliseconds; it doubles with each. */
const firstPauseMs = 50;

/** What readings remember, in the state table: one item per key, in a partition of its own, each write conditional. */
export function createDynamoMemoryStore(options: DynamoMemoryStoreOptions): MemoryStore {
  const { client, table, pause = setTimeout } = options;

  async function getSome(owner: StreamId, keys: readonly string[]): Promise<readonly Item[]> {
    const pk = partition(owner);
    let wanted: Record<string, unknown>[] = keys.map((sk) => ({ pk, sk }));
    const items: Item[] = [];
    let fruitless = 0;
    while (wanted.length > 0) {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      items.push(...(Responses?.[table] ?? []));
      const left = UnprocessedKeys?.[table]?.Keys ?? [];
      fruitless = left.length === wanted.length ? fruitless + 1 : 0;
      if (fruitless === mostFruitlessCalls)
        throw new Error(`DynamoDB did not get to ${left.length} keys of ${pk}.`);
      if (fruitless > 0) await pause(firstPauseMs * 2 ** (fruitless - 1));
      wanted = left;
    }
    return items;
  }

  return {
    async get(owner, keys) {
      const found = new Map<string, Memory>();
      const distinct = [...new Set(keys)];
      for (let from = 0; from < distinct.length; from += mostKeys) {
        for (const item of await getSome(owner, distinct.slice(from, from + mostKeys))) {
          const memory = memoryFromItem(item);
          found.set(memory.key, memory);
        }
      }
      return found;
    },

    async page(owner, after, limit) {
      const items: Item[] = [];
      let start: Item | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
            ExpressionAttributeValues: {
              ':pk': partition(owner),
              ...(after === undefined ? {} : { ':after': after }),
            },
            Limit: limit - items.length,
            ConsistentRead: true,
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        items.push(...Items);
        // DynamoDB stops at 1 MB, whatever the limit.
        start = LastEvaluatedKey;
      } while (start !== undefined && items.length < limit);
      return items.map(memoryFromItem);
    },

    async put(owner, { key, value, version }, forgetAt) {
      const pk = partition(owner);
      const condition = {
        TableName: table,
        // A forgotten key begins again with version 0.
        ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : 'version = :version',
        ...(version === 0 ? {} : { ExpressionAttributeValues: { ':version': version } }),
      };
      try {
        if (value === null) {
          await client.send(new DeleteCommand({ ...condition, Key: { pk, sk: key } }));
        } else {
          const item = {
            pk,
            sk: key,
            version: version + 1,
            // Text, because DynamoDB's numbers are not JSON's.
            value: JSON.stringify(value),
            // DynamoDB counts in seconds.
            ...(forgetAt === undefined ? {} : { expiresAt: Math.ceil(forgetAt / 1000) }),
          };
          await client.send(new PutCommand({ ...condition, Item: item }));
        }
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return false;
      }
    },
  };
}

function partition(owner: StreamId): string {
  return `MEMORY#${streamName(owner)}`;
}

function memoryFromItem(item: Item): Memory {
  const { sk, version, value } = item;
  const parsed: Json | undefined = typeof value === 'string' ? parseLossless(value) : undefined;
  if (typeof sk !== 'string' || typeof version !== 'number' || !isObject(parsed))
    throw new Error(`Memory item ${String(item['pk'])} ${String(sk)} is not as it was written.`);
  return { key: sk, value: parsed, version };
}
