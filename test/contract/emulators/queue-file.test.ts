import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Fauxqs,
  loadFauxqs,
  type QueuePersistence,
} from '../../../local/emulators/sqs-s3/fauxqs-internals.ts';
import { keepQueues } from '../../../local/emulators/sqs-s3/sqs/queue-file.ts';
import { removeDirectory, temporaryDirectory } from './emulators-setup.ts';

let directory: string;
let fauxqs: Fauxqs;
const files: QueuePersistence[] = [];

beforeEach(async () => {
  directory = temporaryDirectory();
  fauxqs = await loadFauxqs();
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const file of files.splice(0)) file.close();
  removeDirectory(directory);
});

function open() {
  const store = new fauxqs.SqsStore();
  const file = keepQueues(fauxqs, store, directory);
  files.push(file);
  return { store, file };
}

describe('the file of the queues', () => {
  it('has a message that was on its way to the dead-letter queue in one of the two', () => {
    // Given a message whose next receive moves it, and a process that ends between the two steps of the move
    const { store, file } = open();
    const deadLetters = store.createQueue('dead', 'http://sqs/0/dead', 'arn:dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:dead', maxReceiveCount: 0 });
    const work = store.createQueue('work', 'http://sqs/0/work', 'arn:work', { RedrivePolicy });
    work.enqueue(fauxqs.SqsStore.createMessage('poison', {}));
    Object.assign(file, {
      insertMessage: () => {
        throw new Error('killed');
      },
    });
    // When
    expect(() => fauxqs.SqsQueue.prototype.dequeue.call(work, 1, undefined, () => deadLetters)).toThrow(
      'killed',
    );
    // Then
    const again = open().store;
    expect(again.getQueueByArn('arn:work')?.messages).toMatchObject([{ body: 'poison' }]);
    expect(again.getQueueByArn('arn:dead')?.messages).toEqual([]);
  });
});

describe('another version of fauxqs', () => {
  it('is refused by name', async () => {
    vi.spyOn(fs, 'readFileSync').mockReturnValueOnce('{"version": "2.9.2"}');
    await expect(loadFauxqs()).rejects.toThrow(/fauxqs 2\.9\.2 is installed but .* exactly 2\.4\.1/);
  });
});
