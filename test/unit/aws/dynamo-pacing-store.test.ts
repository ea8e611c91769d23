import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamoPacingStore } from '../../../shared/aws/dynamo-pacing-store.ts';

const documents = mockClient(DynamoDBDocumentClient);
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const store = createDynamoPacingStore({ client, table: 'state' });
const budget = { tokenKey: '0123456789abcdef'.repeat(4), prefix: '/threats' };
const key = { pk: `PACING#${'0123456789abcdef'.repeat(2)}`, sk: '/threats' };
const now = 1_795_600_000_500;
const request = { now, spacingMs: 2_500, latest: now + 30_000, expects: 'free' as const };
const failed = (Item?: Record<string, unknown>) =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: {},
    ...(Item === undefined ? {} : { Item: marshall(Item) }),
  });

beforeEach(() => documents.reset());

describe('the pacing store on DynamoDB', () => {
  it('reads a pause without consistency, and no more than the pause', async () => {
    documents.on(GetCommand).resolves({ Item: { pausedUntil: now, pauseStatus: 503 } });
    expect(await store.pause(budget)).toStrictEqual({ until: now, httpStatus: 503 });
    expect(documents.commandCalls(GetCommand).map(({ args }) => args[0].input)).toStrictEqual([
      { TableName: 'state', Key: key, ProjectionExpression: 'pausedUntil, pauseStatus' },
    ]);
  });

  it.each([
    ['free', {}, 'takenUntil = :next'],
    ['busy', {}, 'takenUntil = takenUntil + :spacing'],
  ] as const)('takes a turn in one write when the schedule is %s as expected', async (expects, _, set) => {
    documents.on(UpdateCommand).resolves({ Attributes: { takenUntil: now + 7_500 } });
    expect(await store.take(budget, { ...request, expects })).toStrictEqual({
      kind: 'taken',
      startsAt: now + 5_000,
    });
    const inputs = documents.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
    expect(inputs).toMatchObject([{ Key: key, UpdateExpression: `SET ${set}, expiresAt = :expiresAt` }]);
  });

  it('takes it in two when another worker was faster', async () => {
    documents
      .on(UpdateCommand)
      .rejectsOnce(failed({ takenUntil: now + 1 }))
      .resolves({ Attributes: { takenUntil: now + 2_501 } });
    expect(await store.take(budget, request)).toStrictEqual({ kind: 'taken', startsAt: now + 1 });
    expect(documents.commandCalls(UpdateCommand)).toHaveLength(2);
  });

  it('gives up a race that does not end, and passes on every other failure', async () => {
    documents.on(UpdateCommand).rejects(failed());
    await expect(store.take(budget, request)).rejects.toThrow('could not be taken in 5 tries');
    documents.on(UpdateCommand).rejects(new Error('throttled'));
    await expect(store.take(budget, request)).rejects.toThrow('throttled');
    await expect(store.announce(budget, { until: now, httpStatus: 429 })).rejects.toThrow('throttled');
  });

  it('lets items expire in seconds, and never before the pause in them is over', async () => {
    documents.on(UpdateCommand).resolves({ Attributes: {} });
    const dayMs = 86_400_000;
    await store.announce(budget, { until: now + dayMs, httpStatus: 429 });
    await store.take(budget, request);
    const expiries = documents
      .commandCalls(UpdateCommand)
      .map(({ args }) => Number(args[0].input.ExpressionAttributeValues?.[':expiresAt']));
    expect(expiries.map(Number.isInteger)).toStrictEqual([true, true]);
    for (const seconds of expiries) expect(seconds * 1000).toBeGreaterThanOrEqual(now + 2 * dayMs);
  });
});
