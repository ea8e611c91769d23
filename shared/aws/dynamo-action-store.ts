import { gunzipSync, gzipSync } from 'node:zlib';
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Action, ActionPlace } from '../actions/run/action.ts';
import type { ActionCursor, ActionStore } from '../actions/run/action-store.ts';
import { actionKey, actionsDueShard } from './action-key.ts';
import type { Item } from './stream-item.ts';

export interface DynamoActionStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** How long an action is kept after it was asked for. */
  readonly retentionMs: number;
}

/** How often a write is tried again that has met a transaction at the same item. The SDK does not do it. */
const mostConflicts = 10;

/**
 * Actions in the state table, one item each: `ACTIONS#<tenant>` / `<connector>#<id>`, and beside it an entry in the tenant's list
 * in the order of time. An action with a hundred targets and its trail is some hundred kilobytes of JSON, so it is kept compressed;
 * only what DynamoDB must see is an attribute: the version, the lease, and when somebody has to go on.
 */
export function createDynamoActionStore({
  client,
  table,
  retentionMs,
}: DynamoActionStoreOptions): ActionStore {
  const expiresAt = ({ requestedAt }: Action) => Math.ceil((requestedAt + retentionMs) / 1000);

  async function get(place: ActionPlace): Promise<Action | undefined> {
    const { Item: item } = await client.send(
      new GetCommand({ TableName: table, Key: actionKey(place), ConsistentRead: true }),
    );
    return item === undefined ? undefined : readItem(item);
  }

  return {
    get,

    async create(action) {
      const listed = { ...listKey(action.tenant, action), expiresAt: expiresAt(action) };
      for (let conflicts = 0; ; conflicts++) {
        try {
          await client.send(
            new TransactWriteCommand({
              TransactItems: [
                {
                  Put: {
                    TableName: table,
                    Item: writeItem(action, expiresAt(action)),
                    ConditionExpression: 'attribute_not_exists(pk)',
                  },
                },
                { Put: { TableName: table, Item: listed } },
              ],
            }),
          );
          return 'created';
        } catch (error) {
          if (!(error instanceof TransactionCanceledException)) throw error;
          const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code);
          // The SDK repeats a call whose answer was lost, and then meets its own item.
          if (reasons.includes('ConditionalCheckFailed'))
            return isSame(await get(action), action) ? 'created' : 'exists';
          if (!reasons.includes('TransactionConflict') || conflicts >= mostConflicts) throw error;
        }
      }
    },

    async replace(action) {
      const next = { ...action, version: action.version + 1 };
      for (let conflicts = 0; ; conflicts++) {
        try {
          await client.send(
            new PutCommand({
              TableName: table,
              Item: writeItem(next, expiresAt(action)),
              ConditionExpression: '#version = :seen',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':seen': action.version },
            }),
          );
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return isSame(await get(action), next);
          // A second creation of the same, at the same time.
          if (!(error instanceof TransactionConflictException) || conflicts >= mostConflicts) throw error;
        }
      }
    },

    async page({ tenant, from, to, after, limit }) {
      const [first, end] = [timeText(from), timeText(to)];
      const start = after === undefined ? undefined : listKey(tenant, after);
      // DynamoDB refuses a range that ends before it begins, and a place to go on from that is outside of it.
      if (first > end || (start !== undefined && start.sk < first)) return { actions: [] };
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': listPartition(tenant),
            ':from': first,
            // Everything of the millisecond before `to` lies before this.
            ':to': end,
          },
          ScanIndexForward: false,
          Limit: limit,
          ...(start === undefined || start.sk > end ? {} : { ExclusiveStartKey: start }),
        }),
      );
      const cursors = items.map(readListItem);
      const found = await Promise.all(cursors.map(({ connector, id }) => get({ tenant, connector, id })));
      const next = last === undefined ? undefined : readListItem(last);
      return {
        actions: found.filter((action) => action !== undefined),
        ...(next === undefined ? {} : { after: next }),
      };
    },
  };
}

function writeItem(action: Action, expiresAt: number): Item {
  const { version, lease, nextDueAt, ...content } = action;
  return {
    ...actionKey(action),
    version,
    content: gzipSync(JSON.stringify({ ...content, nextDueAt })),
    expiresAt,
    ...(lease === undefined ? {} : { leaseOwner: lease.owner, leaseUntil: lease.until }),
    ...(nextDueAt === undefined ? {} : { dueShard: actionsDueShard, nextDueAt }),
  };
}

/** A claim of the fan-out moves the attribute `nextDueAt`; when the action itself wants to go on stands in its content. */
function readItem(item: Item): Action {
  const { version, content, leaseOwner, leaseUntil } = item;
  if (typeof version !== 'number' || !(content instanceof Uint8Array))
    throw new Error(`The item ${String(item['pk'])} ${String(item['sk'])} is no action.`);
  const isLeased = typeof leaseOwner === 'string' && typeof leaseUntil === 'number';
  return {
    ...JSON.parse(gunzipSync(content).toString()),
    version,
    ...(isLeased ? { lease: { owner: leaseOwner, until: leaseUntil } } : {}),
  };
}

function isSame(stored: Action | undefined, written: Action): boolean {
  // Both went through JSON in the same order of fields, or are about to.
  return stored !== undefined && JSON.stringify(stored) === JSON.stringify(readItem(writeItem(written, 0)));
}

function listPartition(tenant: string): string {
  return `ACTIONLIST#${tenant}`;
}

/** The last moment of a year of four digits: texts of later ones are not in the order of time. */
const lastTime = Date.parse('9999-12-31T23:59:59.999Z');

function timeText(time: number): string {
  return new Date(Math.min(Math.max(time, 0), lastTime)).toISOString();
}

function listKey(tenant: string, { requestedAt, connector, id }: ActionCursor): { pk: string; sk: string } {
  return { pk: listPartition(tenant), sk: `${timeText(requestedAt)}#${connector}#${id}` };
}

function readListItem({ sk }: Item): ActionCursor {
  const [time = '', connector = '', id = ''] = String(sk).split('#');
  return { requestedAt: Date.parse(time), connector, id };
}
