import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AtomicWrites } from '../../../local/emulators/dynamodb/atomic-writes.ts';
import {
  type BatchStep,
  type Dynalite,
  type DynaliteStore,
  loadDynalite,
} from '../../../local/emulators/dynamodb/dynalite-internals.ts';
import { removeDirectory, temporaryDirectory } from './emulators-setup.ts';

let directory: string;
let dynalite: Dynalite;
let store: DynaliteStore;
let writes: AtomicWrites;
/** What reached LevelDB, call by call: each of them is there wholly after a kill, or not at all. */
let calls: string[][];

beforeEach(async () => {
  directory = temporaryDirectory();
  dynalite = loadDynalite();
  store = dynalite.db.create({
    path: path.join(directory, 'leveldb'),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  await store.db.open();
  calls = [];
  record(store);
  writes = new AtomicWrites(dynalite.db, store);
  await run('CreateTable', {
    TableName: 'state',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'due', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'index',
        KeySchema: [{ AttributeName: 'due', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  while ((await describeTable()) !== 'ACTIVE');
  calls.length = 0;
});

afterEach(async () => {
  await store.lifecycleManager.gracefulClose();
  removeDirectory(directory);
});

function record({ db }: DynaliteStore): void {
  const describeStep = (step: BatchStep) => `${step.type} ${step.key.replace(/~.*$/, '')}`;
  const { put, del, batch } = db;
  db.put = (key, value, done) => {
    calls.push([describeStep({ type: 'put', key, value })]);
    put.call(db, key, value, done);
  };
  db.del = (key, done) => {
    calls.push([describeStep({ type: 'del', key })]);
    del.call(db, key, done);
  };
  db.batch = (steps, done) => {
    calls.push(steps.map(describeStep));
    batch.call(db, steps, done);
  };
}

function run(name: string, input: object): Promise<Record<string, unknown>> {
  const operation = dynalite.operations.get(name);
  if (operation === undefined) throw new Error(`No operation ${name}`);
  const typed = dynalite.checkTypes(structuredClone(input), operation.types);
  dynalite.checkValidations(typed, operation.types, operation.custom, store);
  return new Promise((resolve, reject) => {
    operation.run(store, typed, (error, output) => (error ? reject(error) : resolve(output ?? {})));
  });
}

async function describeTable(): Promise<unknown> {
  const { Table: table } = await run('DescribeTable', { TableName: 'state' });
  return typeof table === 'object' && table !== null && 'TableStatus' in table
    ? table.TableStatus
    : undefined;
}

function put(pk: string, due: string | undefined) {
  const Item = { pk: { S: pk }, ...(due === undefined ? {} : { due: { S: due } }) };
  return run('PutItem', { TableName: 'state', Item });
}

describe('a write of an item', () => {
  it('is one LevelDB write together with the index entries that it moves', async () => {
    await put('a', 'x');
    await put('a', 'y');
    await put('a', undefined);
    await put('a', 'z');
    await run('DeleteItem', { TableName: 'state', Key: { pk: { S: 'a' } } });
    expect(calls).toEqual([
      ['put index-global', 'put item-state'],
      ['del index-global', 'put index-global', 'put item-state'],
      ['del index-global', 'put item-state'],
      ['put index-global', 'put item-state'],
      ['del index-global', 'del item-state'],
    ]);
  });
});

describe('a transaction', () => {
  it('is one LevelDB write', async () => {
    await writes.transaction(async () => {
      await put('a', 'x');
      await put('b', undefined);
      expect(calls).toEqual([]);
    });
    expect(calls).toEqual([['put index-global', 'put item-state', 'put item-state']]);
  });

  it('writes nothing when it fails, and the next write is not part of it', async () => {
    const failing = writes.transaction(async () => {
      await put('a', 'x');
      throw new Error('cancelled');
    });
    await expect(failing).rejects.toThrow('cancelled');
    await put('b', undefined);
    expect(calls).toEqual([['put item-state']]);
  });
});
