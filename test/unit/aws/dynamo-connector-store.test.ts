import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { createDynamoConnectorStore } from '../../../shared/aws/dynamo-connector-store.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const store = createDynamoConnectorStore({ client, table: 'state', dueShards: 1 });
const id = { tenant: 'acme', connector: 'edr', contentType: 'threats' };
const settings = { tenantName: 'Acme', connectorName: 'EDR', intervalMs: 1, siteIds: [], accountIds: [] };

it('makes no half item of a stream that is removed while it gets its settings', async () => {
  const refused = new ConditionalCheckFailedException({ message: 'refused', $metadata: {} });
  documents.on(PutCommand).rejects(refused);
  // As DynamoDB does it: without a condition an update makes the item.
  documents
    .on(UpdateCommand)
    .callsFake(({ ConditionExpression }) =>
      ConditionExpression === 'attribute_exists(pk)' ? Promise.reject(refused) : {},
    );
  await expect(store.ensureStream(id, { since: 0, settings, nextDueAt: 0, now: 0 })).rejects.toBe(refused);
});
