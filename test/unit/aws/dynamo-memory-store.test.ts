import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamoMemoryStore } from '../../../shared/aws/dynamo-memory-store.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const pauses: number[] = [];
const store = createDynamoMemoryStore({ client, table: 'state', pause: async (ms) => void pauses.push(ms) });
const owner = { tenant: 'acme', connector: 'edr', contentType: 'threat-events' };
const pk = 'MEMORY#acme/edr/threat-events';
const itemOf = (sk: string) => ({ pk, sk, version: 1, value: JSON.stringify({ of: sk }) });
const keysOf = (...keys: string[]) => ({
  state: { Keys: keys.map((sk) => ({ pk, sk })), ConsistentRead: true },
});

beforeEach(() => {
  documents.reset();
  pauses.length = 0;
});

describe('the memory store on DynamoDB', () => {
  it('asks again for the keys that DynamoDB did not get to, as in an answer of 16 MB', async () => {
    documents
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { state: [itemOf('1')] }, UnprocessedKeys: keysOf('2', '3') })
      .resolvesOnce({ Responses: { state: [itemOf('2')] }, UnprocessedKeys: keysOf('3') })
      .resolves({ Responses: { state: [itemOf('3')] } });
    expect([...(await store.get(owner, ['1', '2', '3'])).keys()]).toStrictEqual(['1', '2', '3']);
    const asked = documents.commandCalls(BatchGetCommand).map(({ args }) => args[0].input.RequestItems);
    expect(asked).toStrictEqual([keysOf('1', '2', '3'), keysOf('2', '3'), keysOf('3')]);
    expect(pauses).toStrictEqual([]);
  });

  it('rests longer and longer where DynamoDB gets to none of them, and then gives up', async () => {
    documents.on(BatchGetCommand).resolves({ UnprocessedKeys: keysOf('1') });
    await expect(store.get(owner, ['1'])).rejects.toThrow('did not get to 1 keys');
    expect(pauses).toStrictEqual([50, 100, 200, 400, 800]);
  });

  it('reads consistently, a hundred keys in a call, each once', async () => {
    documents.on(BatchGetCommand).resolves({});
    const keys = Array.from({ length: 230 }, (_, i) => String(i));
    expect(await store.get(owner, [...keys, ...keys])).toStrictEqual(new Map());
    const calls = documents
      .commandCalls(BatchGetCommand)
      .map(({ args }) => args[0].input.RequestItems?.['state']);
    expect(calls.map((call) => call?.Keys?.length)).toStrictEqual([100, 100, 30]);
    expect(calls.every((call) => call?.ConsistentRead)).toBe(true);
  });

  it('gives a full page although DynamoDB stops at 1 MB, so that a shorter one is the last', async () => {
    documents
      .on(QueryCommand)
      .resolvesOnce({ Items: [itemOf('1'), itemOf('2')], LastEvaluatedKey: { pk, sk: '2' } })
      .resolvesOnce({ Items: [], LastEvaluatedKey: { pk, sk: '5' } })
      .resolves({ Items: [itemOf('6')] });
    expect((await store.page(owner, '0', 3)).map(({ key }) => key)).toStrictEqual(['1', '2', '6']);
    const inputs = documents.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(inputs.map(({ Limit, ExclusiveStartKey }) => [Limit, ExclusiveStartKey])).toStrictEqual([
      [3, undefined],
      [1, { pk, sk: '2' }],
      [1, { pk, sk: '5' }],
    ]);
  });

  it('writes when an item may be forgotten in the seconds of the time to live, and passes on every failure but a lost race', async () => {
    documents
      .on(PutCommand)
      .resolvesOnce({})
      .rejectsOnce(new ConditionalCheckFailedException({ message: 'failed', $metadata: {} }))
      .rejects(new Error('throttled'));
    expect(await store.put(owner, { key: '1', value: { a: 1 }, version: 0 }, 1_500)).toBe(true);
    expect(documents.commandCalls(PutCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: { pk, sk: '1', version: 1, value: '{"a":1}', expiresAt: 2 },
    });
    expect(await store.put(owner, { key: '1', value: { a: 2 }, version: 1 })).toBe(false);
    await expect(store.put(owner, { key: '1', value: { a: 2 }, version: 1 })).rejects.toThrow('throttled');
  });
});
