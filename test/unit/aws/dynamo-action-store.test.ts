import { gunzipSync } from 'node:zlib';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../../shared/actions/run/action.ts';
import { createDynamoActionStore } from '../../../shared/aws/dynamo-action-store.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const dayMs = 86_400_000;
const actions = createDynamoActionStore({ client, table: 'state', retentionMs: 400 * dayMs });
const now = Date.parse('2026-11-24T10:00:00Z');
const by = { actor: 'key:1', actorName: 'One' };
const action: Action = {
  ...{ tenant: 'acme', connector: 'edr', id: 'a1', type: 'contain', parameters: {}, requestHash: 'h' },
  requestedBy: by,
  ...{ requestedAt: now, expiresAt: now + 60_000, followUntil: now + 60_000, nextDueAt: now + 7 },
  targets: [],
  trail: [],
  ...{ archived: 0, told: 0, tellFailures: 0, looks: 0, failures: 0, version: 1 },
};

beforeEach(() => documents.reset());

const metadata = { $metadata: {}, message: '' };
const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({ ...metadata, CancellationReasons: codes.map((Code) => ({ Code })) });

/** What the last creation or replacement has put into the table. */
function written(): readonly object[] {
  const [transaction] = documents.commandCalls(TransactWriteCommand).slice(-1);
  const [put] = documents.commandCalls(PutCommand).slice(-1);
  const items = transaction?.args[0].input.TransactItems?.map(({ Put }) => Put?.Item) ?? [];
  return [...items, put?.args[0].input.Item].map((item) => Object(item)).filter((item) => 'pk' in item);
}

