import type { DueIndex, WorkQueue } from '../ports.ts';
import { type SendDueDependencies, type SendDueResult, sendDue } from './send-due.ts';
import type { StreamId } from './stream.ts';

export interface FanOutDependencies
  extends Pick<SendDueDependencies<StreamId>, 'clock' | 'claimMs' | 'deadline'> {
  readonly dueIndex: DueIndex;
  readonly queue: WorkQueue;
}

/**
 * Sends one work message for every due stream.
 * @throws AggregateError as `sendDue` does
 */
export async function fanOut({ queue, ...due }: FanOutDependencies): Promise<SendDueResult> {
  return await sendDue({
    ...due,
    kind: 'stream',
    send: (streams) =>
      queue.send(
        streams.map((stream) => ({ version: 1, stream })),
        0,
      ),
  });
}
