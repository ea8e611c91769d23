import {
  ScanCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { clients, due, get, key, passMs, put, TableName, update, whenMissing } from './dynamodb-fixture.ts';
import { refusalOf } from './running-emulators.ts';

describe('transactions', () => {
  function transact(TransactItems: TransactWriteItem[], ClientRequestToken?: string) {
    return clients.dynamodb.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));
  }

  it('write all items and their index entries', async () => {
    await put({ ...key('b'), n: { N: '1' } });
    await put({ ...key('c'), n: { N: '1' } });
    await transact([
      { Put: { TableName, Item: { ...key('a'), dueShard: { S: '0' }, nextDueAt: { N: '5' } } } },
      {
        Update: {
          TableName,
          Key: key('b'),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { Delete: { TableName, Key: key('c') } },
      { ConditionCheck: { TableName, Key: key('d'), ConditionExpression: 'attribute_not_exists(pk)' } },
    ]);
    expect(await get('b')).toMatchObject({ n: { N: '2' } });
    expect(await get('c')).toBeUndefined();
    expect(await get('d')).toBeUndefined();
    expect(await due('0', 10)).toEqual(['a']);
  });

  it('write nothing when a condition fails, and say which', async () => {
    await put({ ...key('taken'), n: { N: '1' } });
    const failure = await transact([
      { Put: { TableName, Item: { ...key('a'), dueShard: { S: '0' }, nextDueAt: { N: '5' } } } },
      { Put: { TableName, Item: key('taken'), ...whenMissing } },
      { ConditionCheck: { TableName, Key: key('x'), ConditionExpression: 'attribute_exists(pk)' } },
    ]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TransactionCanceledException);
    expect(failure).toMatchObject({
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { ...key('taken'), n: { N: '1' } } },
        { Code: 'ConditionalCheckFailed' },
      ],
    });
    expect(await get('a')).toBeUndefined();
    expect(await due('0', 10)).toEqual([]);
    expect(await get('taken')).toMatchObject({ n: { N: '1' } });
  });

  it('count once what is sent twice with one token, until the token is old', async () => {
    const add: TransactWriteItem[] = [
      {
        Update: {
          TableName,
          Key: key('n'),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
    ];
    await transact(add, 'token');
    await transact(add, 'token');
    expect(await get('n')).toMatchObject({ n: { N: '1' } });
    const other = transact([{ Put: { TableName, Item: key('a') } }], 'token');
    expect(await refusalOf(other)).toMatchObject({ name: 'IdempotentParameterMismatchException' });
    passMs(10 * 60_000);
    await transact(add, 'token');
    expect(await get('n')).toMatchObject({ n: { N: '2' } });
  });

  it('refuse two operations on one item', async () => {
    const twice = transact([
      { Put: { TableName, Item: key('a') } },
      { Delete: { TableName, Key: key('a') } },
    ]);
    expect(await refusalOf(twice)).toMatchObject({ name: 'ValidationException' });
  });

  it('that fail take no other write with them', async () => {
    const add = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    const failing: TransactWriteItem[] = [
      { Put: { TableName, Item: key('a') } },
      { ConditionCheck: { TableName, Key: key('x'), ConditionExpression: 'attribute_exists(pk)' } },
    ];
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await Promise.all([refusalOf(transact(failing)), update(`plain-${i}`, add)]);
      }),
    );
    const { Count } = await clients.dynamodb.send(new ScanCommand({ TableName }));
    expect(Count).toBe(20);
  });

  it('are never seen half done', async () => {
    const both = (n: number): TransactWriteItem[] =>
      ['left', 'right'].map((name) => ({ Put: { TableName, Item: { ...key(name), n: { N: String(n) } } } }));
    await transact(both(0));
    const writing = (async () => {
      for (let n = 1; n <= 20; n++) await transact(both(n));
    })();
    for (let reads = 0; reads < 40; reads++) {
      const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName }));
      expect(new Set(Items.map((item) => item['n']?.N)).size).toBe(1);
    }
    await writing;
    const Get = (name: string) => ({ Get: { TableName, Key: key(name) } });
    const read = new TransactGetItemsCommand({ TransactItems: [Get('left'), Get('missing'), Get('right')] });
    expect((await clients.dynamodb.send(read)).Responses?.map((response) => response.Item?.['n']?.N)).toEqual(
      ['20', undefined, '20'],
    );
  });
});
