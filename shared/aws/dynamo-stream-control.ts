import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { StreamControl } from '../connectors/stream-control.ts';
import { dueShard } from '../engine/schedule.ts';
import type { StreamId } from '../engine/stream.ts';
import { streamKey } from './stream-item.ts';

export interface DynamoStreamControlOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly dueShards: number;
}

/** Streams as a whole. A stream without `dueShard` is not in the due index, whatever a worker writes. */
export function createDynamoStreamControl({
  client,
  table,
  dueShards,
}: DynamoStreamControlOptions): StreamControl {
  async function update(id: StreamId, expression: string, values?: Record<string, unknown>): Promise<void> {
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: streamKey(id),
        UpdateExpression: expression,
        ConditionExpression: 'attribute_exists(pk)',
        ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
      }),
    );
  }
  return {
    pause: (id, at) =>
      update(id, 'SET pausedAt = if_not_exists(pausedAt, :at) REMOVE dueShard', { ':at': at }),
    resume: (id, at) =>
      update(id, 'SET dueShard = :shard, nextDueAt = :at REMOVE pausedAt', {
        ':shard': dueShard(id, dueShards),
        ':at': at,
      }),
    async remove(id) {
      await client.send(new DeleteCommand({ TableName: table, Key: streamKey(id) }));
    },
  };
}
