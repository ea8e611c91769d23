import fs from 'node:fs';
import { findPackageJSON } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A message as fauxqs keeps it. Times in epoch milliseconds. */
export interface QueuedMessage {
  readonly messageId: string;
  messageGroupId?: string | undefined;
  approximateReceiveCount: number;
  approximateFirstReceiveTimestamp?: number | undefined;
  delayUntil?: number | undefined;
}

/** One queue of fauxqs. */
export interface Queue {
  readonly name: string;
  url: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The messages that a receive can get now. */
  messages: QueuedMessage[];
  persistence: QueuePersistence | undefined;
  isFifo(): boolean;
  /** Moves messages whose delay or visibility timeout has ended to `messages`. */
  processTimers(): void;
  enqueue(message: QueuedMessage): void;
}

/** fauxqs' SQLite file. */
export interface QueuePersistence {
  readonly db: {
    exec(sql: string): void;
    prepare(sql: string): { run(...values: (string | null)[]): unknown };
  };
  loadSqsAndSns(sqs: SqsStore, sns: object): void;
  updateMessageReady(messageId: string): void;
  close(): void;
}

/** All queues of fauxqs. */
export interface SqsStore {
  /** Queues by URL. */
  readonly queues: Map<string, Queue>;
  /** Undefined makes queue URLs start with the host of the request that asked for them. */
  host: string | undefined;
  region: string | undefined;
  persistence: QueuePersistence | undefined;
  createQueue(name: string, url: string, arn: string, attributes?: object, tags?: object): Queue;
  buildQueueUrl(name: string, port: string, requestHost: string, region: string): string;
  allQueues(): Iterable<Queue>;
  getQueue(url: string): Queue | undefined;
  getQueueByArn(arn: string): Queue | undefined;
  processAllTimers(): void;
}

/** An object of fauxqs' S3. In the store `body` is empty: bodies stay on the disk. */
export interface S3Object {
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly contentLength: number;
  /** With its quotation marks. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What fauxqs' S3 calls to keep things. */
export interface S3Persistence {
  insertBucket(name: string): void;
  deleteBucket(name: string): void;
  saveBucketLifecycleConfiguration(bucket: string, configuration: string): void;
  deleteBucketLifecycleConfiguration(bucket: string): void;
  upsertObject(bucket: string, object: S3Object): void;
  deleteObject(bucket: string, key: string): void;
  readBody(bucket: string, key: string): Buffer;
  insertMultipartUpload(upload: object): void;
  upsertMultipartPart(uploadId: string, part: object): void;
  deleteMultipartUpload(uploadId: string): void;
  completeMultipartUpload(uploadId: string, bucket: string, object: S3Object): void;
}

/** fauxqs' S3. */
export interface S3Store {
  readonly buckets: ReadonlyMap<string, ReadonlyMap<string, S3Object>>;
  persistence: S3Persistence | undefined;
  createBucket(name: string): void;
  restoreObject(bucket: string, object: S3Object): void;
}

/** A request as the hooks of fauxqs' web server see it. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly params: unknown;
  readonly query: unknown;
  body: unknown;
}

/** The answer to it. */
export interface HttpReply {
  code(status: number): HttpReply;
  header(name: string, value: string): HttpReply;
  getHeader(name: string): unknown;
  send(body?: string): HttpReply;
}

type Done = (error?: Error | null, value?: unknown) => void;

/** fauxqs' web server. */
export interface App {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    type: '*',
    options: { parseAs: 'buffer'; bodyLimit: number },
    parse: (request: HttpRequest, body: Buffer, done: Done) => void,
  ): void;
  addHook(name: 'preHandler', hook: (request: HttpRequest, reply: HttpReply, done: Done) => void): void;
  addHook(
    name: 'onSend',
    hook: (request: HttpRequest, reply: HttpReply, payload: unknown, done: Done) => void,
  ): void;
  setErrorHandler(handle: (error: Error, request: HttpRequest, reply: HttpReply) => void): void;
  listen(options: { port: number; host: string }): Promise<string>;
  close(): Promise<void>;
}

/** fauxqs' own refusal of an SQS call. */
export interface SqsRefusal extends Error {
  readonly code: string;
  readonly statusCode: number;
}

type CreateMessage = (body: string, attributes: object, ...rest: unknown[]) => QueuedMessage;
type Dequeue = (this: Queue, ...values: unknown[]) => unknown;
type Class<T, A extends unknown[] = []> = new (...values: A) => T;

