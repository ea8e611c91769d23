import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  CreateTableCommand,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeDirectory, temporaryDirectory } from './emulators-setup.ts';
import { type Clients, clientsFor } from './running-emulators.ts';

const program = fileURLToPath(new URL('./emulators-process.ts', import.meta.url));
const Bucket = 'lake';
const TableName = 'state';
const names = ['a', 'b', 'c', 'd'];

let stateDir: string;
let child: ChildProcessByStdio<Writable, Readable, null>;
let environment: Record<string, string>;
let clients: Clients;

beforeEach(() => {
  stateDir = temporaryDirectory();
});
afterEach(() => {
  clients.destroy();
  child.kill('SIGKILL');
  removeDirectory(stateDir);
});

async function start(): Promise<void> {
  child = spawn(process.execPath, [program, stateDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  environment = JSON.parse(line);
  clients = clientsFor(environment);
}

function halfRequest(url: string | undefined, text: string): Socket {
  const socket = connect(Number(new URL(url ?? '').port), '127.0.0.1');
  socket.on('error', () => {
    // The server may reset the connection when it closes.
  });
  socket.write(text);
  return socket;
}

async function kill(): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  clients.destroy();
}

async function prepare(): Promise<string> {
  await clients.dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'dueShard', AttributeType: 'S' },
        { AttributeName: 'nextDueAt', AttributeType: 'N' },
      ],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [
            { AttributeName: 'dueShard', KeyType: 'HASH' },
            { AttributeName: 'nextDueAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  const created = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
  return created.QueueUrl ?? '';
}

function objectBody(round: number): string {
  return `${round} `.repeat(2000);
}

function schedule(name: string, at: number) {
  return clients.dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: { S: name } },
      UpdateExpression: 'SET dueShard = :shard, nextDueAt = :at',
      ExpressionAttributeValues: { ':shard': { S: '0' }, ':at': { N: String(at) } },
    }),
  );
}

/**
 * Writes rounds of everything until the process is gone, and kills it in the middle of the work that follows the
 * acknowledgement of `rounds` rounds. Returns the last round that was acknowledged, by kind and name.
 */
