import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamoStreamStore } from '../../../shared/aws/dynamo-stream-store.ts';
import { newStreamItem, streamFromItem, streamKey } from '../../../shared/aws/stream-item.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const store = createDynamoStreamStore({ client, table: 'state', ledgerDays: 2 });
const id = { tenant: 'acme', connector: 'edr', contentType: 'threats' };
const settings = { tenantName: 'Acme', connectorName: 'EDR', intervalMs: 1, siteIds: [], accountIds: [] };
const item = {
  ...streamKey(id),
  ...newStreamItem(id, { since: 0, settings, nextDueAt: 0, now: 0, dueShards: 1 }),
  fence: 4,
  step: 2,
};
const failed = (Item?: Record<string, unknown>) =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: {},
    ...(Item === undefined ? {} : { Item: marshall(Item) }),
  });
const acquire = () => store.acquire(streamFromItem(item), {}, { owner: 'me', now: 1_000, leaseMs: 500 });

beforeEach(() => documents.reset());

describe('the stream store on DynamoDB', () => {
  it.each([
    ['nothing', undefined, { kind: 'missing' }],
    ['a newer version', { ...item, v: 3 }, { kind: 'newer', version: 3 }],
    [
      'an item without a fence',
      { ...item, fence: undefined },
      { kind: 'malformed', reason: 'Stream item CONNECTOR#acme/edr: fence is not a number.' },
    ],
    [
      'an item whose status is text',
      { ...item, status: 'ok' },
      { kind: 'malformed', reason: 'Stream item CONNECTOR#acme/edr: status is not a map.' },
    ],
  ])('reads %s as what it is, strongly consistent', async (_, Item, outcome) => {
    documents.on(GetCommand).resolves(Item === undefined ? {} : { Item });
    expect(await store.read(id)).toStrictEqual(outcome);
    expect(documents.commandCalls(GetCommand)[0]?.args[0].input.ConsistentRead).toBe(true);
  });

  it.each([
    ['nobody', failed()],
    ['somebody else', failed({ ...item, fence: 5, step: 0, leaseOwner: 'you', leaseUntil: 1_200 })],
    ['our own slice, several writes ago', failed({ ...item, fence: 5, step: 1, leaseOwner: 'me' })],
  ])('does not acquire what belongs to %s', async (_, error) => {
    documents.on(UpdateCommand).rejects(error);
    expect(await acquire()).toStrictEqual({ kind: 'lost' });
  });

  it('acquires under the fence, the step, the lease and the version that it has seen', async () => {
    documents.on(UpdateCommand).resolves({ Attributes: { ...item, fence: 5, step: 0 } });
    expect(await acquire()).toMatchObject({ kind: 'updated', stream: { fence: 5, step: 0 } });
    expect(documents.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: 'fence = :heldFence AND step = :heldStep AND leaseUntil <= :now AND v <= :version',
      ExpressionAttributeValues: {
        ':heldFence': 4,
        ':heldStep': 2,
        ':now': 1_000,
        ':version': 2,
        ':v': 2,
        ':fence': 5,
        ':step': 0,
        ':leaseOwner': 'me',
        ':leaseUntil': 1_500,
        ':nextDueAt': 1_500,
      },
    });
  });

  it('recognises its own acquire after a lost answer', async () => {
    documents.on(UpdateCommand).rejects(failed({ ...item, fence: 5, step: 0, leaseOwner: 'me' }));
    expect(await acquire()).toMatchObject({ kind: 'updated', stream: { fence: 5 } });
  });

  it('writes under the fence, names the condition and aliases every attribute', async () => {
    documents.on(UpdateCommand).resolves({ Attributes: { ...item, step: 3 } });
    await store.update(streamFromItem(item), { leaseUntil: 0, window: null, batch: 0 });
    expect(documents.commandCalls(UpdateCommand)[0]?.args[0].input).toMatchObject({
      UpdateExpression: 'SET #leaseUntil = :leaseUntil, #batch = :batch, #step = :step REMOVE #window',
      ConditionExpression: 'fence = :heldFence AND step = :heldStep',
      ExpressionAttributeValues: {
        ':heldFence': 4,
        ':heldStep': 2,
        ':step': 3,
        ':leaseUntil': 0,
        ':batch': 0,
      },
    });
  });

  it.each([
    ['the next step under our fence', { ...item, step: 3 }, 'updated'],
    ['a later step', { ...item, step: 4 }, 'lost'],
    ['the same step under a newer fence', { ...item, fence: 5, step: 3 }, 'lost'],
  ])('after a failed condition finds %s: %s', async (_, stored, kind) => {
    documents.on(UpdateCommand).rejects(failed(stored));
    expect((await store.update(streamFromItem(item), { batch: 1 })).kind).toBe(kind);
  });

  it('finds the item gone: lost', async () => {
    documents.on(UpdateCommand).rejects(failed());
    expect(await store.update(streamFromItem(item), { batch: 1 })).toStrictEqual({ kind: 'lost' });
  });

  it('does not take a broken table for a lost lease', async () => {
    documents.on(UpdateCommand).rejects(new Error('throttled'));
    await expect(acquire()).rejects.toThrow('throttled');
    await expect(store.update(streamFromItem(item), {})).rejects.toThrow('throttled');
    documents.on(PutCommand).rejects(new Error('throttled'));
    await expect(store.putLedgerEntry(ledgerEntry)).rejects.toThrow('throttled');
  });

  it('lets a ledger entry expire by configuration and keeps a newer one', async () => {
    documents.on(PutCommand).resolvesOnce({}).rejects(failed());
    await store.putLedgerEntry(ledgerEntry);
    await store.putLedgerEntry(ledgerEntry);
    expect(documents.commandCalls(PutCommand)[0]?.args[0].input.Item).toMatchObject({
      pk: 'LEDGER#acme/edr/threats',
      sk: '1970-01-01T00:00:00.000Z',
      expiresAt: 90 + 2 * 86_400,
    });
  });

  it('reads an item of version 1, which counted neither attempts nor waits', () => {
    const { attempts: _, counters: __, ...rest } = item as Record<string, unknown>;
    const old = { ...rest, v: 1, counters: { read: 1, written: 1, filtered: 0, pages: 1 } };
    expect(streamFromItem(old)).toMatchObject({ attempts: 0, counters: { read: 1, throttledMs: 0 } });
  });

  it.each(['fence', 'watermark', 'status', 'settings'])('does not work on an item without %s', (name) => {
    const { [name]: _, ...rest } = item as Record<string, unknown>;
    expect(() => streamFromItem(rest)).toThrow(name);
  });
});

const ledgerEntry = {
  stream: id,
  window: { from: 0, to: 60_000 },
  read: 1,
  written: 1,
  filtered: 0,
  pages: 1,
  throttledMs: 0,
  batches: 1,
  closedAt: 90_000,
  fence: 1,
};
