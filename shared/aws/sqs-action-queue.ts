import type { ActionMessage, ActionQueue } from '../actions/run/action-message.ts';
import { type SqsQueueOptions, sendMessages } from './send-messages.ts';

/** The action queue on SQS. */
export function createSqsActionQueue(queue: SqsQueueOptions): ActionQueue {
  return {
    async send(places, delaySeconds) {
      // Part by part: whoever has the whole action may pass it as its place, and no more than that belongs into a message.
      const outgoing = places.map(({ tenant, connector, id }) => {
        const body: ActionMessage = { version: 1, action: { tenant, connector, id } };
        return { body, tenant };
      });
      await sendMessages(queue, outgoing, delaySeconds);
    },
  };
}
