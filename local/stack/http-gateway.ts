import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { respondProblem } from '../../shared/api/dispatch.ts';
import type { ApiResponse } from '../../shared/api/http.ts';
import type { GatewayEvent } from '../../shared/lambda/gateway-event.ts';
import type { LambdaFunction } from '../lambda-host/lambda-function.ts';
import { turns } from './turns.ts';

export interface HttpGatewayOptions {
  readonly target: Pick<LambdaFunction, 'invoke'>;
  /** 0 for any free one. */
  readonly port: number;
  readonly onError: (error: unknown) => void;
}

/** What API Gateway is for: HTTP in, events for the function out. */
export interface HttpGateway {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /** Stops listening; calls that are under way are cut. */
  stop(): Promise<void>;
}

/** API Gateway's own limit. */
const mostBodyBytes = 10 * 1024 * 1024;

/** Each is a process of the function; more would only fight for the cores of one machine. */
const mostAtOnce = 4;

/** Starts the gateway on 127.0.0.1. Rejects with the system's error where the port cannot be had. */
export async function startHttpGateway({ target, port, onError }: HttpGatewayOptions): Promise<HttpGateway> {
  const takeTurn = turns(mostAtOnce);
  const invoke = (event: GatewayEvent) => takeTurn(() => target.invoke(event));
  const server = createServer((request, response) => {
    serve(request, response, invoke).catch((error: unknown) => {
      response.destroy();
      // A caller who has hung up is nobody's failure.
      if (request.complete) onError(error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  invoke: (event: GatewayEvent) => Promise<unknown>,
): Promise<void> {
  const requestId = randomUUID();
  const body = await readBody(request);
  if (body === undefined) {
    send(response, respondProblem({ requestId }, tooLarge));
    return;
  }
  try {
    send(response, answerOf(await invoke(eventOf(request, body, requestId))));
  } catch {
    // The function's own log says why.
    send(response, respondProblem({ requestId }, failed));
  }
}

const tooLarge = {
  status: 413,
  code: 'body_too_large',
  detail: `The body is larger than ${mostBodyBytes / 1024 / 1024} MB.`,
  recommendation: 'Send less at a time.',
};
const failed = {
  status: 502,
  code: 'gateway_failed',
  detail: 'The function did not answer the call.',
  recommendation: 'Look into the log of the function in the state directory.',
};

/** Undefined where it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // The rest is read and dropped, so that the caller gets to read the answer.
    if (size <= mostBodyBytes) chunks.push(chunk);
  }
  return size > mostBodyBytes ? undefined : Buffer.concat(chunks);
}

/** As a REST API with proxy integration hands a call to its function. */
function eventOf(request: IncomingMessage, body: Buffer, requestId: string): GatewayEvent {
  // Not by `new URL`: a path that begins with two slashes would be taken for a host.
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  return {
    httpMethod: request.method ?? 'GET',
    path,
    multiValueQueryStringParameters: parametersOf(query.join('?')),
    multiValueHeaders: { ...request.headersDistinct },
    body: body.length === 0 ? null : body.toString('utf8'),
    isBase64Encoded: false,
    requestContext: {
      requestId,
      identity: { sourceIp: request.socket.remoteAddress ?? '127.0.0.1', userArn: null },
    },
  };
}

/** Decoded, every value of every parameter. */
function parametersOf(query: string): Record<string, string[]> {
  const parameters = new URLSearchParams(query);
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(names.map((name) => [name, parameters.getAll(name)]));
}

/** What the function returned: `statusCode`, `headers` and `body`. Throws a plain Error for anything else. */
function answerOf(result: unknown): ApiResponse {
  const { statusCode, headers, body } = Object(result);
  if (typeof statusCode !== 'number') throw new Error('The function returned no HTTP answer.');
  return { status: statusCode, headers: Object(headers), body: String(body ?? '') };
}

function send(response: ServerResponse, { status, headers, body = '' }: ApiResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no TCP port.');
  return address.port;
}
