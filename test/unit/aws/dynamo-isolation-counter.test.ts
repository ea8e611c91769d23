import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamoIsolationCounter } from '../../../shared/aws/dynamo-isolation-counter.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const counter = createDynamoIsolationCounter({ client, table: 'state' });
const now = 1_795_600_000_500;
const hourMs = 3_600_000;
const request = { tenant: 'northwind', caller: 'key:a', agentIds: ['2'], now, most: 5 };
const lost = () => new ConditionalCheckFailedException({ message: 'lost', $metadata: {} });

beforeEach(() => documents.reset());

describe('the isolation counter on DynamoDB', () => {
  it('keeps the last hour only, and an item that goes by itself', async () => {
    documents
      .on(GetCommand)
      .resolves({ Item: { version: 4, isolations: { '1': now - hourMs, '3': now - 1 } } });
    documents.on(PutCommand).resolves({});
    expect(await counter.reserve(request)).toStrictEqual({ kind: 'reserved' });
    expect(documents.commandCalls(GetCommand)[0]?.args[0].input).toMatchObject({ ConsistentRead: true });
    expect(documents.commandCalls(PutCommand).map(({ args }) => args[0].input)).toMatchObject([
      {
        Item: {
          pk: 'RESPONSE#northwind',
          sk: `ISOLATIONS#${createHash('sha256').update('key:a').digest('hex')}`,
          version: 5,
          isolations: { '2': now, '3': now - 1 },
          expiresAt: Math.ceil((now + 2 * hourMs) / 1000),
        },
        ConditionExpression: '#version = :seen',
        ExpressionAttributeValues: { ':seen': 4 },
      },
    ]);
    const [{ Item } = {}] = documents.commandCalls(PutCommand).map(({ args }) => args[0].input);
    expect(Item?.['isolations']).toStrictEqual({ '2': now, '3': now - 1 });
  });

  it('looks again where another request was faster', async () => {
    documents
      .on(GetCommand)
      .resolvesOnce({})
      .resolves({ Item: { version: 1, isolations: { '1': now } } });
    documents.on(PutCommand).rejects(lost());
    expect(await counter.reserve({ ...request, most: 1 })).toMatchObject({ kind: 'exhausted', used: 1 });
  });

  it('writes nothing where there is no room', async () => {
    documents.on(GetCommand).resolves({ Item: { version: 1, isolations: { '1': now } } });
    expect(await counter.reserve({ ...request, most: 1 })).toMatchObject({ kind: 'exhausted' });
    expect(documents.commandCalls(PutCommand)).toEqual([]);
  });

  it('lets nobody through where it cannot count', async () => {
    documents.on(GetCommand).resolves({});
    documents.on(PutCommand).rejects(lost());
    await expect(counter.reserve(request)).rejects.toThrow('could not be counted in 25 tries');
    documents.on(PutCommand).rejects(new Error('throttled'));
    await expect(counter.reserve(request)).rejects.toThrow('throttled');
    for (const Item of [
      { version: '1', isolations: {} },
      { version: 1, isolations: null },
      { version: 1, isolations: { '1': 'x' } },
      {},
    ]) {
      documents.on(GetCommand).resolves({ Item });
      await expect(counter.reserve(request)).rejects.toThrow('not as they were written');
    }
  });
});
