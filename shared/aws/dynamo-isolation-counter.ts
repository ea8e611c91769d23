import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  type IsolationCounter,
  type Isolations,
  isolationHourMs,
  reserved,
} from '../actions/policy/isolation-limit.ts';
import type { Item } from './stream-item.ts';

export interface DynamoIsolationCounterOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** Each try is lost to another request that got through. So many at once from one caller are an attack or a loop. */
const mostAttempts = 25;

/**
 * One item per tenant and caller: `isolations` (agent id to epoch milliseconds, of the last hour), `version`, and `expiresAt` in
 * seconds for the table's time to live.
 */
export function createDynamoIsolationCounter({
  client,
  table,
}: DynamoIsolationCounterOptions): IsolationCounter {
  async function write(item: Item, seenVersion: number): Promise<boolean> {
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { ...item, version: seenVersion + 1 },
          ConditionExpression: seenVersion === 0 ? 'attribute_not_exists(pk)' : '#version = :seen',
          ...(seenVersion === 0
            ? {}
            : {
                ExpressionAttributeNames: { '#version': 'version' },
                ExpressionAttributeValues: { ':seen': seenVersion },
              }),
        }),
      );
      return true;
    } catch (error) {
      // Also where it meets its own write, whose answer was lost: asking again takes no more room.
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    async reserve({ tenant, caller, ...request }) {
      const key = isolationKey(tenant, caller);
      for (let attempt = 1; attempt <= mostAttempts; attempt++) {
        const { Item: item } = await client.send(
          new GetCommand({ TableName: table, Key: key, ConsistentRead: true }),
        );
        const { version, isolations } = item === undefined ? nothing : counterOf(item, tenant);
        const outcome = reserved(isolations, request);
        if (outcome.kind === 'exhausted') return outcome;
        const expiresAt = Math.ceil((request.now + 2 * isolationHourMs) / 1000);
        if (await write({ ...key, isolations: outcome.isolations, expiresAt }, version))
          return { kind: 'reserved' };
      }
      throw new Error(
        `The isolations of a caller of ${tenant} could not be counted in ${mostAttempts} tries.`,
      );
    },
  };
}

interface Counter {
  /** Of the stored item; 0 where there is none. */
  readonly version: number;
  readonly isolations: Isolations;
}

const nothing: Counter = { version: 0, isolations: {} };

/** A count that is misread lets too many through. */
function counterOf({ version, isolations }: Item, tenant: string): Counter {
  if (
    typeof version !== 'number' ||
    typeof isolations !== 'object' ||
    isolations === null ||
    Object.values(isolations).some((at) => typeof at !== 'number')
  )
    throw new Error(`The isolations of a caller of ${tenant} are not as they were written.`);
  return { version, isolations: isolations as Isolations };
}

/** A caller's name may be longer than a key. */
function isolationKey(tenant: string, caller: string): { readonly pk: string; readonly sk: string } {
  return { pk: `RESPONSE#${tenant}`, sk: `ISOLATIONS#${createHash('sha256').update(caller).digest('hex')}` };
}
