import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSqsActionQueue } from '../../../shared/aws/sqs-action-queue.ts';
import { parseActionMessage } from '../../../shared/lambda/action-message.ts';

const sqs = mockClient(SQSClient);
const queue = createSqsActionQueue({
  client: new SQSClient({ region: 'us-east-1' }),
  queueUrl: 'https://queue',
});
const place = (i: number) => ({ tenant: `t${i % 2}`, connector: 'edr', id: `a${i}` });

beforeEach(() => sqs.reset());

describe('the action queue on SQS', () => {
  it('sends a message that can be read for each action, in batches, with its delay and its tenant', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });

    await queue.send(
      Array.from({ length: 12 }, (_, i) => place(i)),
      45,
    );

    const inputs = sqs.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input);
    expect(inputs.map(({ QueueUrl }) => QueueUrl)).toStrictEqual(['https://queue', 'https://queue']);
    const entries = inputs.flatMap(({ Entries = [] }) => Entries);
    expect(entries.map(({ MessageBody = '' }) => parseActionMessage(MessageBody))).toStrictEqual(
      Array.from({ length: 12 }, (_, i) => ({ version: 1, action: place(i) })),
    );
    expect(entries.map(({ MessageGroupId }) => MessageGroupId)).toStrictEqual(
      Array.from({ length: 12 }, (_, i) => `t${i % 2}`),
    );
    expect(entries.every(({ DelaySeconds }) => DelaySeconds === 45)).toBe(true);
  });

  it('sends no more of an action than its place', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    const action = { ...place(1), parameters: { message: 'not for the queue' } };

    await queue.send([action], 0);

    const [entry] = sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries ?? [];
    expect(JSON.parse(entry?.MessageBody ?? '')).toStrictEqual({ version: 1, action: place(1) });
  });

  it('throws when a message was not accepted', async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [],
      Failed: [{ Id: '0', SenderFault: true, Code: 'InvalidParameterValue' }],
    });
    await expect(queue.send([place(1)], 0)).rejects.toThrow('InvalidParameterValue');
  });
});
