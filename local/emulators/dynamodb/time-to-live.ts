import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Fields } from '../aws-json-server.ts';
import { isConditionFailure } from './conditional-failure.ts';
import type { Engine } from './engine.ts';
import type { TableKeys } from './table-keys.ts';
import type { TableSettingsFile } from './table-settings.ts';
import type { WriteLock } from './write-lock.ts';

const updateRequest = z.looseObject({
  TableName: z.string(),
  TimeToLiveSpecification: z.object({ Enabled: z.boolean(), AttributeName: z.string().min(1) }),
});
const scanPage = z.looseObject({
  Items: z.array(z.record(z.string(), z.unknown())),
  LastEvaluatedKey: z.record(z.string(), z.unknown()).optional(),
});

/** The service leaves items alone whose expiry is further back than this. */
const ignoredAfterSeconds = 5 * 365 * 86_400;

/** Time to live: its two operations and the deletion of what has expired. */
export class TimeToLive {
  readonly #engine: Engine;
  readonly #keys: TableKeys;
  readonly #settings: TableSettingsFile;
  readonly #lock: WriteLock;

  constructor(engine: Engine, keys: TableKeys, settings: TableSettingsFile, lock: WriteLock) {
    this.#engine = engine;
    this.#keys = keys;
    this.#settings = settings;
    this.#lock = lock;
  }

  /** Unlike the service, takes the setting that a table already has: a local start sends it every time. */
  async update(input: Fields): Promise<Fields> {
    const request = updateRequest.safeParse(input);
    if (!request.success) {
      throw new AwsError('ValidationException', 'TimeToLiveSpecification needs Enabled and AttributeName.');
    }
    const { TableName: table, TimeToLiveSpecification: wanted } = request.data;
    await this.#engine.execute('DescribeTable', { TableName: table });
    const { timeToLiveAttribute: current, ...settings } = this.#settings.get(table);
    if (current !== undefined && current !== wanted.AttributeName) {
      throw new AwsError(
        'ValidationException',
        `TimeToLive is active on a different AttributeName: ${current}`,
      );
    }
    this.#settings.put(table, {
      ...settings,
      ...(wanted.Enabled ? { timeToLiveAttribute: wanted.AttributeName } : {}),
    });
    return { TimeToLiveSpecification: wanted };
  }

  async describe(input: Fields): Promise<Fields> {
    await this.#engine.execute('DescribeTable', { TableName: input['TableName'] });
    const attribute = this.#settings.get(String(input['TableName'])).timeToLiveAttribute;
    return {
      TimeToLiveDescription:
        attribute === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute },
    };
  }

  /** Deletes what has expired at `nowMs` (epoch milliseconds) in all tables. Returns how many items went. */
  async sweep(nowMs: number): Promise<number> {
    let deleted = 0;
    for (const [table, { timeToLiveAttribute }] of this.#settings.all()) {
      if (timeToLiveAttribute !== undefined)
        deleted += await this.#sweepTable(table, timeToLiveAttribute, nowMs);
    }
    return deleted;
  }

  async #sweepTable(table: string, attribute: string, nowMs: number): Promise<number> {
    const nowSeconds = Math.floor(nowMs / 1000);
    const expired = {
      ExpressionAttributeNames: { '#expires': attribute },
      ExpressionAttributeValues: {
        ':now': { N: String(nowSeconds) },
        ':floor': { N: String(nowSeconds - ignoredAfterSeconds) },
      },
    };
    const condition = '#expires < :now AND #expires > :floor';
    let deleted = 0;
    let from: Fields | undefined;
    do {
      const page = scanPage.parse(
        await this.#engine.execute('Scan', {
          ...expired,
          TableName: table,
          FilterExpression: condition,
          ExclusiveStartKey: from,
        }),
      );
      for (const item of page.Items) {
        const Key = await this.#keys.keyOf(table, item);
        // Asked again at the delete: somebody may have given the item a later expiry since the scan.
        const remove = { ...expired, TableName: table, Key, ConditionExpression: condition };
        if (await this.#lock.run(() => this.#deleted(remove))) deleted += 1;
      }
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return deleted;
  }

  async #deleted(remove: Fields): Promise<boolean> {
    try {
      await this.#engine.execute('DeleteItem', remove);
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  }
}
