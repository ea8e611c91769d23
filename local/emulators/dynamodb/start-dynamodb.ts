import path from 'node:path';
import { type Fields, type RunningServer, startAwsJsonServer } from '../aws-json-server.ts';
import { writeItem } from './conditional-failure.ts';
import { ContinuousBackups } from './continuous-backups.ts';
import { Engine } from './engine.ts';
import { TableKeys } from './table-keys.ts';
import { TableSettingsFile } from './table-settings.ts';
import { TimeToLive } from './time-to-live.ts';
import { Transactions } from './transactions.ts';
import { WriteLock } from './write-lock.ts';

/** A running DynamoDB. */
export interface DynamoDbEmulator extends RunningServer {
  /** Deletes what has expired at `nowMs`, epoch milliseconds; returns how many items went. */
  sweep(nowMs: number): Promise<number>;
}

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/**
 * Starts a DynamoDB over a LevelDB in `directory`.
 * @throws Error when another process uses the directory.
 */
export async function startDynamoDb(options: {
  readonly directory: string;
  readonly region: string;
  readonly accountId: string;
  /** How often expired items are deleted; a minute unless given. */
  readonly sweepIntervalMs?: number;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
}): Promise<DynamoDbEmulator> {
  const now = options.now ?? Date.now;
  const engine = await Engine.open({
    path: path.join(options.directory, 'leveldb'),
    region: options.region,
    accountId: options.accountId,
  });
  const settings = new TableSettingsFile(path.join(options.directory, 'table-settings.json'));
  const lock = new WriteLock();
  const keys = new TableKeys(engine);
  const timeToLive = new TimeToLive(engine, keys, settings, lock);
  const backups = new ContinuousBackups(engine, settings);
  const transactions = new Transactions(engine, keys, now);

  const own: Readonly<Record<string, (input: Fields) => Promise<Fields>>> = {
    UpdateTimeToLive: (input) => timeToLive.update(input),
    DescribeTimeToLive: (input) => timeToLive.describe(input),
    UpdateContinuousBackups: (input) => backups.update(input),
    DescribeContinuousBackups: (input) => backups.describe(input),
    TransactWriteItems: (input) => lock.run(() => transactions.write(input)),
    TransactGetItems: (input) => lock.run(() => transactions.get(input)),
    DeleteTable: async (input) => {
      const output = await engine.execute('DeleteTable', input);
      keys.forget(String(input['TableName']));
      settings.remove(String(input['TableName']));
      return output;
    },
  };

  const server = await startAwsJsonServer({
    contentType: 'application/x-amz-json-1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810#',
    async call(operation, input) {
      const handler = Object.hasOwn(own, operation) ? own[operation] : undefined;
      if (handler !== undefined) return handler(input);
      if (writes.has(operation)) return lock.run(() => writeItem(engine, keys, operation, input));
      return engine.execute(operation, input);
    },
  });

  let sweeping: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = sweeping
      .then(() => timeToLive.sweep(now()))
      .catch((error: unknown) => console.error('Deleting expired items failed:', error));
  }, options.sweepIntervalMs ?? 60_000);
  timer.unref();

  return {
    url: server.url,
    sweep: (nowMs) => timeToLive.sweep(nowMs),
    async close() {
      clearInterval(timer);
      await sweeping;
      await server.close();
      await engine.close();
    },
  };
}
