import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Stream, StreamChange } from '../engine/stream.ts';
import type { AcquireOutcome, LedgerEntry, StreamStore } from '../ports.ts';
import { ledgerItem } from './ledger-item.ts';
import { type Item, itemVersion, streamFromItem, streamKey } from './stream-item.ts';

export interface DynamoStreamStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Ledger entries are deleted this many days after they were written. */
  readonly ledgerDays: number;
}

/** The state table as the worker uses it. One item per stream, every write conditional. */
export function createDynamoStreamStore({
  client,
  table,
  ledgerDays,
}: DynamoStreamStoreOptions): StreamStore {
  return {
    async acquire(id, { owner, now, leaseMs }): Promise<AcquireOutcome> {
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName: table,
            Key: streamKey(id),
            // Due again when the lease ends: if this worker dies, the next tick replaces it.
            UpdateExpression:
              'SET fence = fence + :one, step = :zero, leaseOwner = :owner, leaseUntil = :until, nextDueAt = :until',
            ConditionExpression: 'attribute_exists(pk) AND v <= :version AND leaseUntil <= :now',
            ExpressionAttributeValues: {
              ':one': 1,
              ':zero': 0,
              ':owner': owner,
              ':until': now + leaseMs,
              ':version': itemVersion,
              ':now': now,
            },
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { kind: 'acquired', stream: streamFromItem(required(Attributes)) };
      } catch (error) {
        const item = itemOfFailedCondition(error);
        if (item === undefined) return { kind: 'missing' };
        if (typeof item['v'] !== 'number' || item['v'] > itemVersion)
          return { kind: 'newer', version: Number(item['v']) };
        const stream = streamFromItem(item);
        // The SDK repeats a call whose answer was lost; then the lease that is in the way is our own.
        if (item['leaseOwner'] === owner) return { kind: 'acquired', stream };
        return { kind: 'held', leaseUntil: stream.leaseUntil };
      }
    },

    async update(held: Stream, change: StreamChange) {
      const { expression, names, values } = updateOf(change);
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName: table,
            Key: streamKey(held.id),
            UpdateExpression: expression,
            ConditionExpression: 'fence = :fence AND step = :step',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: {
              ...values,
              ':fence': held.fence,
              ':step': held.step,
              ':nextStep': held.step + 1,
            },
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { kind: 'updated', stream: streamFromItem(required(Attributes)) };
      } catch (error) {
        const item = itemOfFailedCondition(error);
        // Nobody but us counts steps under our fence: one step ahead is this very write, whose answer was lost.
        if (item !== undefined && item['fence'] === held.fence && item['step'] === held.step + 1) {
          return { kind: 'updated', stream: streamFromItem(item) };
        }
        return { kind: 'lost' };
      }
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

function updateOf(change: StreamChange): {
  readonly expression: string;
  readonly names: Record<string, string>;
  readonly values: Record<string, unknown>;
} {
  const sets = ['step = :nextStep'];
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
