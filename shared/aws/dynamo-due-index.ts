import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DueIndex, DueStream } from '../ports.ts';
import { streamIdFromKey, streamKey } from './stream-item.ts';

export interface DynamoDueIndexOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly indexName: string;
  /** Partitions of the index; the number that the streams were created with. */
  readonly shards: number;
}

/** The sparse index `due` of the state table: a tick reads what is due and nothing else. */
export function createDynamoDueIndex({ client, table, indexName, shards }: DynamoDueIndexOptions): DueIndex {
  return {
    async *due(now) {
      for (let shard = 0; shard < shards; shard++) {
        let startKey: Record<string, unknown> | undefined;
        do {
          const page: {
            Items?: Record<string, unknown>[] | undefined;
            LastEvaluatedKey?: Record<string, unknown> | undefined;
          } = await client.send(
            new QueryCommand({
              TableName: table,
              IndexName: indexName,
              KeyConditionExpression: 'dueShard = :shard AND nextDueAt <= :now',
              ExpressionAttributeValues: { ':shard': `due#${shard}`, ':now': now },
              ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
            }),
          );
          startKey = page.LastEvaluatedKey;
          const streams = (page.Items ?? []).map(dueStream);
          if (streams.length > 0) yield streams;
        } while (startKey !== undefined);
      }
    },

    async claim(due, until) {
      const claimId = randomUUID();
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: streamKey(due.id),
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

function dueStream(item: Record<string, unknown>): DueStream {
  const id = streamIdFromKey(item['pk'], item['sk']);
  const nextDueAt = item['nextDueAt'];
  if (id === undefined || typeof nextDueAt !== 'number') {
    throw new Error(
      `The due index holds something that is no stream: ${String(item['pk'])} ${String(item['sk'])}`,
    );
  }
  return { id, nextDueAt };
}
