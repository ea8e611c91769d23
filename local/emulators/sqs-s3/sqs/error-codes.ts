/** Refusals whose code in SQS' older query protocol has a prefix. */
const prefixed = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'NonExistentQueue',
  'PurgeQueueInProgress',
  'QueueDeletedRecently',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]);

const renamed: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
};

const prefix = 'AWS.SimpleQueueService.';

/**
 * The `x-amzn-query-error` header of a refusal, by which SDKs name the error that they throw.
 * @param code of the JSON protocol, or with the prefix that fauxqs puts before every code.
 */
export function queryError(code: string, fault: 'Sender' | 'Receiver'): string {
  const plain = code.replace(prefix, '');
  const name = renamed[plain] ?? plain;
  return `${prefixed.has(name) ? prefix : ''}${name};${fault}`;
}
