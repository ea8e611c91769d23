import type { Fields } from '../aws-json-server.ts';
import type { HttpRequest } from './fauxqs-internals.ts';

/** One SQS call. `body` is what fauxqs will read; a gap may change it. */
export interface SqsCall {
  readonly action: string;
  readonly body: Record<string, unknown>;
}

/**
 * What fauxqs lacks in SQS. Returns the answer, or undefined to let fauxqs go on; refuses with an `AwsError`.
 * Synchronous, so that no other request comes between it and fauxqs' own handler.
 */
export type SqsGap = (call: SqsCall) => Fields | undefined;

/** One S3 request in path style. */
export interface S3Call {
  readonly method: string;
  readonly bucket: string;
  /** Decoded; empty for requests on the bucket. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. What is changed here is what fauxqs sees. */
  readonly headers: HttpRequest['headers'];
  /** Empty when there is none. */
  body: Buffer;
}

/** An answer to an S3 request, XML. */
export interface S3Answer {
  readonly status: number;
  readonly body: string;
}

/** What fauxqs lacks in S3; see `SqsGap`. */
export type S3Gap = (call: S3Call) => S3Answer | undefined;

/** A header that was sent once, or undefined. */
export function headerOf(call: Pick<S3Call, 'headers'>, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
