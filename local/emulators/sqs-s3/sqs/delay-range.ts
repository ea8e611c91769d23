import { AwsError } from '../../aws-error.ts';
import type { Fauxqs, SqsStore } from '../fauxqs-internals.ts';
import type { SqsGap } from '../gaps.ts';
import { batchEntries } from './batch-entries.ts';

const maxDelaySeconds = 900;

/** Refuses delays above 900 s: the whole call of a single send, one entry of a batch. */
export function checkDelays(fauxqs: Fauxqs, store: SqsStore): SqsGap {
  return ({ action, body }) => {
    if (action === 'SendMessage' && outOfRange(body)) {
      throw new AwsError('InvalidParameterValue', refusalOf(body));
    }
    if (action !== 'SendMessageBatch') return undefined;
    const entries = batchEntries(body);
    const refused = entries.filter(outOfRange);
    if (refused.length === 0) return undefined;
    const rest = entries.filter((entry) => !outOfRange(entry));
    const sent =
      rest.length === 0
        ? { Successful: [], Failed: [] }
        : fauxqs.sendMessageBatch({ ...body, Entries: rest }, store);
    const failed = refused.map((entry) => ({
      Id: entry['Id'],
      SenderFault: true,
      Code: 'InvalidParameterValue',
      Message: refusalOf(entry),
    }));
    return { Successful: sent.Successful, Failed: [...sent.Failed, ...failed] };
  };
}

function outOfRange(message: Readonly<Record<string, unknown>>): boolean {
  const delay = message['DelaySeconds'];
  return typeof delay === 'number' && (delay < 0 || delay > maxDelaySeconds);
}

function refusalOf(message: Readonly<Record<string, unknown>>): string {
  return (
    `Value ${String(message['DelaySeconds'])} for parameter DelaySeconds is invalid. ` +
    `Reason: DelaySeconds must be >= 0 and <= ${maxDelaySeconds}.`
  );
}
