import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { constants, gunzip as gunzipCallback } from 'node:zlib';

const gunzip = promisify(gunzipCallback);

/** `cut`: it ended early. `too-large`: reading stopped at the limit. `unreadable`: not the encoding it claims to be. */
export type BodyEnd = 'complete' | 'cut' | 'too-large' | 'unreadable';

/** A body, decompressed; where it did not end well, as much of it as there is. */
export interface ReadBody {
  readonly body: Buffer;
  readonly end: BodyEnd;
}

/**
 * Reads a response to its end. Neither what is received nor what it decompresses to is kept beyond `maxBytes`.
 * Does not throw when the connection breaks; that is `cut`.
 */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  const received = await receive(response, maxBytes);
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '' || received.body.length === 0) return received;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return { body: Buffer.alloc(0), end: 'unreadable' };
  return decompress(received, maxBytes);
}

async function receive(response: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, maxBytes - size));
      size += chunk.length;
      // Leaving the loop destroys the response, and with it the connection.
      if (size > maxBytes) return { body: Buffer.concat(chunks), end: 'too-large' };
    }
  } catch {
    return { body: Buffer.concat(chunks), end: 'cut' };
  }
  return { body: Buffer.concat(chunks), end: response.complete ? 'complete' : 'cut' };
}

async function decompress(received: ReadBody, maxBytes: number): Promise<ReadBody> {
  // A cut stream gives what it holds instead of failing.
  const finishFlush = received.end === 'complete' ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  try {
    const body = await gunzip(received.body, { maxOutputLength: maxBytes, finishFlush });
    return { body, end: received.end };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const end = code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : code === 'Z_BUF_ERROR' ? 'cut' : 'unreadable';
    return { body: Buffer.alloc(0), end };
  }
}
