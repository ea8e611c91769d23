import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { actionKey } from '../../../shared/aws/action-key.ts';
import { createDynamoDueActions } from '../../../shared/aws/dynamo-due-actions.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const dueActions = createDynamoDueActions({ client, table: 'state', indexName: 'due' });
const place = { tenant: 'acme', connector: 'edr', id: 'a1' };

beforeEach(() => documents.reset());

describe('due actions on DynamoDB', () => {
  it('are read from their own partition of the index', async () => {
    documents.on(QueryCommand).resolves({
      Items: [
        { ...actionKey(place), dueShard: 'actions#0', nextDueAt: 7 },
        { pk: 'CONNECTOR#acme/edr', sk: 'STREAM#threats', dueShard: 'actions#0', nextDueAt: 8 },
      ],
    });

    const pages = [];
    for await (const page of dueActions.due(9)) pages.push(page);

    expect(pages).toStrictEqual([
      { items: [{ id: place, nextDueAt: 7 }], unreadable: ['CONNECTOR#acme/edr STREAM#threats'] },
    ]);
    expect(documents.commandCalls(QueryCommand).map((call) => call.args[0].input)).toMatchObject([
      {
        TableName: 'state',
        IndexName: 'due',
        ExpressionAttributeValues: { ':shard': 'actions#0', ':now': 9 },
      },
    ]);
  });

  it('are claimed by their due time alone, so that no version is raised', async () => {
    documents.on(UpdateCommand).resolves({});

    expect(await dueActions.claim({ id: place, nextDueAt: 7 }, 127)).toBe(true);

    const [call] = documents.commandCalls(UpdateCommand);
    expect(call?.args[0].input).toMatchObject({
      Key: { pk: 'ACTIONS#acme', sk: 'edr#a1' },
      UpdateExpression: 'SET nextDueAt = :until, claimId = :claimId',
      ConditionExpression: 'nextDueAt = :seen',
      ExpressionAttributeValues: { ':until': 127, ':seen': 7 },
    });
  });
});
