import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { startEmulators } from '../../../local/emulators/start-emulators.ts';
import { accountId, region, removeDirectory, startOver, temporaryDirectory } from './emulators-setup.ts';
import { refusalOf } from './running-emulators.ts';
import {
  attributesOf,
  countsOf,
  createQueue,
  QueueUrl,
  queueName,
  receive,
  send,
  stack,
  useQueue,
} from './sqs-fixture.ts';

const MiB = 1024 * 1024;

describe('addresses', () => {
  it('gives queue URLs on the loopback address and ARNs of the configured account and region', async () => {
    expect(QueueUrl).toBe(`${stack.emulators.endpoints.sqs}/${accountId}/${queueName()}`);
    expect((await attributesOf(QueueUrl))['QueueArn']).toBe(
      `arn:aws:sqs:${region}:${accountId}:${queueName()}`,
    );
    const found = await stack.sqs.send(new GetQueueUrlCommand({ QueueName: queueName() }));
    expect(found.QueueUrl).toBe(QueueUrl);
  });

  it('takes the creation of a queue that exists with some of the same attributes', async () => {
    useQueue(await createQueue({ VisibilityTimeout: '90', DelaySeconds: '5' }));
    const again = { QueueName: queueName(), Attributes: { VisibilityTimeout: '90' } };
    expect((await stack.sqs.send(new CreateQueueCommand(again))).QueueUrl).toBe(QueueUrl);
    const other = { QueueName: queueName(), Attributes: { VisibilityTimeout: '91' } };
    expect(await refusalOf(stack.sqs.send(new CreateQueueCommand(other)))).toMatchObject({
      name: 'QueueNameExists',
      status: 400,
    });
  });

  it('refuses a start for another account over the same state', async () => {
    const stateDir = temporaryDirectory();
    const first = await startOver(stateDir);
    const client = new SQSClient({ endpoint: first.endpoints.sqs });
    await client.send(new CreateQueueCommand({ QueueName: 'mine' }));
    client.destroy();
    await first.close();
    const start = startEmulators({ stateDir, buckets: {}, region, accountId: '999999999999' });
    await expect(start).rejects.toThrow(/stored queue .*mine is not of region .* account 999999999999/);
    // Then nothing is left open, and the right account can start
    await (await startOver(stateDir)).close();
    removeDirectory(stateDir);
  });
});

describe('messages', () => {
  it('delivers bodies, attributes and system attributes', async () => {
    const attributes = {
      text: { DataType: 'String', StringValue: 'value' },
      number: { DataType: 'Number', StringValue: '42' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
    };
    await send('body', { MessageAttributes: attributes });
    const [message] = await receive();
    expect(message).toMatchObject({ Body: 'body', MessageAttributes: attributes });
    expect(message?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: expect.any(String),
    });
  });

  it.each([
    ['emoji', 'host 😀 日本 \t\r\n'],
    ['the ends of the allowed ranges', '\u0020\ud7ff\ue000\ufffd\u{10000}\u{10ffff}'],
  ])('delivers %s', async (_what, body) => {
    await send(body);
    expect((await receive())[0]?.Body).toBe(body);
  });

  it.each(['nul \u0000', 'bell \u0007', 'not a character \uffff'])('refuses %j', async (body) => {
    expect(await refusalOf(send(body))).toMatchObject({ name: 'InvalidMessageContents', status: 400 });
  });

  it('delivers 1 MiB and refuses one byte more', async () => {
    await send('m'.repeat(MiB));
    expect((await receive())[0]?.Body).toHaveLength(MiB);
    expect(await refusalOf(send('m'.repeat(MiB + 1)))).toMatchObject({
      name: 'InvalidParameterValue',
      status: 400,
    });
  });

  it('refuses a batch of more than 1 MiB, of more than ten, and with the same id twice', async () => {
    const batch = (Entries: { Id: string; MessageBody: string }[]) =>
      refusalOf(stack.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
    const large = ['a', 'b'].map((Id) => ({ Id, MessageBody: 'm'.repeat(MiB / 2 + 1) }));
    const many = Array.from({ length: 11 }, (_, i) => ({ Id: `id-${i}`, MessageBody: 'm' }));
    const twice = ['a', 'a'].map((Id) => ({ Id, MessageBody: 'm' }));
    expect(await batch(large)).toMatchObject({ name: 'BatchRequestTooLong' });
    expect(await batch(many)).toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
    expect(await batch(twice)).toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
  });

  it('delivers the message group of a standard queue, each its own, also beside a refused entry', async () => {
    const sent = await stack.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: '0', MessageBody: 'refused \u0000', MessageGroupId: 'tenant-0' },
          { Id: '1', MessageBody: 'one', MessageGroupId: 'tenant-1' },
          { Id: '2', MessageBody: 'none' },
          {
            Id: '3',
            MessageBody: 'three',
            MessageGroupId: 'tenant-3',
            MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
          },
        ],
      }),
    );
    expect(sent.Failed?.map((entry) => entry.Id)).toEqual(['0']);
    await send('single', { MessageGroupId: 'tenant-4' });
    const groups = (await receive()).map((message) => [message.Body, message.Attributes?.MessageGroupId]);
    expect(Object.fromEntries(groups)).toEqual({
      one: 'tenant-1',
      none: undefined,
      three: 'tenant-3',
      single: 'tenant-4',
    });
  });

  it('refuses a message group that SQS refuses', async () => {
    expect(await refusalOf(send('m', { MessageGroupId: 'tenant 1' }))).toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  it('deletes in batches and purges', async () => {
    for (const body of ['1', '2', '3']) await send(body);
    const [first, second] = await receive({ MaxNumberOfMessages: 2 });
    const Entries = [first, second].map((message, i) => ({
      Id: `${i}`,
      ReceiptHandle: message?.ReceiptHandle,
    }));
    const deleted = await stack.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(deleted.Successful).toHaveLength(2);
    expect(await countsOf(QueueUrl)).toEqual({ ready: '1', inFlight: '0', delayed: '0' });
    await stack.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await countsOf(QueueUrl)).toEqual({ ready: '0', inFlight: '0', delayed: '0' });
  });
});
