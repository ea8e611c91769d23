import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  clients,
  createTable,
  due,
  get,
  key,
  put,
  TableName,
  update,
  whenMissing,
} from './dynamodb-fixture.ts';
import { accountId, region } from './emulators-setup.ts';
import { refusalOf } from './running-emulators.ts';

const acquire: Omit<UpdateItemCommandInput, 'TableName' | 'Key'> = {
  UpdateExpression: 'SET fence = fence + :one, leaseUntil = :lease',
  ConditionExpression: 'fence = :fence',
  ExpressionAttributeValues: { ':one': { N: '1' }, ':fence': { N: '0' }, ':lease': { N: '9000' } },
  ReturnValues: 'ALL_NEW',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
};

describe('tables', () => {
  it('carry the configured region and account', async () => {
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableArn).toBe(`arn:aws:dynamodb:${region}:${accountId}:table/${TableName}`);
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
  });

  it('refuse what the service refuses', async () => {
    expect(await refusalOf(put({ pk: { S: '' }, sk: { S: 'x' } }))).toMatchObject({
      name: 'ValidationException',
    });
    expect(await refusalOf(update('a', { UpdateExpression: 'SET #n = :v' }))).toMatchObject({ status: 400 });
    const large = { ...key('large'), body: { S: 'x'.repeat(400 * 1024) } };
    expect(await refusalOf(put(large))).toMatchObject({ name: 'ValidationException' });
    const missing = new GetItemCommand({ TableName: 'missing', Key: key('a') });
    expect(await refusalOf(clients.dynamodb.send(missing))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('can be deleted and made again without their former items', async () => {
    await put({ ...key('a'), dueShard: { S: '0' }, nextDueAt: { N: '1' } });
    await clients.dynamodb.send(new DeleteTableCommand({ TableName }));
    await vi.waitUntil(async () => {
      const asked = refusalOf(clients.dynamodb.send(new DescribeTableCommand({ TableName })));
      return (await asked.catch(() => undefined))?.name === 'ResourceNotFoundException';
    });
    await createTable();
    expect(await get('a')).toBeUndefined();
    expect(await due('0', 10)).toEqual([]);
  });
});

describe('conditional updates', () => {
  it('return the new item on success', async () => {
    await put({ ...key('a'), fence: { N: '0' } });
    const { Attributes } = await update('a', acquire);
    expect(Attributes).toEqual({ ...key('a'), fence: { N: '1' }, leaseUntil: { N: '9000' } });
  });

  it('return the stored item on failure when asked to', async () => {
    await put({ ...key('a'), fence: { N: '7' } });
    const failure = update('a', acquire).catch((error: unknown) => error);
    expect(await failure).toBeInstanceOf(ConditionalCheckFailedException);
    expect(await failure).toMatchObject({ Item: { ...key('a'), fence: { N: '7' } } });
  });

  it.each([
    ['a put', () => put({ ...key('a'), fence: { N: '1' } }, whenMissing)],
    [
      'a delete',
      () => clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: key('a'), ...whenMissing })),
    ],
  ])('return it for %s too', async (_what, write) => {
    await put({ ...key('a'), fence: { N: '7' } });
    expect(await write().catch((error: unknown) => error)).toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { ...key('a'), fence: { N: '7' } },
    });
  });

  it('return no item where there is none, and none unasked', async () => {
    const itemOf = (error: unknown) => error instanceof ConditionalCheckFailedException && error.Item;
    expect(await update('none', acquire).catch(itemOf)).toBeUndefined();
    await put({ ...key('a'), fence: { N: '7' } });
    const unasked = { ...acquire, ReturnValuesOnConditionCheckFailure: undefined };
    expect(await update('a', unasked).catch(itemOf)).toBeUndefined();
  });

  it('let exactly one of 30 racers win', async () => {
    await put({ ...key('race'), fence: { N: '0' } });
    const race = await Promise.allSettled(Array.from({ length: 30 }, () => update('race', acquire)));
    expect(race.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect((await get('race'))?.['fence']).toEqual({ N: '1' });
  });

  it('count every one of 100 concurrent additions', async () => {
    const add = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    await Promise.all(Array.from({ length: 100 }, () => update('counter', add)));
    expect((await get('counter'))?.['n']).toEqual({ N: '100' });
  });

  it('work through the document client', async () => {
    const documents = DynamoDBDocumentClient.from(clients.dynamodb);
    await documents.send(
      new PutCommand({ TableName, Item: { pk: 'doc', sk: 'stream', list: [1], nested: { a: true } } }),
    );
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'doc', sk: 'stream' },
        UpdateExpression:
          'SET #l = list_append(#l, :two), nested.b = if_not_exists(nested.b, :b) REMOVE nested.a',
        ExpressionAttributeNames: { '#l': 'list' },
        ExpressionAttributeValues: { ':two': [2], ':b': 'new' },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes).toEqual({ pk: 'doc', sk: 'stream', list: [1, 2], nested: { b: 'new' } });
  });
});

