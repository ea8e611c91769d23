import {
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { refusalOf } from './running-emulators.ts';
import {
  attributesOf,
  countsOf,
  createQueue,
  makeVisible,
  QueueUrl,
  receive,
  send,
  stack,
  useQueue,
} from './sqs-fixture.ts';

describe('dead-letter queues', () => {
  let deadLetters: string;
  let deadLetterArn: string;
  beforeEach(async () => {
    deadLetters = await createQueue();
    deadLetterArn = (await attributesOf(deadLetters))['QueueArn'] ?? '';
    useQueue(await createQueue({ RedrivePolicy: redrivePolicy() }));
  });

  function redrivePolicy(): string {
    return JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: 2 });
  }

  async function poison(body: string): Promise<void> {
    await send(body, { MessageGroupId: 'tenant-1' });
    for (let receives = 0; receives < 2; receives++) await makeVisible((await receive())[0]);
    expect(await receive()).toEqual([]);
  }

  it('get a message that was received too often', async () => {
    await poison('poison');
    expect(await countsOf(QueueUrl)).toEqual({ ready: '0', inFlight: '0', delayed: '0' });
    const [dead] = await receive({ QueueUrl: deadLetters });
    expect(dead).toMatchObject({ Body: 'poison', Attributes: { MessageGroupId: 'tenant-1' } });
  });

  it('name the queues that use them', async () => {
    const listed = await stack.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadLetters }));
    expect(listed.queueUrls).toEqual([QueueUrl]);
  });

  it('give their messages back with a fresh receive count', async () => {
    await poison('one');
    await poison('two');
    await stack.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: deadLetterArn }));
    expect(await countsOf(deadLetters)).toEqual({ ready: '0', inFlight: '0', delayed: '0' });
    const back = await receive();
    expect(back.map((message) => [message.Body, message.Attributes?.ApproximateReceiveCount])).toEqual([
      ['one', '1'],
      ['two', '1'],
    ]);
    const tasks = await stack.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: deadLetterArn }));
    expect(tasks.Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 }]);
  });

  it('give their messages to the queue that is named', async () => {
    await poison('one');
    const other = await createQueue();
    const DestinationArn = (await attributesOf(other))['QueueArn'];
    await stack.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: deadLetterArn, DestinationArn }));
    expect(await countsOf(other)).toMatchObject({ ready: '1' });
  });

  it('refuse a move without a way', async () => {
    const plainArn = (await attributesOf(await createQueue()))['QueueArn'];
    const move = (SourceArn: string | undefined) =>
      refusalOf(stack.sqs.send(new StartMessageMoveTaskCommand({ SourceArn })));
    expect(await move(plainArn)).toMatchObject({ name: 'InvalidParameterValue' });
    expect(await move(`${plainArn}-missing`)).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
    await createQueue({ RedrivePolicy: redrivePolicy() });
    expect(await move(deadLetterArn)).toMatchObject({
      message: expect.stringContaining('give a DestinationArn'),
    });
  });
});
