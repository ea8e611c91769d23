import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSqsWorkQueue } from '../../../shared/aws/sqs-work-queue.ts';

const sqs = mockClient(SQSClient);
const queue = createSqsWorkQueue({
  client: new SQSClient({ region: 'us-east-1' }),
  queueUrl: 'https://queue',
});
const message = (i: number) => ({
  version: 1 as const,
  stream: { tenant: 'acme', connector: `c${i}`, contentType: 'threats' },
});
const messages = (count: number) => Array.from({ length: count }, (_, i) => message(i));
const refused = (Id: string, SenderFault: boolean) => ({
  Id,
  SenderFault,
  Code: SenderFault ? 'InvalidParameterValue' : 'InternalError',
});

beforeEach(() => sqs.reset());

describe('the work queue on SQS', () => {
  it('sends in batches of ten with the delay and the tenant on every message', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    await queue.send(messages(23), 7);
    const entries = sqs.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input.Entries ?? []);
    expect(entries.map(({ length }) => length)).toStrictEqual([10, 10, 3]);
    expect(entries.flat().map(({ MessageBody = '' }) => JSON.parse(MessageBody))).toStrictEqual(messages(23));
    for (const entry of entries.flat())
      expect(entry).toMatchObject({ DelaySeconds: 7, MessageGroupId: 'acme' });
  });

  it('asks nothing of SQS when there is nothing to send', async () => {
    await queue.send([], 0);
    expect(sqs.calls()).toHaveLength(0);
  });

  it('sends again exactly what SQS did not take', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Successful: [], Failed: [refused('1', false), refused('4', false)] })
      .resolves({ Successful: [], Failed: [] });
    await queue.send(messages(5), 0);
    const second = sqs.commandCalls(SendMessageBatchCommand)[1]?.args[0].input.Entries;
    expect(second?.map(({ MessageBody = '' }) => JSON.parse(MessageBody))).toStrictEqual([
      message(1),
      message(4),
    ]);
  });

  it('throws after three tries: a message that is not sent is work that is lost', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [refused('0', false)] });
    await expect(queue.send(messages(2), 0)).rejects.toThrow(
      'SQS did not take 1 of 1 messages (InternalError)',
    );
    expect(sqs.calls()).toHaveLength(3);
  });

  it('throws at once when the fault is ours, and when the call fails as a whole', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [refused('0', true)] });
    await expect(queue.send(messages(1), 0)).rejects.toThrow('InvalidParameterValue');
    expect(sqs.calls()).toHaveLength(1);
    sqs.on(SendMessageBatchCommand).rejects(new Error('access denied'));
    await expect(queue.send(messages(1), 0)).rejects.toThrow('access denied');
  });
});
