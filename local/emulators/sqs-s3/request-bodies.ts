import { AwsError } from '../aws-error.ts';
import type { App, HttpRequest } from './fauxqs-internals.ts';

/** What one PutObject may bring; Node cannot hold much more in one buffer anyway. */
const maxBodyBytes = 2 ** 31 - 1;

/**
 * Bodies of any size and content type. fauxqs ends the connection above 11 MiB, and takes an object for SQS JSON
 * when its content type says so; here only POST / is SQS, and everything else is bytes.
 */
export function parseBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (request, body, done) => {
    if (!isSqs(request)) return done(null, body);
    let parsed: unknown;
    try {
      parsed = JSON.parse(body.toString('utf8'));
    } catch {
      return done(new AwsError('InvalidRequest', 'The request body is not JSON.'));
    }
    done(null, parsed);
  });
}

/** SQS calls are POSTs to the root with a target; S3 has none of those. */
export function isSqs(request: HttpRequest): boolean {
  return request.method === 'POST' && String(request.headers['x-amz-target'] ?? '').startsWith('AmazonSQS.');
}
