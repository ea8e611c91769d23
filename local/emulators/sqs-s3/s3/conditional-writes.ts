import { AwsError } from '../../aws-error.ts';
import type { S3Store } from '../fauxqs-internals.ts';
import { headerOf, type S3Gap } from '../gaps.ts';

/**
 * If-None-Match and If-Match on PutObject, CopyObject and CompleteMultipartUpload. One of many racers wins, because
 * the check and fauxqs' write run in one go, without anything asynchronous in between.
 */
export function checkConditions(store: S3Store): S3Gap {
  return (call) => {
    const puts = call.method === 'PUT' && call.key !== '' && !('partNumber' in call.query);
    const completes = call.method === 'POST' && 'uploadId' in call.query;
    if (!puts && !completes) return undefined;
    const current = store.buckets.get(call.bucket)?.get(call.key);
    const ifNoneMatch = headerOf(call, 'if-none-match');
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
      throw new AwsError('NotImplemented', 'If-None-Match on a write takes only the value *.', 501);
    }
    if (ifNoneMatch === '*' && current !== undefined) throw preconditionFailed();
    const ifMatch = headerOf(call, 'if-match');
    if (ifMatch === undefined) return undefined;
    if (current === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    if (ifMatch !== '*' && unquoted(ifMatch) !== unquoted(current.etag)) throw preconditionFailed();
    return undefined;
  };
}

function preconditionFailed(): AwsError {
  return new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
  );
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}
