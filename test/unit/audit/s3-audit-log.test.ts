import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { createS3AuditLog } from '../../../shared/aws/s3-audit-log.ts';

const s3 = mockClient(S3Client);
const audit = createS3AuditLog({ client: new S3Client({ region: 'eu-central-1' }), bucket: 'lake' });
beforeEach(() => void s3.reset());

const failure = (status: number) =>
  new S3ServiceException({ name: 'E', message: '', $fault: 'client', $metadata: { httpStatusCode: status } });
const record = {
  at: 0,
  operation: 'createKey',
  step: 'requested',
  actor: 'key:x',
  actorName: 'x',
  sourceIp: '192.0.2.7',
  requestId: 'r',
} as const;

it('is written only where nothing is yet', async () => {
  s3.on(PutObjectCommand).resolves({});
  await audit.append(record);
  expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
    Bucket: 'lake',
    IfNoneMatch: '*',
  });
});

it('takes an object that is there for its own, whose answer was lost', async () => {
  s3.on(PutObjectCommand).rejects(failure(412));
  await audit.append(record);
  expect(s3.commandCalls(PutObjectCommand)).toHaveLength(1);
});

it('tries again while the first try is still being written', async () => {
  s3.on(PutObjectCommand).rejectsOnce(failure(409)).rejectsOnce(failure(409)).rejects(failure(412));
  await audit.append(record);
  expect(s3.commandCalls(PutObjectCommand)).toHaveLength(3);
});

it.each([403, 404, 409, 503])('throws where it could not be kept: %d', async (status) => {
  s3.on(PutObjectCommand).rejects(failure(status));
  await expect(audit.append(record)).rejects.toThrow(S3ServiceException);
});
