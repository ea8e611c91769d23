import type { S3Object, S3Persistence, S3Store } from '../fauxqs-internals.ts';
import { ObjectDirectory } from './object-directory.ts';

/** Keeps the objects of the configured buckets as plain files. Bodies are read from there when somebody asks. */
export class BucketFiles implements S3Persistence {
  readonly #directories = new Map<string, ObjectDirectory>();

  /** @param buckets directories by bucket name; the store gets the buckets and the objects found in them. */
  constructor(store: S3Store, buckets: Readonly<Record<string, string>>) {
    for (const [bucket, directory] of Object.entries(buckets)) {
      store.createBucket(bucket);
      this.#directories.set(
        bucket,
        new ObjectDirectory(directory, (object) => store.restoreObject(bucket, object)),
      );
    }
  }

  upsertObject(bucket: string, object: S3Object): void {
    this.#of(bucket).write(object);
  }

  deleteObject(bucket: string, key: string): void {
    this.#of(bucket).remove(key);
  }

  readBody(bucket: string, key: string): Buffer {
    return this.#of(bucket).read(key);
  }

  completeMultipartUpload(_uploadId: string, bucket: string, object: S3Object): void {
    this.#of(bucket).write(object);
  }

  // Parts of an unfinished upload live in fauxqs' memory and end with the process; the client starts again.
  insertMultipartUpload(): void {}
  upsertMultipartPart(): void {}
  deleteMultipartUpload(): void {}

  // Requests that would lead here are refused before: the buckets and their settings are fixed.
  insertBucket(name: string): void {
    throw new Error(`The bucket ${name} is not configured.`);
  }
  deleteBucket(name: string): void {
    throw new Error(`The bucket ${name} cannot be deleted.`);
  }
  saveBucketLifecycleConfiguration(bucket: string): void {
    throw new Error(`The lifecycle of ${bucket} cannot be kept.`);
  }
  deleteBucketLifecycleConfiguration(bucket: string): void {
    throw new Error(`The lifecycle of ${bucket} cannot be changed.`);
  }

  #of(bucket: string): ObjectDirectory {
    const directory = this.#directories.get(bucket);
    if (directory === undefined) throw new Error(`The bucket ${bucket} is not configured.`);
    return directory;
  }
}
