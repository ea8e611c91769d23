import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { auditKey, auditMsgClass } from '../audit/audit-key.ts';
import type { AuditLog } from '../audit/audit-log.ts';

export interface S3AuditLogOptions {
  readonly client: S3Client;
  readonly bucket: string;
}

const compress = promisify(gzip);

/** S3 answers 409 while somebody else writes the same object; then the object is there soon, or is not. */
const mostConflicts = 10;

/** The audit trail in the lake: one object per step, which nobody can overwrite. */
export function createS3AuditLog({ client, bucket }: S3AuditLogOptions): AuditLog {
  return {
    async append(record) {
      const { at, ...told } = record;
      const line = JSON.stringify({ msg_class: auditMsgClass, timestamp: at, ...told });
      const object = {
        Bucket: bucket,
        Key: auditKey(record),
        Body: await compress(`${line}\n`),
        IfNoneMatch: '*',
        ContentType: 'application/gzip',
      };
      for (let conflicts = 0; ; conflicts++) {
        try {
          await client.send(new PutObjectCommand(object));
          return;
        } catch (error) {
          if (!(error instanceof S3ServiceException)) throw error;
          // The SDK repeats a put whose answer was lost, and then meets its own object.
          if (error.$metadata.httpStatusCode === 412) return;
          if (error.$metadata.httpStatusCode !== 409 || conflicts >= mostConflicts) throw error;
        }
      }
    },
  };
}