describe('the sparse index', () => {
  function schedule(name: string, shard: string, at: number) {
    return update(name, {
      UpdateExpression: 'SET dueShard = :shard, nextDueAt = :at',
      ExpressionAttributeValues: { ':shard': { S: shard }, ':at': { N: String(at) } },
    });
  }

  it('has keys only, in the order of the number, up to the one asked for', async () => {
    await schedule('c', '0', 1_764_000_000_300);
    await schedule('a', '0', 1_764_000_000_100);
    await schedule('b', '0', 1_764_000_000_200);
    await schedule('other', '1', 1_764_000_000_100);
    await put({ ...key('idle'), dueShard: { S: '0' } });
    expect(await due('0', 1_764_000_000_200)).toEqual(['a', 'b']);
    expect(await due('0', 1_764_000_000_300, 1)).toEqual(['a', 'b', 'c']);
    const page = await clients.dynamodb.send(new ScanCommand({ TableName, IndexName: 'due' }));
    expect(page.Items).toHaveLength(4);
    expect(page.Items).toContainEqual({
      ...key('a'),
      dueShard: { S: '0' },
      nextDueAt: { N: '1764000000100' },
    });
  });

  it('follows an item that moves, leaves and comes back', async () => {
    await schedule('a', '0', 100);
    await schedule('a', '0', 200);
    expect(await due('0', 150)).toEqual([]);
    expect(await due('0', 200)).toEqual(['a']);
    await update('a', { UpdateExpression: 'REMOVE dueShard' });
    expect(await due('0', 999)).toEqual([]);
    await schedule('a', '0', 300);
    await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: key('a') }));
    expect(await due('0', 999)).toEqual([]);
  });

  it('refuses a consistent read', async () => {
    const query = new QueryCommand({
      TableName,
      IndexName: 'due',
      ConsistentRead: true,
      KeyConditionExpression: 'dueShard = :shard',
      ExpressionAttributeValues: { ':shard': { S: '0' } },
    });
    expect(await refusalOf(clients.dynamodb.send(query))).toMatchObject({ name: 'ValidationException' });
  });

  it('is at every moment what the items say', async () => {
    const names = ['a', 'b', 'c'];
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('schedule' as const),
        name: fc.constantFrom(...names),
        at: fc.integer({ min: -5, max: 40 }),
      }),
      fc.record({ kind: fc.constant('unschedule' as const), name: fc.constantFrom(...names) }),
      fc.record({ kind: fc.constant('delete' as const), name: fc.constantFrom(...names) }),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        run += 1;
        const shard = `run-${run}`;
        const item = (name: string) => `${shard}-${name}`;
        const expected = new Map<string, number>();
        for (const action of steps) {
          if (action.kind === 'schedule') {
            await schedule(item(action.name), shard, action.at);
            expected.set(item(action.name), action.at);
          } else if (action.kind === 'unschedule') {
            await update(item(action.name), { UpdateExpression: 'REMOVE dueShard' });
            expected.delete(item(action.name));
          } else {
            await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: key(item(action.name)) }));
            expected.delete(item(action.name));
          }
        }
        const sorted = [...expected]
          .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
          .map(([name]) => name);
        const found = await due(shard, 1000);
        expect(found.toSorted()).toEqual(sorted.toSorted());
        expect(found.map((name) => expected.get(name))).toEqual(sorted.map((name) => expected.get(name)));
      }),
      { numRuns: 20 },
    );
  });
});
