import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { StreamId } from '../engine/stream.ts';
import type { ConnectorStore, LedgerEntry } from '../ports.ts';
import { ledgerFromItem, ledgerPartition, ledgerSortKey } from './ledger-item.ts';
import { connectorPartition, type Item, newStreamItem, streamFromItem, streamKey } from './stream-item.ts';

export interface DynamoConnectorStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly dueShards: number;
}

/** The state table as those see it who make streams and watch them. */
export function createDynamoConnectorStore({
  client,
  table,
  dueShards,
}: DynamoConnectorStoreOptions): ConnectorStore {
  async function query(partition: string, from: string, to: string): Promise<Item[]> {
    const items: Item[] = [];
    let startKey: Item | undefined;
    do {
      const page: { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': partition, ':from': from, ':to': to },
          ConsistentRead: true,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      items.push(...(page.Items ?? []));
      startKey = page.LastEvaluatedKey;
    } while (startKey !== undefined);
    return items;
  }

  return {
    async ensureStream(id, start) {
      const key = streamKey(id);
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...key, ...newStreamItem(id, { ...start, dueShards }) },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: key,
            UpdateExpression: 'SET settings = :settings',
            // A stream that was deleted meanwhile must not come back as an item of one attribute.
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':settings': start.settings },
          }),
        );
      }
    },

    async streams(tenant, connector) {
      const items = await query(connectorPartition(tenant, connector), 'STREAM#', 'STREAM#\uffff');
      return items.map(streamFromItem);
    },

    async parts(tenant, connector) {
      const items = await query(connectorPartition(tenant, connector), 'PART#', 'PART#\uffff');
      return items.map(streamFromItem);
    },

    async makeDue(id: StreamId, at: number) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: streamKey(id),
          UpdateExpression: 'SET nextDueAt = :at',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':at': at },
        }),
      );
    },

    async ledger(id: StreamId, from: number, to: number): Promise<readonly LedgerEntry[]> {
      if (to <= from) return [];
      const items = await query(ledgerPartition(id), ledgerSortKey(from), ledgerSortKey(to - 1));
      return items.map((item) => ledgerFromItem(id, item));
    },
  };
}
