import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/**
 * Frees every stream that a worker of an earlier command held. Whoever holds the state directory's lock knows that all
 * of them are gone with their command, so nobody has to wait for leases to run out. A process that outlives its
 * command by a moment is no danger: the next acquire raises the fence.
 * @returns how many streams were freed
 */
export async function abandonLeases(
  client: DynamoDBDocumentClient,
  table: string,
  now: number,
): Promise<number> {
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
      if (await free(client, table, { pk, sk }, fence, now)) freed += 1;
    }
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
  return freed;
}

async function free(
  client: DynamoDBDocumentClient,
  table: string,
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
