import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AdvanceOutcome, AdvanceRequest } from '../../../shared/actions/run/advance.ts';

const advance = vi.hoisted(() => vi.fn<(request: AdvanceRequest) => Promise<AdvanceOutcome>>());
vi.mock('../../../shared/lambda/system.ts', () => ({ systemClock: { now: () => 1_000_000 } }));
vi.mock('../../../shared/actions/run/advance.ts', () => ({ advanceAction: advance }));

const environment = {
  STATE_TABLE: 'state',
  LAKE_BUCKET: 'lake',
  SECRET_PREFIX: 'sentinel-lake/test',
  CONSOLE_HOST_SUFFIXES: '.sentinelone.net',
  ACTION_QUEUE_URL: 'https://actions',
  ACTION_LEASE_SECONDS: '90',
  ACTION_DAYS: '400',
  CALLBACK_HOST_SUFFIXES: '',
  EVENT_BUS: 'default',
  AWS_REGION: 'us-east-1',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};
const context = { awsRequestId: 'run-1', getRemainingTimeInMillis: () => 60_000 } as Context;
const place = { tenant: 'acme', connector: 'edr', id: '0123456789abcdef0123456789abcdef' };
let goOn: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

const record = (messageId: string, body: string) => ({ messageId, body }) as SQSRecord;
const message = (messageId: string) =>
  record(messageId, JSON.stringify({ version: 1, action: { ...place, connector: messageId } }));

beforeAll(async () => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  ({ handler: goOn } = await import('../../../functions/outcomes/handler.ts'));
});
afterAll(() => {
  vi.unstubAllEnvs();
});
beforeEach(() => {
  advance.mockReset();
  advance.mockResolvedValue({ kind: 'finished' });
});

describe('the outcomes function', () => {
  it('goes on with the action of the message, by an owner of its own, and leaves time to tell of it', async () => {
    const answer = await goOn({ Records: [message('m1')] }, context);

    expect(answer).toStrictEqual({ batchItemFailures: [] });
    expect(advance.mock.calls.map(([{ signal, ...request }]) => [request, signal.aborted])).toStrictEqual([
      [{ place: { ...place, connector: 'm1' }, owner: 'run-1/m1', deadline: 1_040_000 }, false],
    ]);
  });

  it.each<AdvanceOutcome>([
    { kind: 'missing' },
    { kind: 'busy' },
    { kind: 'rested' },
    { kind: 'finished' },
    { kind: 'waiting', nextDueAt: 1 },
  ])('is done with the message where the action is $kind', async (outcome) => {
    advance.mockResolvedValue(outcome);
    expect(await goOn({ Records: [message('m1')] }, context)).toStrictEqual({ batchItemFailures: [] });
  });

  it('leaves exactly what failed with the queue', async () => {
    advance.mockImplementation(async ({ place: { connector } }) => {
      if (connector === 'm2') throw new Error('the table does not answer');
      return { kind: 'finished' };
    });

    const answer = await goOn(
      { Records: [message('m1'), message('m2'), record('m3', 'not ours'), message('m4')] },
      context,
    );

    expect(answer).toStrictEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }] });
    expect(advance).toHaveBeenCalledTimes(3);
  });
});
