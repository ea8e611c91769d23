import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { refusalOf } from './running-emulators.ts';
import { Bucket, get, put, restart, stack } from './s3-fixture.ts';

const landing =
  'landing/tenant=demo/index=syslog/msg_class=sentinelone_threat_detection/dt=2026-11-24/hr=10/' +
  `${'a'.repeat(64)}-1764000000000-1764003600000-000001.ndjson.gz`;

describe('objects as plain files', () => {
  it('puts the exact bytes at the exact path, with the metadata beside the bucket', async () => {
    const body = gzipSync('{"a":1}\n');
    await put(landing, body, { ContentEncoding: 'gzip', ContentType: 'application/x-ndjson' });
    const file = path.join(stack.stateDir, 'lake', landing);
    expect(readFileSync(file)).toEqual(body);
    expect(gunzipSync(readFileSync(file)).toString()).toBe('{"a":1}\n');
    const metadata = JSON.parse(
      readFileSync(path.join(stack.stateDir, 'lake-meta', `${landing}.json`), 'utf8'),
    );
    expect(metadata).toMatchObject({
      key: landing,
      contentLength: body.length,
      contentType: 'application/x-ndjson',
      contentEncoding: 'gzip',
      etag: `"${createHash('md5').update(body).digest('hex')}"`,
    });
  });

  it('removes both files and the empty directories above them on delete', async () => {
    await put('gone/deep/object');
    await stack.s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone/deep/object' }));
    expect(existsSync(path.join(stack.stateDir, 'lake', 'gone'))).toBe(false);
    expect(existsSync(path.join(stack.stateDir, 'lake-meta', 'gone'))).toBe(false);
    expect(await refusalOf(get('gone/deep/object'))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  });

  it('answers the delete of an object that is not there, also of a "directory"', async () => {
    await put('kept/object');
    await stack.s3.send(new DeleteObjectCommand({ Bucket, Key: 'kept' }));
    expect((await get('kept/object')).body.toString()).toBe('x');
  });

  it.each([
    ['a dot segment', 'a/../../../evil'],
    ['a single dot', './evil'],
    ['an empty part', 'a//b'],
    ['a slash at the end', 'directory/'],
    ['a backslash', 'a\\b'],
  ])('refuses a key with %s', async (_what, Key) => {
    expect(await refusalOf(put(Key))).toMatchObject({ name: 'InvalidURI', status: 400 });
    expect(existsSync(path.join(stack.stateDir, '..', 'evil'))).toBe(false);
  });

  it('refuses such a key before a multipart upload to it starts, and for reads', async () => {
    const Key = 'a/../evil';
    const upload = stack.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    expect(await refusalOf(upload)).toMatchObject({ name: 'InvalidURI', status: 400 });
    expect(await refusalOf(get(Key))).toMatchObject({ name: 'InvalidURI', status: 400 });
  });

  it('refuses to delete outside of the bucket directory in a batch delete', async () => {
    const outside = path.join(stack.stateDir, 'outside.txt');
    writeFileSync(outside, 'mine');
    await stack.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: '../outside.txt' }] } }),
    );
    expect(readFileSync(outside, 'utf8')).toBe('mine');
  });

  it('refuses a key below another object, a key above one, and a place taken by hand', async () => {
    await put('tree/leaf');
    writeFileSync(path.join(stack.stateDir, 'lake', 'by-hand'), 'mine');
    for (const Key of ['tree/leaf/below', 'tree', 'by-hand']) {
      expect(await refusalOf(put(Key))).toMatchObject({ name: 'InvalidURI', status: 400 });
    }
    expect(readFileSync(path.join(stack.stateDir, 'lake', 'by-hand'), 'utf8')).toBe('mine');
  });

  it('keeps objects over a restart and replaces them completely', async () => {
    await put('restart/one', 'old', { Metadata: { version: '1' } });
    await put('restart/one', 'newer', { Metadata: { version: '2' } });
    await restart();
    const { body, Metadata } = await get('restart/one');
    expect({ body: body.toString(), Metadata }).toEqual({ body: 'newer', Metadata: { version: '2' } });
  });
});

describe('what is refused', () => {
  it.each([
    [
      'a new bucket',
      () => stack.s3.send(new CreateBucketCommand({ Bucket: 'other' })),
      'InvalidBucketName',
      400,
    ],
    [
      'a list of an unknown bucket',
      () => stack.s3.send(new ListObjectsV2Command({ Bucket: 'other' })),
      'NoSuchBucket',
      404,
    ],
    [
      'a put to an unknown bucket',
      () => stack.s3.send(new PutObjectCommand({ Bucket: 'other', Key: 'k', Body: 'x' })),
      'NoSuchBucket',
      404,
    ],
    [
      'the end of a configured bucket',
      () => stack.s3.send(new DeleteBucketCommand({ Bucket })),
      'MethodNotAllowed',
      405,
    ],
    [
      'reading tags',
      () => stack.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' })),
      'NotImplemented',
      501,
    ],
  ])('%s', async (_what, call, name, status) => {
    expect(await refusalOf(call())).toMatchObject({ name, status });
  });

  it('bucket settings and tags, without taking their XML for the content', async () => {
    await put('tagged', 'content');
    const Tagging = { TagSet: [{ Key: 'a', Value: 'b' }] };
    expect(
      await refusalOf(stack.s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging }))),
    ).toMatchObject({
      name: 'NotImplemented',
      status: 501,
    });
    const ServerSideEncryptionConfiguration = { Rules: [] };
    expect(
      await refusalOf(
        stack.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration })),
      ),
    ).toMatchObject({ status: 501 });
    expect((await get('tagged')).body.toString()).toBe('content');
  });

  it('takes the configured bucket being created again', async () => {
    await put('before', 'kept');
    await stack.s3.send(new CreateBucketCommand({ Bucket }));
    expect((await get('before')).body.toString()).toBe('kept');
  });
});
