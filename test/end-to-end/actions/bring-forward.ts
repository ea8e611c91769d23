import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { EmbeddedStack } from '../../../local/stack/start-stack.ts';
import { parseActionId } from '../../../shared/actions/run/action-id.ts';
import { changeAction } from '../../../shared/actions/run/change-action.ts';
import { createDynamoActionStore } from '../../../shared/aws/dynamo-action-store.ts';
import { createSqsActionQueue } from '../../../shared/aws/sqs-action-queue.ts';

/**
 * Has the next step of an action done now: for an endpoint that stays offline the engine looks every few minutes, and no test waits
 * for that. All else is as it will be then: a message, and the function that takes it.
 * @param passedMs so much longer than in truth the targets have been in their states
 */
export async function bringForward(
  id: string,
  { clients, table }: EmbeddedStack,
  passedMs = 0,
): Promise<void> {
  const place = parseActionId(id);
  if (place === undefined) throw new Error(`${id} is no id of an action.`);
  const actions = createDynamoActionStore({ client: clients.documents, table, retentionMs: 86_400_000 });
  const now = Date.now();
  // Whoever holds it in this moment asks for the next step by themselves, at the time that stands here.
  await changeAction(place, actions, (action) => ({
    ...action,
    lookAt: now,
    targets: action.targets.map((target) => ({ ...target, changedAt: target.changedAt - passedMs })),
    ...(action.lease === undefined ? { nextDueAt: now } : {}),
  }));
  const { QueueUrls = [] } = await clients.sqs.send(new ListQueuesCommand({}));
  const queueUrl = QueueUrls.find((url) => /action/i.test(url) && !/deadletter/i.test(url));
  if (queueUrl === undefined) throw new Error(`There is no action queue among ${QueueUrls.join(', ')}.`);
  await createSqsActionQueue({ client: clients.sqs, queueUrl }).send([place], 0);
}
