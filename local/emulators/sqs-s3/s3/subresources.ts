import { AwsError } from '../../aws-error.ts';
import type { S3Gap } from '../gaps.ts';

/** Query parameters that fauxqs or this layer acts on, or that change nothing in what is stored or answered. */
const known = new Set([
  'x-id',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'encoding-type',
  'fetch-owner',
  'delete',
  'uploads',
  'uploadId',
  'partNumber',
  'attributes',
]);

/**
 * Refuses what is not there. fauxqs ignores query parameters it does not know: it would take the XML of a
 * PutObjectTagging for the object's new content, and answer any GetBucket... with a listing.
 */
export const refuseUnknownSubresources: S3Gap = ({ method, query, key }) => {
  const unknown = Object.keys(query).find((name) => !known.has(name) && !/^x-amz-/i.test(name));
  const part = unknown ?? (method === 'GET' && 'uploads' in query ? 'uploads' : undefined);
  if (part === undefined) return undefined;
  const what = key === '' ? 'bucket' : 'object';
  throw new AwsError('NotImplemented', `${method} ?${part} on a ${what} is not part of the local S3.`, 501);
};
