import { z } from 'zod';
import type { S3Object } from '../fauxqs-internals.ts';

const objectSchema = z.object({
  key: z.string(),
  /** Bytes of the data file. */
  contentLength: z.number().int().nonnegative(),
  etag: z.string(),
  lastModified: z.iso.datetime(),
  contentType: z.string(),
  contentEncoding: z.string().optional(),
  contentLanguage: z.string().optional(),
  contentDisposition: z.string().optional(),
  cacheControl: z.string().optional(),
  metadata: z.record(z.string(), z.string()),
  parts: z.array(z.object({ partNumber: z.number(), offset: z.number(), length: z.number() })).optional(),
  checksumAlgorithm: z.string().optional(),
  checksumValue: z.string().optional(),
  checksumType: z.string().optional(),
  partChecksums: z.array(z.string()).optional(),
});

const fileSchema = objectSchema.extend({
  /**
   * Only while one object takes another's place: the one before, and the SHA-256 (hex) of the new data, by which a
   * start after a kill finds out which of the two the data file belongs to.
   */
  replaces: z.object({ newDataSha256: z.string(), object: objectSchema }).optional(),
});

/** What is known of an object besides its bytes. */
export type ObjectMetadata = z.infer<typeof objectSchema>;

/** A metadata file's content. */
export type MetadataFile = z.infer<typeof fileSchema>;

export function metadataOf(object: S3Object): ObjectMetadata {
  return objectSchema.parse({ ...object, lastModified: object.lastModified.toISOString() });
}

/** The object without its bytes, as fauxqs keeps it in memory. */
export function objectOf(metadata: ObjectMetadata): S3Object {
  return { ...metadata, lastModified: new Date(metadata.lastModified), body: Buffer.alloc(0) };
}

/** @throws Error when the text is not that of a metadata file. */
export function parseMetadata(text: string): MetadataFile {
  return fileSchema.parse(JSON.parse(text));
}
