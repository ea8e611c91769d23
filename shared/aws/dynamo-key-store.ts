import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { type ApiKey, isKeyId, isSecretHash, viewOf } from '../access/api-key.ts';
import { cursorBehind, idOfCursor } from '../access/key-cursor.ts';
import { checkLimit, type KeyStore, minuteOf } from '../access/key-store.ts';
import { isRight } from '../access/rights.ts';
import { type Item, MalformedItem } from './stream-item.ts';

export interface DynamoKeyStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** All keys share a partition, so that a query lists them. They are few, and it is only written when one is made or revoked. */
const keysPartition = 'KEYS';
/** Raised when an older version could misread a key. */
const keyVersion = 1;
/** A use can lose its race to another process, and then to the minute that goes by. More often than that is no race. */
const mostAttempts = 5;

/**
 * Two items per key: what it is (`KEYS`, its id), and how it is used (`KEY#` and its id, `USE`: `lastUsedAt` in epoch
 * milliseconds, `ofMinute` and the `requests` made in it). The second one is written by each request, in a partition of its
 * own. The key is a map: a top-level `expiresAt` would be the table's time to live, and the key would vanish.
 */
export function createDynamoKeyStore({ client, table }: DynamoKeyStoreOptions): KeyStore {
  async function lastUse(id: string, consistent: boolean): Promise<Pick<ApiKey, 'lastUsedAt'>> {
    const { Item: item = {} } = await client.send(
      new GetCommand({
        TableName: table,
        Key: useKey(id),
        ProjectionExpression: 'lastUsedAt',
        ConsistentRead: consistent,
      }),
    );
    const lastUsedAt = item['lastUsedAt'];
    return typeof lastUsedAt === 'number' ? { lastUsedAt } : {};
  }

  /** The key's requests after the write; undefined where the condition does not hold. */
  async function count(
    id: string,
    set: string,
    condition: string,
    values: Item,
  ): Promise<number | undefined> {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: useKey(id),
          UpdateExpression: `SET lastUsedAt = :now, ${set}`,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      const requests: unknown = Attributes?.['requests'];
      if (typeof requests !== 'number')
        throw new MalformedItem(`Use of the key ${id}: requests is no number.`);
      return requests;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return undefined;
    }
  }

  return {
    async create(key) {
      const { id, ...apiKey } = key;
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...keyKey(id), v: keyVersion, apiKey },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return false;
      }
    },

    async get(id) {
      // DynamoDB refuses some texts as keys.
      if (!isKeyId(id)) return undefined;
      const [{ Item: item }, use] = await Promise.all([
        client.send(new GetCommand({ TableName: table, Key: keyKey(id), ConsistentRead: true })),
        lastUse(id, true),
      ]);
      return item === undefined ? undefined : { ...keyFromItem(item), ...use };
    },

    async list({ limit, cursor }) {
      checkLimit(limit);
      const after = cursor === undefined ? '' : idOfCursor(cursor);
      if (after === undefined) return { kind: 'cursor_refused' };
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: after === '' ? 'pk = :pk' : 'pk = :pk AND sk > :after',
          ExpressionAttributeValues: { ':pk': keysPartition, ...(after === '' ? {} : { ':after': after }) },
          // One more shows whether there is a next page. DynamoDB stops at 1 MB, whatever the limit.
          Limit: limit + 1,
          ConsistentRead: true,
        }),
      );
      const found = Items.slice(0, limit).map(keyFromItem);
      const keys = await Promise.all(
        found.map(async (key) => ({ ...viewOf(key), ...(await lastUse(key.id, false)) })),
      );
      const last = found.at(-1);
      const hasMore = Items.length > limit || LastEvaluatedKey !== undefined;
      return last !== undefined && hasMore
        ? { kind: 'page', keys, nextCursor: cursorBehind(last.id) }
        : { kind: 'page', keys };
    },

    async revoke(id, at) {
      if (!isKeyId(id)) return undefined;
      try {
        const { Attributes = {} } = await client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyKey(id),
            UpdateExpression: 'SET apiKey.revokedAt = if_not_exists(apiKey.revokedAt, :at)',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':at': at },
            ReturnValues: 'ALL_NEW',
          }),
        );
        return { ...viewOf(keyFromItem(Attributes)), ...(await lastUse(id, true)) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return undefined;
      }
    },

    async use(id, now, lastUsedAt) {
      const minute = minuteOf(now);
      // A minute further ahead comes from a clock that is wrong, and would be counted for ever.
      const values = { ':now': now, ':minute': minute, ':furthest': minute + 1, ':one': 1 };
      const countOn = () =>
        count(id, 'requests = requests + :one', 'ofMinute BETWEEN :minute AND :furthest', values);
      const startAnew = () =>
        count(
          id,
          'requests = :one, ofMinute = :minute',
          'attribute_not_exists(ofMinute) OR ofMinute < :minute OR ofMinute > :furthest',
          values,
        );
      let isCounted = lastUsedAt !== undefined && minuteOf(lastUsedAt) === minute;
      for (let attempt = 1; attempt <= mostAttempts; attempt++) {
        const requests = await (isCounted ? countOn() : startAnew());
        if (requests !== undefined) return requests;
        isCounted = !isCounted;
      }
      throw new Error(`The use of the key ${id} could not be counted in ${mostAttempts} tries.`);
    },
  };
}

function keyKey(id: string): { readonly pk: string; readonly sk: string } {
  return { pk: keysPartition, sk: id };
}

function useKey(id: string): { readonly pk: string; readonly sk: string } {
  return { pk: `KEY#${id}`, sk: 'USE' };
}

/** @throws MalformedItem when it is not a key as this version writes it: a key that is misread may open too much */
function keyFromItem(item: Item): ApiKey {
  const { sk: id, v } = item;
  if (v !== keyVersion || typeof id !== 'string')
    throw new MalformedItem(`Key item ${String(id)}: it was not written by this version.`);
  const { name, tenants, rights, createdAt, createdBy, secretHash, ...times } = mapOf(item);
  const malformed = (attribute: string) =>
    new MalformedItem(`Key item ${id}: ${attribute} is not what it must be.`);
  if (typeof name !== 'string') throw malformed('name');
  if (tenants !== 'all' && !isListOf(tenants, isText)) throw malformed('tenants');
  if (!isListOf(rights, isRight)) throw malformed('rights');
  if (typeof createdAt !== 'number') throw malformed('createdAt');
  if (typeof createdBy !== 'string') throw malformed('createdBy');
  if (!isSecretHash(secretHash)) throw malformed('secretHash');
  const { expiresAt, revokedAt } = times;
  if (expiresAt !== undefined && typeof expiresAt !== 'number') throw malformed('expiresAt');
  if (revokedAt !== undefined && typeof revokedAt !== 'number') throw malformed('revokedAt');
  return {
    ...{ id, name, tenants, rights, createdAt, createdBy, secretHash },
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
}

function mapOf({ apiKey }: Item): Item {
  return typeof apiKey === 'object' && apiKey !== null ? { ...apiKey } : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isListOf<T>(value: unknown, isOne: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}
