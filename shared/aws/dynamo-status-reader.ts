import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Stream } from '../engine/stream.ts';
import type { StatusReader } from '../status/connector-status.ts';
import { testFromItem, testSortKey } from './dynamo-test-store.ts';
import {
  connectorPartition,
  type Item,
  MalformedItem,
  streamFromItem,
  streamIdFromKey,
} from './stream-item.ts';

export interface DynamoStatusReaderOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** A connector's streams and its last test: mostly one query, because they lie in one partition. */
export function createDynamoStatusReader({ client, table }: DynamoStatusReaderOptions): StatusReader {
  return {
    async read({ tenant, id }) {
      const items: Item[] = [];
      let startKey: Item | undefined;
      // Of a connector with many filters the items are more than the 1 MB that one answer holds.
      do {
        const page: { Items?: Item[] | undefined; LastEvaluatedKey?: Item | undefined } = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
            ExpressionAttributeValues: {
              ':pk': connectorPartition(tenant, id),
              ':from': 'STREAM#',
              ':to': testSortKey,
            },
            ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
          }),
        );
        items.push(...(page.Items ?? []));
        startKey = page.LastEvaluatedKey;
      } while (startKey !== undefined);
      const test = items.find(({ sk }) => sk === testSortKey);
      const streams: Stream[] = [];
      const unreadable: { readonly contentType: string; readonly reason: string }[] = [];
      for (const item of items) {
        const stream = streamIdFromKey(item['pk'], item['sk']);
        if (stream === undefined) continue;
        try {
          streams.push(streamFromItem(item));
        } catch (error) {
          if (!(error instanceof MalformedItem)) throw error;
          unreadable.push({ contentType: stream.contentType, reason: error.message });
        }
      }
      return {
        streams,
        ...(unreadable.length === 0 ? {} : { unreadable }),
        lastTest: test === undefined ? undefined : testFromItem(test),
      };
    },
  };
}
