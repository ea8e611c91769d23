import {
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { entryKey } from '../engine/entry-key.ts';
import type { LakeLog } from '../ports.ts';
import { headerFromMetadata, metadataFromHeader } from './entry-metadata.ts';
import { GzipBody, gunzipLines } from './gzip-body.ts';

export interface S3LakeLogOptions {
  readonly client: S3Client;
  readonly bucket: string;
}

/** S3 answers 409 while another request for the key is being decided; then it is decided. */
const mostConflicts = 10;

/** The landing zone on S3: immutable objects of gzip-compressed NDJSON, each created at most once. */
export function createS3LakeLog({ client, bucket }: S3LakeLogOptions): LakeLog {
  return {
    newBody: () => new GzipBody(),

    async append(id, header, body) {
      const key = entryKey(id);
      for (let conflicts = 0; ; conflicts++) {
        try {
          await client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: body,
              // The whole protocol rests on this line: the first writer of a place has it for ever.
              IfNoneMatch: '*',
              ContentType: 'application/gzip',
              Metadata: metadataFromHeader(header),
            }),
          );
          return { kind: 'appended' };
        } catch (error) {
          if (!(error instanceof S3ServiceException)) throw error;
          if (error.$metadata.httpStatusCode === 412) return { kind: 'exists' };
          if (error.$metadata.httpStatusCode !== 409 || conflicts >= mostConflicts) throw error;
        }
      }
    },

    async header(id) {
      const key = entryKey(id);
      try {
        const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return headerFromMetadata(Metadata ?? {}, key);
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },

    async lines(id) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: entryKey(id) }));
      if (Body === undefined) throw new Error(`S3 returned ${entryKey(id)} without a body.`);
      return await gunzipLines(await Body.transformToByteArray());
    },
  };
}