async function writeUntilKilled(QueueUrl: string, rounds: number) {
  const objects = new Map<string, number>();
  const items = new Map<string, number>();
  const messages: string[] = [];
  const secrets: string[] = [];
  let total = 0;
  let killed: Promise<void> | undefined;
  const note = () => {
    total += 1;
    if (total === rounds) killed = kill();
  };
  const writers = names.flatMap((name) => [
    async (round: number) => {
      await clients.s3.send(
        new PutObjectCommand({
          Bucket,
          Key: `landing/${name}`,
          Body: objectBody(round),
          Metadata: { round: `${round}` },
        }),
      );
      objects.set(name, round);
    },
    async (round: number) => {
      await schedule(name, round);
      items.set(name, round);
    },
    async (round: number) => {
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${name} ${round}` }));
      messages.push(`${name} ${round}`);
    },
    async (round: number) => {
      await clients.secrets.send(
        new CreateSecretCommand({ Name: `${name}/${round}`, SecretString: `${round}` }),
      );
      secrets.push(`${name}/${round}`);
    },
  ]);
  await Promise.all(
    writers.map(async (write) => {
      for (let round = 1; killed === undefined; round++) {
        try {
          await write(round);
          note();
        } catch (error) {
          // The writes that were under way when the process went away had no answer, and so no acknowledgement.
          if (killed === undefined || wasAnswered(error)) throw error;
        }
      }
    }),
  );
  await killed;
  return { objects, items, messages, secrets };
}

function wasAnswered(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return false;
  const metadata = error.$metadata;
  return (
    typeof metadata === 'object' &&
    metadata !== null &&
    'httpStatusCode' in metadata &&
    metadata.httpStatusCode !== undefined
  );
}

async function receiveAll(): Promise<string[]> {
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
  const bodies: string[] = [];
  for (;;) {
    const { Messages } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages === undefined) return bodies;
    bodies.push(...Messages.map((message) => message.Body ?? ''));
  }
}

it.each([1, 40, 300])(
  'SIGKILL after %i acknowledged writes loses none of them and leaves nothing half done',
  async (rounds) => {
    // Given
    await start();
    const QueueUrl = await prepare();
    // When
    const acknowledged = await writeUntilKilled(QueueUrl, rounds);
    await start();
    // Then every object is whole, and at least as new as its last acknowledged version
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket }));
    const rounded = new Map<string, number>();
    for (const { Key = '', Size } of Contents) {
      const stored = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
      const round = Number(stored.Metadata?.['round']);
      expect(await stored.Body?.transformToString()).toBe(objectBody(round));
      expect(Size).toBe(objectBody(round).length);
      rounded.set(Key.replace('landing/', ''), round);
    }
    for (const [name, round] of acknowledged.objects) expect(rounded.get(name)).toBeGreaterThanOrEqual(round);
    // And every item is there, and the index says what the items say
    const items = new Map<string, string | undefined>();
    for (const name of names) {
      const { Item } = await clients.dynamodb.send(
        new GetItemCommand({ TableName, Key: { pk: { S: name } } }),
      );
      if (Item !== undefined) items.set(name, Item['nextDueAt']?.N);
    }
    for (const [name, round] of acknowledged.items)
      expect(Number(items.get(name))).toBeGreaterThanOrEqual(round);
    const due = await clients.dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard',
        ExpressionAttributeValues: { ':shard': { S: '0' } },
      }),
    );
    const indexed = (due.Items ?? []).map((item) => [item['pk']?.S, item['nextDueAt']?.N]);
    expect(indexed.toSorted()).toEqual([...items].toSorted());
    // And every message and every secret
    const bodies = await receiveAll();
    expect(bodies).toEqual(expect.arrayContaining(acknowledged.messages));
    expect(new Set(bodies).size).toBe(bodies.length);
    for (const SecretId of acknowledged.secrets) {
      const { SecretString } = await clients.secrets.send(new GetSecretValueCommand({ SecretId }));
      expect(SecretString).toBe(SecretId.split('/')[1]);
    }
  },
);

it('closing leaves nothing that keeps the process alive', async () => {
  await start();
  await prepare();
  // Given connections that are kept open, requests that never end, and a long poll that is waiting
  const idlers = [environment['AWS_ENDPOINT_URL_SQS'], environment['AWS_ENDPOINT_URL_DYNAMODB']].flatMap(
    (url) => [
      halfRequest(url, ''),
      halfRequest(url, 'POST / HTTP/1.1\r\nHost: localhost\r\n'),
      halfRequest(
        url,
        'POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\nContent-Length: 9\r\n\r\n{',
      ),
    ],
  );
  await Promise.all(idlers.map((idler) => once(idler, 'connect')));
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
  const poll = clients.sqs
    .send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
    .catch(() => undefined);
  await clients.s3.send(new ListObjectsV2Command({ Bucket }));
  // When
  const exited = once(child, 'exit');
  child.stdin.end();
  // Then it ends by itself
  expect(await exited).toEqual([0, null]);
  clients.destroy();
  await poll;
  for (const idler of idlers) idler.destroy();
});

it('a second start over the same state is refused and does no harm', async () => {
  await start();
  await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'x' }));
  const second = spawn(process.execPath, [program, stateDir], { stdio: ['pipe', 'ignore', 'pipe'] });
  let message = '';
  second.stderr.setEncoding('utf8').on('data', (text: string) => {
    message += text;
  });
  expect((await once(second, 'close'))[0]).toBe(1);
  expect(message).toMatch(/Cannot open .*dynamodb.*: stop the other process that uses it/);
  await clients.s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'y' }));
  expect(await clients.s3.send(new GetObjectCommand({ Bucket, Key: 'kept' }))).toMatchObject({
    ContentLength: 1,
  });
});
