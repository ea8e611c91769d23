import { AwsError } from '../../aws-error.ts';
import type { S3Gap } from '../gaps.ts';

/** The buckets are the configured ones, from start to end: others are refused, and none can be deleted. */
export function guardBuckets(buckets: readonly string[]): S3Gap {
  return ({ bucket, key, method }) => {
    if (!buckets.includes(bucket)) {
      throw new AwsError(
        method === 'PUT' && key === '' ? 'InvalidBucketName' : 'NoSuchBucket',
        `There is no bucket ${bucket} in the embedded mode; it has ${buckets.join(', ')}: ` +
          'use one of them, or add yours to the option "buckets".',
        method === 'PUT' && key === '' ? 400 : 404,
      );
    }
    if (method === 'DELETE' && key === '') {
      throw new AwsError(
        'MethodNotAllowed',
        `The bucket ${bucket} is configured and cannot be deleted.`,
        405,
      );
    }
    return undefined;
  };
}
