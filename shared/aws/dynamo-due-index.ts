import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DueIndex, DueStream } from '../ports.ts';
import { streamIdFromKey, streamKey } from './stream-item.ts';

export interface DynamoDueIndexOptions {
  /** Not the document client: a tick claims thousands of streams, and that client's work is a sixth of a claim's. */
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly indexName: string;
  /** Partitions of the index; the number that the streams were created with. */
  readonly shards: number;
}

type Item = Record<string, AttributeValue>;

/** A partition of the index that is not read to its end. */
interface OpenShard {
  readonly shard: number;
  readonly startKey?: Item;
}

/** Items per query: few enough that a tick does not hold all that is due, and that all shards are claimed from by turns. */
const pageSize = 500;

/**
 * The sparse index `due` of the state table: a tick reads what is due and nothing else. All shards are read side by side,
 * because DynamoDB takes 1,000 writes a second in each, and a claim is two writes to its shard.
 */
export function createDynamoDueIndex({ client, table, indexName, shards }: DynamoDueIndexOptions): DueIndex {
  async function query({ shard, startKey }: OpenShard, now: number) {
    const { Items: items = [], LastEvaluatedKey: next } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: indexName,
        KeyConditionExpression: 'dueShard = :shard AND nextDueAt <= :now',
        ExpressionAttributeValues: { ':shard': { S: `due#${shard}` }, ':now': { N: String(now) } },
        Limit: pageSize,
        ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
      }),
    );
    return { items, rest: next === undefined ? [] : [{ shard, startKey: next }] };
  }

  return {
    async *due(now) {
      let open: readonly OpenShard[] = Array.from({ length: shards }, (_, shard) => ({ shard }));
      while (open.length > 0) {
        const pages = await Promise.all(open.map((shard) => query(shard, now)));
        const read = pages.flatMap(({ items }) => items.map(readItem));
        if (read.length > 0) {
          yield {
            streams: read.filter((item) => typeof item !== 'string'),
            unreadable: read.filter((item) => typeof item === 'string'),
          };
        }
        open = pages.flatMap(({ rest }) => rest);
      }
    },

    async claim(due, until) {
      const claimId = randomUUID();
      const { pk, sk } = streamKey(due.id);
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { pk: { S: pk }, sk: { S: sk } },
            UpdateExpression: 'SET nextDueAt = :until, claimId = :claimId',
            ConditionExpression: 'nextDueAt = :seen',
            ExpressionAttributeValues: {
              ':until': { N: String(until) },
              ':claimId': { S: claimId },
              ':seen': { N: String(due.nextDueAt) },
            },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          // The SDK repeats a call whose answer was lost, and then meets its own claim.
          return error.Item?.['claimId']?.S === claimId;
        }
        throw error;
      }
    },
  };
}

/** The stream that the item stands for; the item's key where it is none. */
function readItem({ pk, sk, nextDueAt }: Item): DueStream | string {
  const id = streamIdFromKey(pk?.S, sk?.S);
  // The index's own key: an item without a number here is not in it.
  const dueAt = Number(nextDueAt?.N);
  return id === undefined ? `${pk?.S} ${sk?.S}` : { id, nextDueAt: dueAt };
}
