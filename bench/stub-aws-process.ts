/**
 * DynamoDB and SQS as far as a fan-out meets them, answering after a fixed time. Started by `fan-out-80000.ts`, never by hand.
 * The first message to the parent is the URL.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { isObject, type Json, type JsonObject } from '../shared/json.ts';

/** What the stub plays. */
export interface StubAws {
  /** Due streams, eight of each connector. */
  readonly streams: number;
  readonly shards: number;
  /** Milliseconds from the request to its answer, by operation. */
  readonly latencyMs: Readonly<Record<'Query' | 'UpdateItem' | 'SendMessageBatch', number>>;
}

const { streams, shards, latencyMs }: StubAws = JSON.parse(process.argv[2] ?? '');
const contentTypes = [
  'agents',
  'threats',
  'alerts',
  'rogues',
  'threat-notes',
  'threat-events',
  'activities',
  'groups',
];
/** A page of a Query ends when its items have 1 MB; this is what DynamoDB counts for one of ours, names and values. */
const itemBytes = 80;
const pageLimit = Math.floor(1024 ** 2 / itemBytes);

process.on('disconnect', () => process.exit(1));

const support = new URL('../test/support/tls/', import.meta.url);
const server = https.createServer(
  {
    key: readFileSync(new URL('test-only-key.pem', support)),
    cert: readFileSync(new URL('test-only-certificate.pem', support)),
    keepAlive: true,
    keepAliveTimeout: 60_000,
  },
  (request, response) => void serve(request, response),
);
server.listen(0, '127.0.0.1', () => {
  process.send?.(`https://localhost:${(server.address() as AddressInfo).port}`);
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const input: Json = JSON.parse(Buffer.concat(chunks).toString());
  if (!isObject(input)) throw new Error(`The body of ${operation} is no object.`);
  const body = JSON.stringify(answer(operation, input));
  setTimeout(
    () => {
      response.writeHead(200, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amzn-requestid': 'V9JNSCIOCSO4VLG4R5ADKSOJSVVV4KQNSO5AEMVJF66Q9ASUAAJG',
        'x-amz-crc32': String(crc32(body)),
      });
      response.end(body);
    },
    latencyMs[operation as keyof typeof latencyMs],
  );
}

function answer(operation: string, input: JsonObject): Json {
  switch (operation) {
    case 'Query':
      return query(input);
    case 'UpdateItem':
      return {};
    case 'SendMessageBatch':
      return sendMessageBatch(input);
    default:
      throw new Error(`The fan-out should not call ${operation}.`);
  }
}

/** The due streams of one shard in order; stream number n is in shard n % shards. */
function query(input: JsonObject): Json {
  const { ExpressionAttributeValues: values, ExclusiveStartKey: after, Limit: limit } = input;
  const shard = Number(text(values, ':shard').replace('due#', ''));
  const from = after === undefined ? shard : numberOf(text(after, 'pk'), text(after, 'sk')) + shards;
  const count = Math.min(pageLimit, typeof limit === 'number' ? limit : pageLimit);
  const items: JsonObject[] = [];
  let next = from;
  for (; next < streams && items.length < count; next += shards) items.push(item(next, shard));
  const last = items.at(-1);
  return {
    Items: items,
    Count: items.length,
    ScannedCount: items.length,
    ...(next < streams && last !== undefined ? { LastEvaluatedKey: last } : {}),
  };
}

function item(n: number, shard: number): JsonObject {
  const connector = Math.floor(n / contentTypes.length);
  return {
    pk: { S: `CONNECTOR#tenant-${String(connector).padStart(6, '0')}/edr` },
    sk: { S: `STREAM#${contentTypes[n % contentTypes.length]}` },
    dueShard: { S: `due#${shard}` },
    nextDueAt: { N: String(1_795_000_000_000 + n) },
  };
}

function numberOf(pk: string, sk: string): number {
  const connector = Number(/tenant-(\d+)/.exec(pk)?.[1]);
  return connector * contentTypes.length + contentTypes.indexOf(sk.slice('STREAM#'.length));
}

/** A text of an item in DynamoDB's form. */
function text(fields: Json | undefined, name: string): string {
  const value = isObject(fields) ? fields[name] : undefined;
  if (isObject(value) && typeof value['S'] === 'string') return value['S'];
  throw new Error(`The request holds no text ${name}.`);
}

/** With the digest that the SDK compares with its own. */
function sendMessageBatch({ Entries: entries }: JsonObject): Json {
  if (!Array.isArray(entries)) throw new Error('The batch holds no entries.');
  return {
    Successful: entries.filter(isObject).map((entry) => ({
      Id: entry['Id'] ?? '',
      MessageId: '5fea7756-0ea4-451a-a703-a558b933e274',
      MD5OfMessageBody: createHash('md5').update(String(entry['MessageBody'])).digest('hex'),
    })),
    Failed: [],
  };
}
