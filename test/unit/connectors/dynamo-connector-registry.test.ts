import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { createDynamoConnectorRegistry } from '../../../shared/aws/dynamo-connector-registry.ts';
import type { StoredConnector } from '../../../shared/connectors/connector-registry.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const registry = createDynamoConnectorRegistry({ client, table: 'state' });
beforeEach(() => void documents.reset());

const stored: StoredConnector = {
  connector: {
    ...{
      tenant: 'acme',
      id: 'edr',
      name: 'EDR',
      tenantName: 'Acme',
      hostUrl: 'https://acme.sentinelone.net',
    },
    ...{ contentTypes: [], since: 0, siteIds: [], accountIds: [], createdAt: 0 },
  },
  functions: ['collect'],
  state: 'active',
  version: 1,
  updatedAt: 0,
};
const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
const writes = () => documents.commandCalls(TransactWriteCommand).length;

it('tries again where another transaction was at the same item', async () => {
  documents
    .on(TransactWriteCommand)
    .rejectsOnce(cancelled('TransactionConflict', 'None'))
    .rejectsOnce(cancelled('None', 'TransactionConflict'))
    .resolves({});
  expect(await registry.create(stored)).toBe('created');
  expect(writes()).toBe(3);
});

it('does not try for ever', async () => {
  documents.on(TransactWriteCommand).rejects(cancelled('TransactionConflict', 'None'));
  await expect(registry.create(stored)).rejects.toThrow(TransactionCanceledException);
  expect(writes()).toBe(11);
});

it('says what was taken, and does not try again', async () => {
  documents.on(TransactWriteCommand).rejects(cancelled('ConditionalCheckFailed', 'TransactionConflict'));
  expect(await registry.create(stored)).toBe('id_taken');
  documents.on(TransactWriteCommand).rejects(cancelled('None', 'ConditionalCheckFailed'));
  expect(await registry.replace(stored, stored)).toBe('name_taken');
  expect(writes()).toBe(2);
});

it('throws what is neither, and does not call it written where the name to leave is kept for another', async () => {
  documents.on(TransactWriteCommand).rejects(cancelled('ThrottlingError'));
  await expect(registry.replace(stored, stored)).rejects.toThrow(TransactionCanceledException);
  documents.on(TransactWriteCommand).rejects(new Error('away'));
  await expect(registry.replace(stored, stored)).rejects.toThrow('away');
  documents.on(TransactWriteCommand).rejects(cancelled('None', 'None', 'ConditionalCheckFailed'));
  const renamed = { ...stored, connector: { ...stored.connector, name: 'other' } };
  await expect(registry.replace(renamed, stored)).rejects.toThrow('kept for another connector');
});
