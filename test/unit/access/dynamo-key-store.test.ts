import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamoKeyStore } from '../../../shared/aws/dynamo-key-store.ts';
import { madeKey, now } from './key-support.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const store = createDynamoKeyStore({ client, table: 'state' });
const { stored } = madeKey(1, { expiresAt: now + 1000 });
const { id, ...apiKey } = stored;
const item = { pk: 'KEYS', sk: id, v: 1, apiKey };
const failed = () =>
  new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
const updates = () => documents.commandCalls(UpdateCommand).map(({ args }) => args[0].input);

beforeEach(() => documents.reset());

describe('the key store on DynamoDB', () => {
  it('keeps the end of a key out of the table’s time to live', async () => {
    documents.on(PutCommand).resolves({});
    await store.create(stored);
    const inputs = documents.commandCalls(PutCommand).map(({ args }) => args[0].input);
    expect(inputs).toStrictEqual([
      { TableName: 'state', Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
    ]);
    expect(inputs[0]?.Item).not.toHaveProperty('expiresAt');
  });

  it('reads a key consistently', async () => {
    documents.on(GetCommand).resolves({});
    documents.on(GetCommand, { Key: { pk: 'KEYS', sk: id } }).resolves({ Item: item });
    expect(await store.get(id)).toStrictEqual(stored);
    for (const { args } of documents.commandCalls(GetCommand))
      expect(args[0].input.ConsistentRead).toBe(true);
  });

  it.each([
    ['this minute', now - 1, 'ofMinute BETWEEN :minute AND :furthest'],
    ['an earlier minute', now - 60_000, 'attribute_not_exists(ofMinute)'],
    ['never', undefined, 'attribute_not_exists(ofMinute)'],
  ])(
    'counts a request in one write, away from the list, where the key was last used %s',
    async (_, last, condition) => {
      documents.on(UpdateCommand).resolves({ Attributes: { requests: 3 } });
      expect(await store.use(id, now, last)).toBe(3);
      expect(updates()).toMatchObject([
        { Key: { pk: `KEY#${id}`, sk: 'USE' }, ConditionExpression: expect.stringContaining(condition) },
      ]);
    },
  );

  it('counts it in two when another process was faster', async () => {
    documents
      .on(UpdateCommand)
      .rejectsOnce(failed())
      .resolves({ Attributes: { requests: 2 } });
    expect(await store.use(id, now)).toBe(2);
    expect(updates()).toHaveLength(2);
  });

  it('gives up a race that does not end, and passes on every other failure', async () => {
    documents.on(UpdateCommand).rejects(failed());
    await expect(store.use(id, now)).rejects.toThrow('could not be counted in 5 tries');
    documents.on(UpdateCommand).rejects(new Error('throttled'));
    documents.on(PutCommand).rejects(new Error('throttled'));
    await expect(store.use(id, now)).rejects.toThrow('throttled');
    await expect(store.revoke(id, now)).rejects.toThrow('throttled');
    await expect(store.create(stored)).rejects.toThrow('throttled');
  });

  it('does not let in an uncounted request', async () => {
    documents.on(UpdateCommand).resolves({ Attributes: { requests: 'many' } });
    await expect(store.use(id, now)).rejects.toThrow('requests is no number');
  });

  it('goes on with a list that DynamoDB has cut short, and scans nothing', async () => {
    documents.on(QueryCommand).resolves({ Items: [item], LastEvaluatedKey: { pk: 'KEYS', sk: id } });
    documents.on(GetCommand).resolves({});
    const page = await store.list({ limit: 5 });
    expect(page).toMatchObject({ kind: 'page', keys: [{ id }], nextCursor: expect.any(String) });
    expect(documents.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({ Limit: 6 });
    expect(documents.commandCalls(ScanCommand)).toHaveLength(0);
  });

  it.each<[string, object]>([
    ['another version', { v: 2 }],
    ['no version', { v: undefined }],
    ['no key', { apiKey: undefined }],
    ['no name', { apiKey: { ...apiKey, name: undefined } }],
    ['a text as tenants', { apiKey: { ...apiKey, tenants: 'acme' } }],
    ['tenants that are none', { apiKey: { ...apiKey, tenants: [7] } }],
    ['a right that this version does not know', { apiKey: { ...apiKey, rights: ['read', 'write'] } }],
    ['no creation', { apiKey: { ...apiKey, createdAt: '7' } }],
    ['no creator', { apiKey: { ...apiKey, createdBy: 7 } }],
    ['a short hash', { apiKey: { ...apiKey, secretHash: 'aa' } }],
    ['an end that is no time', { apiKey: { ...apiKey, expiresAt: '2027' } }],
    ['a revocation that is no time', { apiKey: { ...apiKey, revokedAt: true } }],
  ])('lets nobody in by a key with %s', async (_, change) => {
    documents.on(GetCommand).resolves({});
    documents.on(GetCommand, { Key: { pk: 'KEYS', sk: id } }).resolves({ Item: { ...item, ...change } });
    await expect(store.get(id)).rejects.toThrow(`Key item ${id}`);
    await expect(store.get(id)).rejects.not.toThrow(stored.secretHash);
  });
});
