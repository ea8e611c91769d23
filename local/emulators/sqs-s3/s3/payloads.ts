import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../aws-error.ts';
import type { Fauxqs } from '../fauxqs-internals.ts';
import { headerOf, type S3Call, type S3Gap } from '../gaps.ts';

const digests: Readonly<Record<string, (body: Buffer) => string>> = {
  'content-md5': (body) => createHash('md5').update(body).digest('base64'),
  'x-amz-checksum-crc32': crc32Base64,
  'x-amz-checksum-sha1': (body) => createHash('sha1').update(body).digest('base64'),
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest('base64'),
};

/** Takes uploads out of aws-chunked framing, keeps their real content encoding and compares every checksum. */
export function checkPayloads(fauxqs: Fauxqs): S3Gap {
  return (call) => {
    if (call.method !== 'PUT' || call.key === '') return undefined;
    unframe(fauxqs, call);
    for (const name of Object.keys(call.headers)) {
      if (name.startsWith('x-amz-checksum-') && !(name in digests) && !name.endsWith('-type')) {
        throw new AwsError(
          'NotImplemented',
          `The local S3 cannot check ${name}: use CRC32, SHA1 or SHA256.`,
          501,
        );
      }
    }
    for (const [name, digest] of Object.entries(digests)) {
      const given = headerOf(call, name);
      if (given !== undefined && given !== digest(call.body)) {
        throw new AwsError('BadDigest', `The ${name} you specified did not match what we received.`);
      }
    }
    return undefined;
  };
}

/** fauxqs would drop the whole Content-Encoding of a framed upload, and with it the object's own `gzip`. */
function unframe(fauxqs: Fauxqs, call: S3Call): void {
  const encodings = (headerOf(call, 'content-encoding') ?? '').split(',').map((encoding) => encoding.trim());
  if (!encodings.includes('aws-chunked')) return;
  const { body, trailers } = fauxqs.decodeAwsChunked(call.body);
  const expectedBytes = headerOf(call, 'x-amz-decoded-content-length');
  if (expectedBytes !== undefined && Number(expectedBytes) !== body.length) {
    throw new AwsError(
      'IncompleteBody',
      `The request announced ${expectedBytes} bytes and had ${body.length}.`,
    );
  }
  call.body = body;
  Object.assign(call.headers, trailers);
  const own = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked');
  if (own.length > 0) call.headers['content-encoding'] = own.join(',');
  else delete call.headers['content-encoding'];
}

function crc32Base64(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}
