import { AwsError } from '../../aws-error.ts';
import type { S3Gap } from '../gaps.ts';

const maxKeyBytes = 1024;
/** What file systems allow for one name, less the `.json` of the metadata file. */
const maxSegmentBytes = 250;

/**
 * Objects are files at the path that their key says. Keys that have no such path, or one outside of the bucket's
 * directory, are refused.
 * @throws AwsError naming what is wrong with the key.
 */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new AwsError('KeyTooLongError', `Your key is too long: more than ${maxKeyBytes} bytes.`);
  }
  for (const segment of key.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') {
      throw new AwsError(
        'InvalidURI',
        `The key ${key} has an empty, "." or ".." part and cannot be a local file.`,
      );
    }
    if (Buffer.byteLength(segment) > maxSegmentBytes) {
      throw new AwsError(
        'KeyTooLongError',
        `The key ${key} has a part of more than ${maxSegmentBytes} bytes.`,
      );
    }
  }
  if (/[\0\\]/.test(key)) {
    throw new AwsError('InvalidURI', `The key ${key} has a NUL or a backslash and cannot be a local file.`);
  }
}

/** Refuses such keys before anything else looks at them; deletes of many keys are caught where files are touched. */
export const guardKeys: S3Gap = ({ key }) => {
  if (key !== '') checkKey(key);
  return undefined;
};
