import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../shared/actions/policy/response-policy.ts';
import { createDynamoPolicyStore } from '../../../shared/aws/dynamo-policy-store.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const store = createDynamoPolicyStore({ client, table: 'state' });

beforeEach(() => documents.reset());

describe('the policy store on DynamoDB', () => {
  it('reads what is there now', async () => {
    documents.on(GetCommand).resolves({});
    await store.get('northwind');
    expect(documents.commandCalls(GetCommand)[0]?.args[0].input).toStrictEqual({
      TableName: 'state',
      Key: { pk: 'RESPONSE#northwind', sk: 'POLICY' },
      ConsistentRead: true,
    });
  });

  it('has defaults for settings that an older version has not written', async () => {
    documents.on(GetCommand).resolves({ Item: { version: 3, content: '{"mostTargets":7}' } });
    expect(await store.get('northwind')).toStrictEqual({ ...defaultSettings, mostTargets: 7, version: 3 });
  });

  it.each([{ version: '3', content: '{}' }, { version: 3, content: {} }, { version: 3, content: 'x' }, {}])(
    'takes nothing for a policy that is none: %j',
    async (Item) => {
      documents.on(GetCommand).resolves({ Item });
      await expect(store.get('northwind')).rejects.toThrow();
    },
  );

  it('passes every other failure on', async () => {
    documents.on(PutCommand).rejects(new Error('throttled'));
    await expect(store.put('northwind', defaultSettings, 0)).rejects.toThrow('throttled');
  });
});