describe('an action on DynamoDB', () => {
  it('is an item with what DynamoDB must see, and a line in the list of its tenant; both end together', async () => {
    documents.on(TransactWriteCommand).resolves({});
    expect(await actions.create({ ...action, lease: { owner: 'w/1', until: now + 90_000 } })).toBe('created');
    const expiresAt = (now + 400 * dayMs) / 1000;
    expect(written()).toStrictEqual([
      {
        ...{ pk: 'ACTIONS#acme', sk: 'edr#a1', version: 1, expiresAt },
        ...{ leaseOwner: 'w/1', leaseUntil: now + 90_000, dueShard: 'actions#0', nextDueAt: now + 7 },
        content: expect.any(Uint8Array),
      },
      { pk: 'ACTIONLIST#acme', sk: '2026-11-24T10:00:00.000Z#edr#a1', expiresAt },
    ]);
    const { version: _, ...content } = action;
    const [item] = written();
    expect(JSON.parse(gunzipSync(Reflect.get(item ?? {}, 'content')).toString())).toStrictEqual(content);
  });

  it('that nobody has to go on with is not in the due index, and has no lease', async () => {
    documents.on(PutCommand).resolves({});
    const { nextDueAt: _, ...over } = action;
    expect(await actions.replace(over)).toBe(true);
    const [item] = written();
    for (const name of ['dueShard', 'nextDueAt', 'leaseOwner', 'leaseUntil'])
      expect(item).not.toHaveProperty(name);
    expect(item).toMatchObject({ version: 2 });
  });

  it('is read strongly consistent, and refused where the item is none', async () => {
    documents
      .on(GetCommand)
      .resolvesOnce({})
      .resolves({ Item: { pk: 'ACTIONS#acme', sk: 'edr#a1' } });
    expect(await actions.get(action)).toBeUndefined();
    await expect(actions.get(action)).rejects.toThrow('ACTIONS#acme edr#a1 is no action');
    for (const { args } of documents.commandCalls(GetCommand))
      expect(args[0].input).toMatchObject({ ConsistentRead: true });
  });

  it('is created although another transaction met it, and not tried for ever', async () => {
    documents
      .on(TransactWriteCommand)
      .rejectsOnce(cancelled('TransactionConflict', 'None'))
      .rejectsOnce(cancelled('None', 'TransactionConflict'))
      .resolvesOnce({})
      .rejects(cancelled('TransactionConflict', 'None'));
    expect(await actions.create(action)).toBe('created');
    expect(documents.commandCalls(TransactWriteCommand)).toHaveLength(3);
    await expect(actions.create(action)).rejects.toThrow(TransactionCanceledException);
    expect(documents.commandCalls(TransactWriteCommand).length).toBeLessThan(20);
  });

  it.each(['ThrottlingError', 'ItemCollectionSizeLimitExceeded', 'ValidationError'])(
    'fails with %s and does not pass for one that exists',
    async (code) => {
      documents.on(TransactWriteCommand).rejects(cancelled(code, 'None'));
      await expect(actions.create(action)).rejects.toThrow(TransactionCanceledException);
    },
  );

  it('knows its own creation and its own change whose answers were lost, and nobody else’s', async () => {
    documents.on(TransactWriteCommand).resolvesOnce({}).rejects(cancelled('ConditionalCheckFailed', 'None'));
    await actions.create(action);
    const [item] = written();
    documents.on(GetCommand).resolves({ Item: { ...item } });
    expect(await actions.create(action)).toBe('created');
    expect(await actions.create({ ...action, requestHash: 'another' })).toBe('exists');
    documents
      .on(PutCommand)
      .resolvesOnce({})
      .rejects(new ConditionalCheckFailedException({ ...metadata }));
    await actions.replace({ ...action, looks: 3 });
    const replaced = written().at(-1);
    documents.on(GetCommand).resolves({ Item: { ...replaced, nextDueAt: now + 120_000, claimId: 'c' } });
    expect(await actions.replace({ ...action, looks: 3 })).toBe(true);
    expect(await actions.replace({ ...action, looks: 4 })).toBe(false);
  });

  it('is changed although a creation of the same met it: two calls at once must not delay what they ask for', async () => {
    const conflict = new TransactionConflictException({ ...metadata });
    documents.on(PutCommand).rejectsOnce(conflict).rejectsOnce(conflict).resolvesOnce({}).rejects(conflict);
    expect(await actions.replace(action)).toBe(true);
    expect(documents.commandCalls(PutCommand)).toHaveLength(3);
    await expect(actions.replace(action)).rejects.toThrow(TransactionConflictException);
    expect(documents.commandCalls(PutCommand).length).toBeLessThan(20);
  });

  it('fails where DynamoDB does, and does not pass for a change of somebody else', async () => {
    documents.on(PutCommand).rejects(new Error('away'));
    await expect(actions.replace(action)).rejects.toThrow('away');
  });
});

describe('a page of actions on DynamoDB', () => {
  it('leaves out what has gone since its line was written, and goes on where the query ended', async () => {
    documents.on(QueryCommand).resolves({
      Items: [{ pk: 'ACTIONLIST#acme', sk: '2026-11-24T10:00:00.000Z#edr#a1' }],
      LastEvaluatedKey: { pk: 'ACTIONLIST#acme', sk: '2026-11-24T10:00:00.000Z#edr#a1' },
    });
    documents.on(GetCommand).resolves({});
    expect(await actions.page({ tenant: 'acme', from: now, to: now + 1, limit: 1 })).toStrictEqual({
      actions: [],
      after: { requestedAt: now, connector: 'edr', id: 'a1' },
    });
  });

  it('asks DynamoDB for nothing that it would refuse', async () => {
    documents.on(QueryCommand).resolves({});
    const after = { requestedAt: now - 5, connector: 'edr', id: 'a1' };
    for (const query of [
      { from: now, to: now - 1 },
      { from: now, to: now + 1, after },
    ])
      expect(await actions.page({ tenant: 'acme', limit: 5, ...query })).toStrictEqual({ actions: [] });
    expect(documents.commandCalls(QueryCommand)).toHaveLength(0);
    await actions.page({ tenant: 'acme', limit: 5, from: now - 9, to: now - 7, after });
    expect(documents.commandCalls(QueryCommand)[0]?.args[0].input).not.toHaveProperty('ExclusiveStartKey');
  });
});
