import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type BudgetId, furthestAhead, type PacingStore, type Pause } from '../sentinelone/pacing-store.ts';
import type { Item } from './stream-item.ts';

export interface DynamoPacingStoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** Longer than the longest pause (a day) that may lie ahead when the item is written for another reason. */
const keptMs = 2 * 86_400_000;
/** A take can lose its race to another worker, and then to the time that went by. More often than that is no race. */
const mostAttempts = 5;

/**
 * One item per budget: `takenUntil` (the end of the schedule), `pausedUntil`, `pauseStatus`, times in epoch milliseconds, and
 * `expiresAt` in seconds for the table's time to live.
 */
export function createDynamoPacingStore({ client, table }: DynamoPacingStoreOptions): PacingStore {
  async function write(budget: BudgetId, set: string, condition: string, values: Item): Promise<Written> {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: pacingKey(budget),
          UpdateExpression: `SET ${set}, expiresAt = :expiresAt`,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { done: true, item: Attributes ?? {} };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { done: false, item: error.Item === undefined ? {} : unmarshall(error.Item) };
    }
  }

  return {
    async pause(budget) {
      // Eventually consistent: half the price, and whoever comes too early by a moment is told so by the console.
      const { Item: item = {} } = await client.send(
        new GetCommand({
          TableName: table,
          Key: pacingKey(budget),
          ProjectionExpression: 'pausedUntil, pauseStatus',
        }),
      );
      return pauseOf(item);
    },

    async announce(budget, { until, httpStatus }) {
      await write(
        budget,
        'pausedUntil = :until, pauseStatus = :status',
        'attribute_not_exists(pausedUntil) OR pausedUntil < :until',
        { ':until': until, ':status': httpStatus, ':expiresAt': expiresAt(until) },
      );
    },

    async take(budget, request) {
      const { now, spacingMs, latest } = request;
      const times = { ':now': now, ':furthest': furthestAhead(request), ':expiresAt': expiresAt(now) };
      const startAnew = () =>
        write(
          budget,
          'takenUntil = :next',
          'attribute_not_exists(takenUntil) OR takenUntil <= :now OR takenUntil > :furthest',
          { ...times, ':next': now + spacingMs },
        );
      const queueUp = () =>
        write(
          budget,
          'takenUntil = takenUntil + :spacing',
          'takenUntil > :now AND takenUntil <= :latest AND takenUntil <= :furthest',
          { ...times, ':spacing': spacingMs, ':latest': latest },
        );
      let isBusy = request.expects === 'busy';
      for (let attempt = 1; attempt <= mostAttempts; attempt++) {
        const { done, item } = await (isBusy ? queueUp() : startAnew());
        const pause = pauseOf(item);
        const rest = pause === undefined ? {} : { pause };
        const takenUntil = numberOf(item, 'takenUntil');
        if (done) return { kind: 'taken', startsAt: (takenUntil ?? now + spacingMs) - spacingMs, ...rest };
        isBusy = takenUntil !== undefined && takenUntil > now && takenUntil <= furthestAhead(request);
        if (isBusy && takenUntil !== undefined && takenUntil > latest)
          return { kind: 'full', freeAt: takenUntil, ...rest };
      }
      throw new Error(`The pacing schedule of ${budget.prefix} could not be taken in ${mostAttempts} tries.`);
    },
  };
}

interface Written {
  readonly done: boolean;
  /** As it is after the write; where the condition failed, as it was. */
  readonly item: Item;
}

/** A part of the hash is enough: the tokens of one table are few, and 128 bits do not collide. */
export function pacingKey({ tokenKey, prefix }: BudgetId): { readonly pk: string; readonly sk: string } {
  return { pk: `PACING#${tokenKey.slice(0, 32)}`, sk: prefix };
}

function pauseOf(item: Item): Pause | undefined {
  const until = numberOf(item, 'pausedUntil');
  if (until === undefined) return undefined;
  return { until, httpStatus: item['pauseStatus'] === 503 ? 503 : 429 };
}

function numberOf(item: Item, name: string): number | undefined {
  const value = item[name];
  return typeof value === 'number' ? value : undefined;
}

function expiresAt(from: number): number {
  return Math.ceil((from + keptMs) / 1000);
}
