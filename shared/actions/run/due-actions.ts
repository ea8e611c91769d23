import { type SendDueDependencies, type SendDueResult, sendDue } from '../../engine/send-due.ts';
import type { DueIndex } from '../../ports.ts';
import type { ActionPlace } from './action.ts';
import type { ActionQueue } from './action-message.ts';

/**
 * The actions that somebody has to go on with. An action whose message was lost stands here until it is due, and so does one
 * whose next step is farther away than a message can wait.
 */
export type DueActions = DueIndex<ActionPlace>;

export interface SendDueActionsDependencies
  extends Pick<SendDueDependencies<ActionPlace>, 'clock' | 'claimMs' | 'deadline'> {
  readonly dueActions: DueActions;
  readonly queue: ActionQueue;
}

/**
 * Sends one message for every due action.
 * @throws AggregateError as `sendDue` does
 */
export async function sendDueActions(dependencies: SendDueActionsDependencies): Promise<SendDueResult> {
  const { dueActions, queue, ...due } = dependencies;
  return await sendDue({
    ...due,
    kind: 'action',
    dueIndex: dueActions,
    send: (places) => queue.send(places, 0),
  });
}
