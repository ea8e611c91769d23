import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { refusalOf } from './running-emulators.ts';
import {
  countsOf,
  makeVisible,
  passSeconds,
  QueueUrl,
  receive,
  restart,
  send,
  stack,
} from './sqs-fixture.ts';

describe('time', () => {
  // The limit is shorter than the polls: one that sleeps through the arrival does not come back in time.
  it('wakes a long poll on arrival', { timeout: 15_000 }, async () => {
    const polls = [receive({ WaitTimeSeconds: 20 }), receive({ WaitTimeSeconds: 20 })];
    await countsOf(QueueUrl);
    await send('arrived');
    const received = (await Promise.all(polls)).flat();
    expect(received.map((message) => message.Body)).toEqual(['arrived']);
  });

  it('keeps a delayed message back until its time has come', async () => {
    await send('later', { DelaySeconds: 900 });
    expect(await receive()).toEqual([]);
    expect(await countsOf(QueueUrl)).toEqual({ ready: '0', inFlight: '0', delayed: '1' });
    passSeconds(899);
    expect(await receive()).toEqual([]);
    passSeconds(2);
    expect((await receive())[0]?.Body).toBe('later');
  });

  it.each([901, -1])('refuses a delay of %i s', async (DelaySeconds) => {
    expect(await refusalOf(send('m', { DelaySeconds }))).toMatchObject({
      name: 'InvalidParameterValue',
      status: 400,
    });
    expect(await countsOf(QueueUrl)).toEqual({ ready: '0', inFlight: '0', delayed: '0' });
  });

  it('refuses the one entry of a batch that is delayed too long', async () => {
    const sent = await stack.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'a', DelaySeconds: 900 },
          { Id: 'b', MessageBody: 'b', DelaySeconds: 901 },
        ],
      }),
    );
    expect(sent.Successful?.map((entry) => entry.Id)).toEqual(['a']);
    expect(sent.Failed).toEqual([
      { Id: 'b', SenderFault: true, Code: 'InvalidParameterValue', Message: expect.stringContaining('901') },
    ]);
    expect(await countsOf(QueueUrl)).toMatchObject({ delayed: '1' });
  });

  it('delivers a message again when its visibility timeout has ended, and not before', async () => {
    await send('again');
    const [first] = await receive({ VisibilityTimeout: 60 });
    expect(await receive()).toEqual([]);
    const ReceiptHandle = first?.ReceiptHandle;
    await stack.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 120 }),
    );
    passSeconds(61);
    expect(await receive()).toEqual([]);
    expect(await countsOf(QueueUrl)).toEqual({ ready: '0', inFlight: '1', delayed: '0' });
    passSeconds(60);
    // Then the counts know it without anybody receiving
    expect(await countsOf(QueueUrl)).toEqual({ ready: '1', inFlight: '0', delayed: '0' });
    expect((await receive())[0]?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('makes a message visible at once', async () => {
    await send('now');
    const [first] = await receive();
    await makeVisible(first);
    const [second] = await receive();
    expect(second).toMatchObject({ Body: 'now', Attributes: { ApproximateReceiveCount: '2' } });
    expect(second?.MessageId).toBe(first?.MessageId);
    await stack.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    expect(await countsOf(QueueUrl)).toEqual({ ready: '0', inFlight: '0', delayed: '0' });
  });
});

describe('a restart', () => {
  it('keeps queues, messages, delays, groups and what is in flight, at the new address', async () => {
    // Given one message of each kind
    await send('in flight');
    await receive({ VisibilityTimeout: 300 });
    await send('returned', { MessageGroupId: 'tenant-1' });
    for (const message of await receive()) await makeVisible(message);
    await send('ready');
    await send('delayed', { DelaySeconds: 600 });
    // When
    await restart();
    // Then
    expect(QueueUrl.startsWith(stack.emulators.endpoints.sqs)).toBe(true);
    expect(await countsOf(QueueUrl)).toEqual({ ready: '2', inFlight: '1', delayed: '1' });
    passSeconds(601);
    const messages = await receive();
    expect(Object.fromEntries(messages.map((message) => [message.Body, message.Attributes]))).toMatchObject({
      'in flight': { ApproximateReceiveCount: '2' },
      returned: { ApproximateReceiveCount: '2', MessageGroupId: 'tenant-1' },
      ready: { ApproximateReceiveCount: '1' },
      delayed: { ApproximateReceiveCount: '1' },
    });
  });
});
