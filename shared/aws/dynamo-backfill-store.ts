import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type BackfillStore, noBackfill } from '../jobs/backfill.ts';
import { connectorPartition } from './stream-item.ts';

export interface DynamoBackfillStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

const sortKey = 'BACKFILL';

/** Jobs and spans of a connector in one item of the state table: they are few, and must fit together. */
export function createDynamoBackfillStore({ client, table }: DynamoBackfillStoreOptions): BackfillStore {
  return {
    async get({ tenant, id }) {
      const { Item: item } = await client.send(
        new GetCommand({
          TableName: table,
          Key: { pk: connectorPartition(tenant, id), sk: sortKey },
          ConsistentRead: true,
        }),
      );
      if (item === undefined) return noBackfill;
      const { version, content } = item;
      if (typeof version !== 'number' || typeof content !== 'string')
        throw new Error(`The backfill item of ${tenant}/${id} is not as it was written.`);
      return { version, ...JSON.parse(content) };
    },

    async put({ tenant, id }, { version, spans, jobs }) {
      const content = JSON.stringify({ spans, jobs });
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: {
              pk: connectorPartition(tenant, id),
              sk: sortKey,
              version: version + 1,
              content,
            },
            ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : '#version = :seen',
            ...(version === 0
              ? {}
              : {
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: { ':seen': version },
                }),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The SDK repeats a call whose answer was lost, and then meets its own write.
        const { Item: stored } = error;
        return stored?.['version']?.N === String(version + 1) && stored['content']?.S === content;
      }
    },
  };
}