/** The parts of fauxqs that the emulator stands on. */
export interface Fauxqs {
  readonly SqsStore: Class<SqsStore> & { createMessage: CreateMessage };
  readonly SqsQueue: { readonly prototype: { dequeue: Dequeue } };
  readonly SnsStore: Class<object>;
  readonly S3Store: Class<S3Store>;
  readonly PersistenceManager: Class<QueuePersistence, [directory: string]>;
  readonly SqsError: Class<SqsRefusal>;
  /** Matches a body that SQS refuses. The object is shared by all senders, so replacing `test` changes them all. */
  readonly invalidBody: { test: (body: string) => boolean };
  sendMessageBatch(body: object, store: SqsStore): { Successful: object[]; Failed: object[] };
  decodeAwsChunked(body: Buffer): {
    readonly body: Buffer;
    readonly trailers: Readonly<Record<string, string>>;
  };
  buildApp(options: {
    logger: false;
    stores: { sqsStore: SqsStore; snsStore: object; s3Store: S3Store };
  }): App;
}

const version = '2.4.1';

/**
 * Loads fauxqs' inner modules and checks that they are what this folder was written against.
 * @throws Error naming what is different.
 */
export async function loadFauxqs(): Promise<Fauxqs> {
  const manifest = findPackageJSON('fauxqs', import.meta.url);
  if (manifest === undefined) throw new Error('fauxqs is not installed: run npm ci.');
  const { version: found } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  if (found !== version) {
    throw new Error(
      `fauxqs ${found} is installed but the SQS and S3 emulator is written for exactly ${version}: ` +
        'install that version, or check local/emulators/sqs-s3 against the new one.',
    );
  }
  const load = async <T>(
    file: string,
    name: string,
    isExpected: (value: unknown) => value is T,
  ): Promise<T> => {
    const module: unknown = await import(pathToFileURL(path.join(path.dirname(manifest), 'dist', file)).href);
    const value = isRecord(module) ? module[name] : undefined;
    if (isExpected(value)) return value;
    throw new Error(
      `${name} in dist/${file} is not what fauxqs ${version} has: reinstall the packages with npm ci.`,
    );
  };
  return {
    SqsStore: await load('sqs/sqsStore.js', 'SqsStore', isSqsStoreClass),
    SqsQueue: await load(
      'sqs/sqsStore.js',
      'SqsQueue',
      classWith<Fauxqs['SqsQueue']>('dequeue', 'isFifo', 'processTimers', 'enqueue'),
    ),
    SnsStore: await load('sns/snsStore.js', 'SnsStore', classWith<Fauxqs['SnsStore']>()),
    S3Store: await load(
      's3/s3Store.js',
      'S3Store',
      classWith<Fauxqs['S3Store']>('createBucket', 'restoreObject'),
    ),
    PersistenceManager: await load(
      'persistence.js',
      'PersistenceManager',
      classWith<Fauxqs['PersistenceManager']>('loadSqsAndSns', 'updateMessageReady', 'close'),
    ),
    SqsError: await load('common/errors.js', 'SqsError', classWith<Fauxqs['SqsError']>()),
    invalidBody: await load('sqs/sqsTypes.js', 'INVALID_MESSAGE_BODY_CHAR', isTester),
    sendMessageBatch: await load(
      'sqs/actions/sendMessageBatch.js',
      'sendMessageBatch',
      isFunction<Fauxqs['sendMessageBatch']>,
    ),
    decodeAwsChunked: await load(
      's3/chunkedEncoding.js',
      'decodeAwsChunked',
      isFunction<Fauxqs['decodeAwsChunked']>,
    ),
    buildApp: await load('app.js', 'buildApp', isFunction<Fauxqs['buildApp']>),
  };
}

/** @throws Error when fresh stores lack the members that the layer reads and writes directly. */
export function checkStores(sqs: SqsStore, s3: S3Store): void {
  if (sqs.queues instanceof Map && s3.buckets instanceof Map && 'host' in sqs && 'region' in sqs) return;
  throw new Error(`The stores are not what fauxqs ${version} has: reinstall the packages with npm ci.`);
}

function isSqsStoreClass(value: unknown): value is Fauxqs['SqsStore'] {
  const methods = [
    'createQueue',
    'buildQueueUrl',
    'allQueues',
    'getQueue',
    'getQueueByArn',
    'processAllTimers',
  ];
  return (
    classWith(...methods)(value) && 'createMessage' in value && typeof value.createMessage === 'function'
  );
}

function classWith<T = object>(...methods: string[]): (value: unknown) => value is T {
  return (value): value is T =>
    typeof value === 'function' && methods.every((method) => typeof value.prototype?.[method] === 'function');
}

function isTester(value: unknown): value is Fauxqs['invalidBody'] {
  return isRecord(value) && typeof value['test'] === 'function';
}

function isFunction<T>(value: unknown): value is T {
  return typeof value === 'function';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
