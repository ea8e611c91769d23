import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('../../../shared/lambda/system.ts', () => ({ systemClock: { now: () => 1_000_000 } }));

const documents = mockClient(DynamoDBDocumentClient);
const sqs = mockClient(SQSClient);
const context = { getRemainingTimeInMillis: () => 120_000 } as Context;
const environment = {
  STATE_TABLE: 'state',
  DUE_INDEX: 'due',
  DUE_SHARDS: '1',
  QUEUE_URL: 'https://work',
  CLAIM_SECONDS: '900',
  ACTION_QUEUE_URL: 'https://actions',
  ACTION_CLAIM_SECONDS: '120',
  AWS_REGION: 'us-east-1',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};
const streams = [{ pk: 'CONNECTOR#acme/edr', sk: 'STREAM#threats', dueShard: 'due#0', nextDueAt: 1 }];
const actions = [{ pk: 'ACTIONS#acme', sk: 'edr#a1', dueShard: 'actions#0', nextDueAt: 1 }];
let tick: (event: unknown, context: Context) => Promise<unknown>;

/** What each partition of the due index answers: items, or an error. */
function serve(shards: Readonly<Record<string, readonly Record<string, unknown>[] | Error>>): void {
  documents.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values }: QueryCommandInput) => {
    const answer = shards[values?.[':shard']] ?? [];
    if (answer instanceof Error) throw answer;
    return { Items: answer };
  });
}

function sentTo(queueUrl: string): readonly unknown[] {
  return sqs
    .commandCalls(SendMessageBatchCommand)
    .map((call) => call.args[0].input)
    .filter(({ QueueUrl }) => QueueUrl === queueUrl)
    .flatMap(({ Entries = [] }) => Entries.map(({ MessageBody = '' }) => JSON.parse(MessageBody)));
}

const workMessage = { version: 1, stream: { tenant: 'acme', connector: 'edr', contentType: 'threats' } };
const actionMessage = { version: 1, action: { tenant: 'acme', connector: 'edr', id: 'a1' } };

beforeAll(async () => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { handler } = await import('../../../functions/fan-out/handler.ts');
  tick = handler;
});
afterAll(() => {
  vi.unstubAllEnvs();
});
beforeEach(() => {
  documents.reset();
  sqs.reset();
  documents.on(UpdateCommand).resolves({});
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});

describe('a tick of the fan-out', () => {
  it('sends streams to the work queue and actions to theirs', async () => {
    serve({ 'due#0': streams, 'actions#0': actions });

    await tick({}, context);

    expect(sentTo('https://work')).toStrictEqual([workMessage]);
    expect(sentTo('https://actions')).toStrictEqual([actionMessage]);
  });

  it('claims a stream for 15 minutes and an action for two', async () => {
    serve({ 'due#0': streams, 'actions#0': actions });

    await tick({}, context);

    const claims = documents.commandCalls(UpdateCommand).map((call) => call.args[0].input);
    expect(
      Object.fromEntries(
        claims.map(({ Key, ExpressionAttributeValues: values }) => [Key?.['sk'], values?.[':until']]),
      ),
    ).toStrictEqual({ 'STREAM#threats': 1_900_000, 'edr#a1': 1_120_000 });
  });

  it('sends actions where streams cannot be read, and says what was wrong', async () => {
    serve({ 'due#0': new Error('shard 0 is throttled'), 'actions#0': actions });

    await expect(tick({}, context)).rejects.toThrow('The tick had 1 failures: shard 0 is throttled');

    expect(sentTo('https://actions')).toStrictEqual([actionMessage]);
  });

  it('sends streams where actions cannot be read, and says what was wrong', async () => {
    serve({ 'due#0': streams, 'actions#0': new Error('the actions are throttled') });

    await expect(tick({}, context)).rejects.toThrow('The tick had 1 failures: the actions are throttled');

    expect(sentTo('https://work')).toStrictEqual([workMessage]);
  });

  it('tells of both where both fail', async () => {
    serve({ 'due#0': new Error('no streams'), 'actions#0': new Error('no actions') });

    await expect(tick({}, context)).rejects.toThrow(
      'The tick had 1 failures: no streams\nThe tick had 1 failures: no actions',
    );
  });
});
