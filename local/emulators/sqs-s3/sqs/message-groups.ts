import { AwsError } from '../../aws-error.ts';
import type { Fauxqs } from '../fauxqs-internals.ts';
import type { SqsGap } from '../gaps.ts';
import { batchEntries } from './batch-entries.ts';

const validGroup = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** The group of a message that is about to be made, by the attributes object that it will be made with. */
const groupByAttributes = new WeakMap<object, string>();
const patched = new WeakSet<object>();

/**
 * Fair queues: MessageGroupId on a standard queue, which fauxqs drops on the way from the request to the message.
 * The attributes object is the one thing that goes all the way, so the group travels with its identity.
 */
export function keepMessageGroups(fauxqs: Fauxqs): SqsGap {
  patchCreateMessage(fauxqs);
  return ({ action, body }) => {
    if (action === 'SendMessage') noteGroup(body);
    if (action === 'SendMessageBatch') for (const entry of batchEntries(body)) noteGroup(entry);
    return undefined;
  };
}

function noteGroup(message: Record<string, unknown>): void {
  const group = message['MessageGroupId'];
  if (typeof group !== 'string') return;
  if (!validGroup.test(group)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${group} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  }
  const attributes =
    typeof message['MessageAttributes'] === 'object' ? (message['MessageAttributes'] ?? {}) : {};
  message['MessageAttributes'] = attributes;
  groupByAttributes.set(attributes, group);
}

function patchCreateMessage(fauxqs: Fauxqs): void {
  if (patched.has(fauxqs.SqsStore)) return;
  patched.add(fauxqs.SqsStore);
  const create = fauxqs.SqsStore.createMessage;
  fauxqs.SqsStore.createMessage = (body, attributes, ...rest) => {
    const message = create(body, attributes, ...rest);
    message.messageGroupId ??= groupByAttributes.get(attributes);
    return message;
  };
}
