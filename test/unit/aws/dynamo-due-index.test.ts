import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDueIndex } from '../../../shared/aws/dynamo-due-index.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const dueIndex = createDynamoDueIndex({ client, table: 'state', indexName: 'due', shards: 1 });
const due = { id: { tenant: 'acme', connector: 'edr', contentType: 'threats' }, nextDueAt: 5 };

/** Fails the condition, showing an item with this claim. */
function failWith(claimIdOf: (sent: string) => string): void {
  documents.on(UpdateCommand).callsFake((input) => {
    const sent: string = input.ExpressionAttributeValues[':claimId'];
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: {},
      Item: marshall({ nextDueAt: 9, claimId: claimIdOf(sent) }),
    });
  });
}

beforeEach(() => documents.reset());

describe('a claim on DynamoDB', () => {
  it('is ours when the answer was lost and the SDK asked again', async () => {
    failWith((sent) => sent);
    expect(await dueIndex.claim(due, 9)).toBe(true);
  });

  it('is not ours when another tick made it, even with the same due time', async () => {
    failWith(() => 'of another tick');
    expect(await dueIndex.claim(due, 9)).toBe(false);
  });

  it('throws when the table does not answer', async () => {
    documents.on(UpdateCommand).rejects(new Error('throttled'));
    await expect(dueIndex.claim(due, 9)).rejects.toThrow('throttled');
  });
});
