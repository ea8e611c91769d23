import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Due, DueIndex } from '../ports.ts';
import type { Item } from './stream-item.ts';

/** The due index of the state table. */
export interface DynamoDueOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly indexName: string;
}

/** One kind of items in the due index. */
export interface DueKind<Id> {
  /** The partitions of the index that hold this kind, as `dueShard` names them, e.g. `due#0`. */
  readonly shards: readonly string[];
  readonly keyOf: (id: Id) => { readonly pk: string; readonly sk: string };
  /** The inverse; undefined for items that are not of the kind. */
  readonly idFromKey: (pk: unknown, sk: unknown) => Id | undefined;
}

/** A partition of the index that is not read to its end. */
interface OpenShard {
  readonly shard: string;
  readonly startKey?: Item;
}

/** Items per query: few enough that a tick does not hold all that is due, and that all shards are claimed from by turns. */
const pageSize = 500;

/**
 * One kind of items in the sparse index `due` of the state table: a tick reads what is due and nothing else. All shards are read
 * side by side, because DynamoDB takes 1,000 writes a second in each, and a claim is two writes to its shard.
 */
export function createDynamoDueItems<Id>(
  { client, table, indexName }: DynamoDueOptions,
  { shards, keyOf, idFromKey }: DueKind<Id>,
): DueIndex<Id> {
  async function query({ shard, startKey }: OpenShard, now: number) {
    const { Items: items = [], LastEvaluatedKey: next } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: indexName,
        KeyConditionExpression: 'dueShard = :shard AND nextDueAt <= :now',
        ExpressionAttributeValues: { ':shard': shard, ':now': now },
        Limit: pageSize,
        ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
      }),
    );
    return { items, rest: next === undefined ? [] : [{ shard, startKey: next }] };
  }

  /** What the item stands for; the item's key where it is not of the kind. */
  function readItem({ pk, sk, nextDueAt }: Item): Due<Id> | string {
    const id = idFromKey(pk, sk);
    // The due time is the index's own key: an item without a number there is not in it.
    return id === undefined ? `${String(pk)} ${String(sk)}` : { id, nextDueAt: Number(nextDueAt) };
  }

  return {
    async *due(now) {
      let open: readonly OpenShard[] = shards.map((shard) => ({ shard }));
      while (open.length > 0) {
        const pages = await Promise.all(open.map((shard) => query(shard, now)));
        const read = pages.flatMap(({ items }) => items.map(readItem));
        if (read.length > 0) {
          yield {
            items: read.filter((item) => typeof item !== 'string'),
            unreadable: read.filter((item) => typeof item === 'string'),
          };
        }
        open = pages.flatMap(({ rest }) => rest);
      }
    },

    async claim(due, until) {
      const claimId = randomUUID();
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(due.id),
            UpdateExpression: 'SET nextDueAt = :until, claimId = :claimId',
            ConditionExpression: 'nextDueAt = :seen',
            ExpressionAttributeValues: { ':until': until, ':claimId': claimId, ':seen': due.nextDueAt },
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
