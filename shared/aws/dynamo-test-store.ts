import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { StoredTest, TestStore } from '../connectivity/test-store.ts';
import type { TenantConnector } from '../connectors/connector-id.ts';
import { connectorPartition, type Item } from './stream-item.ts';

export interface DynamoTestStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** Beside the connector's streams, so that one query shows both. */
export const testSortKey = 'TEST';

/** The last test of each connector in the state table. */
export function createDynamoTestStore({ client, table }: DynamoTestStoreOptions): TestStore {
  const keyOf = ({ tenant, id }: TenantConnector) => ({
    pk: connectorPartition(tenant, id),
    sk: testSortKey,
  });
  return {
    async begin(connector, now, until) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(connector),
            UpdateExpression: 'SET runningUntil = :until',
            ConditionExpression: 'attribute_not_exists(runningUntil) OR runningUntil <= :now',
            ExpressionAttributeValues: { ':until': until, ':now': now },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async finish(connector, { at, report }) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf(connector),
          // As text: nobody looks into it here, and a document holds no undefined.
          UpdateExpression: 'SET testedAt = :at, report = :report REMOVE runningUntil',
          ExpressionAttributeValues: { ':at': at, ':report': JSON.stringify(report) },
        }),
      );
    },

    async abandon(connector) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf(connector),
          UpdateExpression: 'REMOVE runningUntil',
        }),
      );
    },

    async last(connector) {
      const { Item: item } = await client.send(
        new GetCommand({ TableName: table, Key: keyOf(connector), ConsistentRead: true }),
      );
      return item === undefined ? undefined : testFromItem(item);
    },
  };
}

/** Undefined where no test has ended yet. */
export function testFromItem(item: Item): StoredTest | undefined {
  const { testedAt, report } = item;
  if (typeof testedAt !== 'number' || typeof report !== 'string') return undefined;
  return { at: testedAt, report: JSON.parse(report) };
}
