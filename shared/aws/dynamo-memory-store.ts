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
}

/** DynamoDB takes no more keys in one call. */
const mostKeys = 100;
/** Calls for keys that DynamoDB did not get to, before that counts as a failure. */
const mostCalls = 10;

/** What readings remember, in the state table: one item per key, in a partition of its own, each write conditional. */
export function createDynamoMemoryStore({ client, table }: DynamoMemoryStoreOptions): MemoryStore {
  async function getSome(owner: StreamId, keys: readonly string[]): Promise<readonly Item[]> {
    const pk = partition(owner);
    let wanted: Record<string, unknown>[] = keys.map((sk) => ({ pk, sk }));
    const items: Item[] = [];
    for (let call = 0; wanted.length > 0; call++) {
      if (call === mostCalls) throw new Error(`DynamoDB did not get to ${wanted.length} keys of ${pk}.`);
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      items.push(...(Responses?.[table] ?? []));
      wanted = UnprocessedKeys?.[table]?.Keys ?? [];
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
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
          ExpressionAttributeValues: {
            ':pk': partition(owner),
            ...(after === undefined ? {} : { ':after': after }),
          },
          Limit: limit,
          ConsistentRead: true,
        }),
      );
      return Items.map(memoryFromItem);
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
