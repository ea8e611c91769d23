import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ActionPlace } from '../../shared/actions/run/action.ts';
import type { ActionStore } from '../../shared/actions/run/action-store.ts';
import { actionPlaceFromKey } from '../../shared/aws/action-key.ts';

export interface AbandonLeasesDependencies {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly actions: Pick<ActionStore, 'get' | 'replace'>;
}

/**
 * Frees every stream and response action that a process of an earlier command held. Whoever holds the state directory's lock
 * knows that all of them are gone with their command, so nobody has to wait for leases to run out. A process that outlives its
 * command by a moment is no danger: the next acquire raises the fence, and freeing an action raises its version.
 * @returns how many streams and actions were freed
 */
export async function abandonLeases(dependencies: AbandonLeasesDependencies, now: number): Promise<number> {
  const { client, table, actions } = dependencies;
  let freed = 0;
  let startKey: Record<string, unknown> | undefined;
  do {
    const page: {
      Items?: Record<string, unknown>[] | undefined;
      LastEvaluatedKey?: Record<string, unknown> | undefined;
    } = await client.send(
      new ScanCommand({
        TableName: table,
        FilterExpression: 'leaseUntil > :now',
        ExpressionAttributeValues: { ':now': now },
        ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
      }),
    );
    for (const { pk, sk, fence } of page.Items ?? []) {
      const action = actionPlaceFromKey(pk, sk);
      const isFree =
        action === undefined
          ? await freeStream(dependencies, { pk, sk }, fence, now)
          : await freeAction(actions, action, now);
      if (isFree) freed += 1;
    }
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
  return freed;
}

async function freeStream(
  { client, table }: AbandonLeasesDependencies,
  key: Record<string, unknown>,
  fence: unknown,
  now: number,
): Promise<boolean> {
  try {
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: 'SET leaseUntil = :zero, nextDueAt = :now',
        ConditionExpression: 'fence = :fence',
        ExpressionAttributeValues: { ':zero': 0, ':now': now, ':fence': fence },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function freeAction(
  actions: AbandonLeasesDependencies['actions'],
  place: ActionPlace,
  now: number,
): Promise<boolean> {
  const held = await actions.get(place);
  if (held === undefined) return false;
  // Due at the end of its lease until now.
  const { lease: _, ...action } = held;
  return await actions.replace({ ...action, nextDueAt: now });
}
