import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { refusalOf } from './running-emulators.ts';
import { Bucket, get, listPages, put, stack } from './s3-fixture.ts';

describe('conditional writes', () => {
  it('lets exactly one of 20 racers create an object', async () => {
    const race = await Promise.allSettled(
      Array.from({ length: 20 }, (_, racer) => put('race', `racer ${racer}`, { IfNoneMatch: '*' })),
    );
    const winners = race.flatMap((result, racer) => (result.status === 'fulfilled' ? [racer] : []));
    expect(winners).toHaveLength(1);
    expect((await get('race')).body.toString()).toBe(`racer ${winners[0]}`);
  });

  it('refuses to create what exists, with 412, and leaves it as it is', async () => {
    await put('taken', 'first');
    expect(await refusalOf(put('taken', 'second', { IfNoneMatch: '*' }))).toMatchObject({
      name: 'PreconditionFailed',
      status: 412,
    });
    expect((await get('taken')).body.toString()).toBe('first');
  });

  it('replaces only the version that If-Match names', async () => {
    const { ETag } = await put('matched', '1');
    await put('matched', '2', { IfMatch: ETag });
    expect(await refusalOf(put('matched', '3', { IfMatch: ETag }))).toMatchObject({ status: 412 });
    expect(await refusalOf(put('missing', '1', { IfMatch: ETag }))).toMatchObject({
      name: 'NoSuchKey',
      status: 404,
    });
  });
});

describe('payloads', () => {
  it.each([
    ['CRC32', { ChecksumCRC32: 'AAAAAA==' }],
    ['SHA-256', { ChecksumSHA256: createHash('sha256').update('other').digest('base64') }],
    ['MD5', { ContentMD5: createHash('md5').update('other').digest('base64') }],
  ])('refuses a wrong %s and stores nothing', async (_name, checksum) => {
    expect(await refusalOf(put('corrupt', 'body', checksum))).toMatchObject({
      name: 'BadDigest',
      status: 400,
    });
    expect(await refusalOf(get('corrupt'))).toMatchObject({ name: 'NoSuchKey' });
  });

  it('refuses a checksum that it cannot check', async () => {
    expect(await refusalOf(put('crc32c', 'body', { ChecksumCRC32C: 'AAAAAA==' }))).toMatchObject({
      status: 501,
    });
  });

  it('takes a stream out of its framing and keeps its own content encoding', async () => {
    const body = gzipSync('line\n'.repeat(10_000));
    await stack.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'streamed',
        Body: Readable.from([body.subarray(0, 10), body.subarray(10)]),
        ContentLength: body.length,
        ContentEncoding: 'gzip',
      }),
    );
    const stored = await get('streamed');
    expect(stored.body).toEqual(body);
    expect(stored.ContentEncoding).toBe('gzip');
  });

  it('keeps metadata and headers', async () => {
    await put('described', 'x', {
      Metadata: { position: '{"cursor":"abc"}', batch: '7' },
      ContentType: 'application/x-ndjson',
      CacheControl: 'no-store',
      ContentEncoding: 'gzip',
    });
    expect(await stack.s3.send(new HeadObjectCommand({ Bucket, Key: 'described' }))).toMatchObject({
      Metadata: { position: '{"cursor":"abc"}', batch: '7' },
      ContentType: 'application/x-ndjson',
      CacheControl: 'no-store',
      ContentEncoding: 'gzip',
      ContentLength: 1,
    });
  });

  it.each([
    ['nothing', 0],
    ['20 MiB', 20 * 1024 * 1024],
  ])('stores an object of %s', async (_size, bytes) => {
    const body = Buffer.alloc(bytes, 'ab');
    await put('sized', body);
    expect((await get('sized')).body.equals(body)).toBe(true);
  });

  it.each(['application/x-amz-json-1.0', 'application/x-www-form-urlencoded', 'application/json'])(
    'takes content of type %s as bytes',
    async (ContentType) => {
      await put('typed', '{"a": 1}', { ContentType });
      expect((await get('typed')).body.toString()).toBe('{"a": 1}');
    },
  );
});

describe('reads', () => {
  it.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('answers %s', async (Range, expected, ContentRange) => {
    await put('digits', '0123456789');
    const answer = await get('digits', { Range });
    expect({ body: answer.body.toString(), range: answer.ContentRange }).toEqual({
      body: expected,
      range: ContentRange,
    });
  });

  it('answers 416 for a range behind the end and 304 for a known version', async () => {
    const { ETag } = await put('digits', '0123456789');
    expect(await refusalOf(get('digits', { Range: 'bytes=10-' }))).toMatchObject({ status: 416 });
    expect(await refusalOf(get('digits', { IfNoneMatch: ETag }))).toMatchObject({ status: 304 });
  });

  it.each(['plus+and space', 'percent%2Fpercent', 'quote\'"<&>', 'ümlaut-日本-😀', 'equals=a,b;c:d@e!f*(g)'])(
    'keeps the key %s',
    async (name) => {
      const Key = `special/${name}`;
      await put(Key, name);
      expect((await get(Key)).body.toString()).toBe(name);
      expect((await listPages({ Prefix: 'special/' }))[0]?.keys).toContain(Key);
    },
  );

  it('copies an object', async () => {
    await put('copy/from', 'copied', { Metadata: { a: 'b' } });
    await stack.s3.send(new CopyObjectCommand({ Bucket, Key: 'copy/to', CopySource: `${Bucket}/copy/from` }));
    expect(await get('copy/to')).toMatchObject({ body: Buffer.from('copied'), Metadata: { a: 'b' } });
  });
});

describe('multipart uploads', () => {
  it('puts parts together, and lets If-None-Match decide at the end', async () => {
    const Key = 'multipart';
    const upload = async (last: string) => {
      const { UploadId } = await stack.s3.send(
        new CreateMultipartUploadCommand({ Bucket, Key, ContentEncoding: 'gzip' }),
      );
      const bodies = [Buffer.alloc(5 * 1024 * 1024, 'p'), Buffer.from(last)];
      const Parts = [];
      for (const [index, Body] of bodies.entries()) {
        const part = { Bucket, Key, UploadId, PartNumber: index + 1, Body };
        const { ETag } = await stack.s3.send(new UploadPartCommand(part));
        Parts.push({ ETag, PartNumber: index + 1 });
      }
      const complete = { Bucket, Key, UploadId, MultipartUpload: { Parts }, IfNoneMatch: '*' };
      return stack.s3.send(new CompleteMultipartUploadCommand(complete));
    };
    expect((await upload('first')).ETag).toMatch(/-2"$/);
    expect(await refusalOf(upload('second'))).toMatchObject({ status: 412 });
    const { body, ContentEncoding } = await get(Key);
    expect({ end: body.subarray(-6).toString(), ContentEncoding }).toEqual({
      end: 'pfirst',
      ContentEncoding: 'gzip',
    });
  });
});
