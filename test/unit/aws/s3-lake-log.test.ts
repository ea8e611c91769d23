import { gunzipSync, gzipSync } from 'node:zlib';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createS3LakeLog } from '../../../shared/aws/s3-lake-log.ts';
import type { LogEntryHeader, LogEntryId } from '../../../shared/engine/log-entry.ts';

const s3 = mockClient(S3Client);
const lake = createS3LakeLog({ client: new S3Client({ region: 'us-east-1' }), bucket: 'the-lake' });
const window = { from: Date.parse('2026-11-24T08:05:00Z'), to: Date.parse('2026-11-24T09:00:00Z') };
const id: LogEntryId = {
  stream: { tenant: 'acme', connector: 'edr', contentType: 'threats' },
  index: 'syslog',
  msgClass: 'sentinelone_threat_detection',
  window,
  batch: 12,
};
const header: LogEntryHeader = {
  window,
  batch: 12,
  position: { gte: window.from, cursor: 'Zm9v=' },
  end: false,
  read: 2,
  written: 2,
  filtered: 0,
  pages: 1,
  fence: 7,
};
const answer = (status: number, name: string) =>
  new S3ServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode: status } });

beforeEach(() => s3.reset());

describe('the landing zone on S3', () => {
  it('creates a gzip object, create-only, at the place that stream, window and batch fix', async () => {
    s3.on(PutObjectCommand).resolves({});
    expect(await lake.append(id, header, gzipSync('{"a":1}\n{"b":2}\n'))).toStrictEqual({ kind: 'appended' });
    const input = s3.commandCalls(PutObjectCommand)[0]?.args[0].input;
    expect(input).toMatchObject({
      Bucket: 'the-lake',
      Key: 'landing/tenant=acme/index=syslog/msg_class=sentinelone_threat_detection/dt=2026-11-24/hr=08/edr.threats-20261124T080500000Z-000012.ndjson.gz',
      IfNoneMatch: '*',
      ContentType: 'application/gzip',
      Metadata: {
        'window-from': '2026-11-24T08:05:00.000Z',
        batch: '12',
        end: 'false',
        written: '2',
        fence: '7',
      },
    });
    expect(input?.ContentEncoding).toBeUndefined();
    expect(gunzipSync(input?.Body as Uint8Array).toString()).toBe('{"a":1}\n{"b":2}\n');
  });

  it('takes 412 for an entry that is there', async () => {
    s3.on(PutObjectCommand).rejects(answer(412, 'PreconditionFailed'));
    expect(await lake.append(id, header, gzipSync('{}\n'))).toStrictEqual({ kind: 'exists' });
    expect(s3.calls()).toHaveLength(1);
  });

  it('tries again on 409, which only says that the decision is not made yet', async () => {
    s3.on(PutObjectCommand)
      .rejectsOnce(answer(409, 'ConditionalRequestConflict'))
      .rejectsOnce(answer(409, 'ConditionalRequestConflict'))
      .rejects(answer(412, 'PreconditionFailed'));
    expect(await lake.append(id, header, gzipSync('{}\n'))).toStrictEqual({ kind: 'exists' });
    expect(s3.calls()).toHaveLength(3);
  });

  it.each([
    [403, 'AccessDenied'],
    [404, 'NoSuchBucket'],
    [503, 'SlowDown'],
  ])('throws on %i %s', async (status, name) => {
    s3.on(PutObjectCommand).rejects(answer(status, name));
    await expect(lake.append(id, header, gzipSync('{}\n'))).rejects.toThrow(name);
  });

  it('refuses a position that does not fit into the metadata before anything is written', async () => {
    await expect(
      lake.append(id, { ...header, position: { cursor: 'x'.repeat(2_100) } }, gzipSync('')),
    ).rejects.toThrow('2048');
    expect(s3.calls()).toHaveLength(0);
  });

  it.each(['window-from', 'window-to', 'batch', 'position'])(
    'adopts nothing whose metadata has no %s',
    async (name) => {
      s3.on(PutObjectCommand).resolves({});
      await lake.append(id, header, gzipSync(''));
      const { [name]: _, ...metadata } = s3.commandCalls(PutObjectCommand)[0]?.args[0].input.Metadata ?? {};
      s3.on(HeadObjectCommand).resolves({ Metadata: metadata });
      await expect(lake.header(id)).rejects.toThrow(name);
    },
  );

  it('does not take a failing read for a missing entry', async () => {
    s3.on(HeadObjectCommand).rejects(answer(403, 'Forbidden'));
    await expect(lake.header(id)).rejects.toThrow('Forbidden');
    s3.on(GetObjectCommand).resolves({});
    await expect(lake.lines(id)).rejects.toThrow('without a body');
  });
});
