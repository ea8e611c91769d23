import { AwsError } from '../aws-error.ts';
import type { App, Fauxqs, HttpReply, HttpRequest } from './fauxqs-internals.ts';
import type { S3Answer, S3Call, S3Gap, SqsGap } from './gaps.ts';
import { isSqs, parseBodies } from './request-bodies.ts';
import { xmlDeclaration, xmlElement } from './s3/xml.ts';
import { queryError } from './sqs/error-codes.ts';

/** Puts the gaps in front of fauxqs' handlers, in their order, and gives refusals the form of their service. */
export function addLayer(
  fauxqs: Fauxqs,
  app: App,
  gaps: { readonly sqs: readonly SqsGap[]; readonly s3: readonly S3Gap[] },
): void {
  parseBodies(app);
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(fauxqs, error);
    if (isSqs(request)) sendSqsRefusal(reply, refusal);
    else sendXml(reply, { status: refusal.status, body: errorXml(refusal) });
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    const [code, fault] = String(reply.getHeader('x-amzn-query-error') ?? '').split(';');
    if (code !== undefined && (fault === 'Sender' || fault === 'Receiver')) {
      reply.header('x-amzn-query-error', queryError(code, fault));
    }
    done(null, payload);
  });
  // With a callback and not a promise: hook and handler then run in one go, which is what makes conditional
  // writes atomic.
  app.addHook('preHandler', (request, reply, done) => {
    if (isSqs(request)) {
      const answer = firstAnswer(gaps.sqs, { action: actionOf(request), body: recordOf(request.body) });
      if (answer === undefined) return done();
      reply.code(200).header('content-type', 'application/x-amz-json-1.0').send(JSON.stringify(answer));
      return;
    }
    const call = s3CallOf(request);
    if (call === undefined) return done();
    const answer = firstAnswer(gaps.s3, call);
    if (answer !== undefined) {
      sendXml(reply, answer);
      return;
    }
    request.body = call.body;
    done();
  });
}

function firstAnswer<Call, Answer>(
  gaps: readonly ((call: Call) => Answer | undefined)[],
  call: Call,
): Answer | undefined {
  for (const gap of gaps) {
    const answer = gap(call);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function actionOf(request: HttpRequest): string {
  return String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
}

function s3CallOf(request: HttpRequest): S3Call | undefined {
  const { bucket, '*': key } = recordOf(request.params);
  if (typeof bucket !== 'string') return undefined;
  return {
    method: request.method,
    bucket,
    key: typeof key === 'string' ? key : '',
    query: Object.fromEntries(
      Object.entries(recordOf(request.query)).map(([name, value]) => [name, String(value)]),
    ),
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function refusalOf(fauxqs: Fauxqs, error: Error): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof fauxqs.SqsError) return new AwsError(error.code, error.message, error.statusCode);
  // The web server's own: a body that is too large, or that never came to its end.
  if ('statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500) {
    return new AwsError('InvalidRequest', error.message, error.statusCode);
  }
  console.error(error);
  return new AwsError('InternalError', error.message, 500);
}

function sendSqsRefusal(reply: HttpReply, refusal: AwsError): void {
  reply
    .code(refusal.status)
    .header('content-type', 'application/x-amz-json-1.0')
    .header('x-amzn-query-error', queryError(refusal.code, refusal.status < 500 ? 'Sender' : 'Receiver'))
    .send(JSON.stringify({ __type: `com.amazonaws.sqs#${refusal.code}`, message: refusal.message }));
}

function errorXml(refusal: AwsError): string {
  const members = xmlElement('Code', refusal.code) + xmlElement('Message', refusal.message);
  return `${xmlDeclaration}<Error>${members}</Error>`;
}

function sendXml(reply: HttpReply, answer: S3Answer): void {
  reply.code(answer.status).header('content-type', 'application/xml').send(answer.body);
}
