import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Stream, StreamChange } from '../engine/stream.ts';
import type { LedgerEntry, ReadOutcome, StreamStore, UpdateOutcome } from '../ports.ts';
import { ledgerItem } from './ledger-item.ts';
import { type Item, itemVersion, MalformedItem, streamFromItem, streamKey } from './stream-item.ts';

export interface DynamoStreamStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Ledger entries are deleted this many days after they were written. */
  readonly ledgerDays: number;
}

/** A write of a stream's item and the condition that it rests on. */
interface FencedWrite {
  readonly held: Stream;
  readonly change: object;
  readonly condition: string;
  /** What the condition needs beyond the fence and the step that are held. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** True for the item as this very write leaves it: the SDK repeats a call whose answer was lost. */
  readonly isOwn: (stored: Item) => boolean;
}

/** The state table as the worker uses it. One item per stream, every write of its progress conditional. */
export function createDynamoStreamStore({
  client,
  table,
  ledgerDays,
}: DynamoStreamStoreOptions): StreamStore {
  async function write({ held, change, condition, values, isOwn }: FencedWrite): Promise<UpdateOutcome> {
    const update = updateOf(change);
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: streamKey(held.id),
          UpdateExpression: update.expression,
          ConditionExpression: `fence = :heldFence AND step = :heldStep${condition}`,
          ExpressionAttributeNames: update.names,
          ExpressionAttributeValues: {
            ...update.values,
            ':heldFence': held.fence,
            ':heldStep': held.step,
            ...values,
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { kind: 'updated', stream: streamFromItem(required(Attributes)) };
    } catch (error) {
      const item = itemOfFailedCondition(error);
      if (item !== undefined && isOwn(item)) return { kind: 'updated', stream: streamFromItem(item) };
      return { kind: 'lost' };
    }
  }

  return {
    async read(id): Promise<ReadOutcome> {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: streamKey(id), ConsistentRead: true }),
      );
      if (Item === undefined) return { kind: 'missing' };
      const version: unknown = Item['v'];
      if (typeof version === 'number' && version > itemVersion) return { kind: 'newer', version };
      try {
        return { kind: 'found', stream: streamFromItem(Item) };
      } catch (error) {
        if (!(error instanceof MalformedItem)) throw error;
        return { kind: 'malformed', reason: error.message };
      }
    },

    acquire(seen, change, { owner, now, leaseMs }) {
      const until = now + leaseMs;
      const fence = seen.fence + 1;
      return write({
        held: seen,
        // Due again when the lease ends: if this worker dies, the next tick replaces it.
        change: {
          leaseUntil: until,
          nextDueAt: until,
          ...change,
          fence,
          step: 0,
          leaseOwner: owner,
          v: itemVersion,
        },
        condition: ' AND leaseUntil <= :now AND v <= :version',
        values: { ':now': now, ':version': itemVersion },
        isOwn: (stored) =>
          stored['fence'] === fence && stored['step'] === 0 && stored['leaseOwner'] === owner,
      });
    },

    update(held: Stream, change: StreamChange) {
      const step = held.step + 1;
      return write({
        held,
        change: { ...change, step },
        condition: '',
        // Nobody but us counts steps under our fence: one step ahead is this very write.
        isOwn: (stored) => stored['fence'] === held.fence && stored['step'] === step,
      });
    },

    async setAside(id, status, nextDueAt) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: streamKey(id),
          UpdateExpression: 'SET #status = :status, nextDueAt = :nextDueAt',
          // A stream that was deleted meanwhile must not come back as an item of two attributes.
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':status': status, ':nextDueAt': nextDueAt },
        }),
      );
    },

    async putLedgerEntry(entry: LedgerEntry) {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: ledgerItem(entry, ledgerDays),
            ConditionExpression: 'attribute_not_exists(pk) OR fence <= :fence',
            ExpressionAttributeValues: { ':fence': entry.fence },
          }),
        );
      } catch (error) {
        // A newer holder has noted the window already; ours would be the older truth.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

/** The item as it was when the condition failed, undefined where there was none. Rethrows every other error. */
function itemOfFailedCondition(error: unknown): Item | undefined {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  return error.Item === undefined ? undefined : unmarshall(error.Item);
}

function updateOf(change: object): {
  readonly expression: string;
  readonly names: Record<string, string>;
  readonly values: Record<string, unknown>;
} {
  const sets: string[] = [];
  const removes: string[] = [];
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue;
    // Every name is aliased: several of them are reserved words of DynamoDB.
    names[`#${name}`] = name;
    if (value === null) {
      removes.push(`#${name}`);
    } else {
      sets.push(`#${name} = :${name}`);
      values[`:${name}`] = value;
    }
  }
  const remove = removes.length === 0 ? '' : ` REMOVE ${removes.join(', ')}`;
  return { expression: `SET ${sets.join(', ')}${remove}`, names, values };
}

function required(attributes: Item | undefined): Item {
  if (attributes === undefined)
    throw new Error('DynamoDB returned no attributes although ALL_NEW was asked for.');
  return attributes;
}
