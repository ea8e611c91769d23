import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { createDynamoStatusReader } from '../../../shared/aws/dynamo-status-reader.ts';
import { newStreamItem, streamKey } from '../../../shared/aws/stream-item.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const reader = createDynamoStatusReader({ client, table: 'state' });
const settings = { tenantName: '', connectorName: '', intervalMs: 1, siteIds: [], accountIds: [] };

beforeEach(() => void documents.reset());

function item(contentType: string, change: object = {}) {
  const id = { tenant: 'acme', connector: 'edr', contentType };
  const start = { since: 0, settings, nextDueAt: 0, now: 0, dueShards: 1 };
  return { ...streamKey(id), ...newStreamItem(id, start), ...change };
}

it('says which streams it cannot read and why, and reads the others', async () => {
  const Items = [item('agents'), item('sites', { fence: 'x' }), item('threats', { settings: null })];
  documents.on(QueryCommand).resolves({ Items });
  const read = await reader.read({ tenant: 'acme', id: 'edr' });
  expect(read.streams.map(({ id }) => id.contentType)).toEqual(['agents']);
  expect(read.unreadable).toEqual([
    { contentType: 'sites', reason: expect.stringContaining('fence is not a number') },
    { contentType: 'threats', reason: expect.stringContaining('settings is not a map') },
  ]);
});

it('reads on where one answer does not hold all', async () => {
  const key = { pk: 'p', sk: 's' };
  documents
    .on(QueryCommand)
    .resolvesOnce({ Items: [item('agents')], LastEvaluatedKey: key })
    .resolves({ Items: [item('threats')] });
  const { streams } = await reader.read({ tenant: 'acme', id: 'edr' });
  expect(streams.map(({ id }) => id.contentType)).toEqual(['agents', 'threats']);
  expect(documents.commandCalls(QueryCommand)[1]?.args[0].input.ExclusiveStartKey).toEqual(key);
});
