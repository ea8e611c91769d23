import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { crc32 } from 'node:zlib';
import { AwsError } from './aws-error.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';

/** The members of a request or an answer of an AWS JSON protocol. */
export type Fields = Readonly<Record<string, unknown>>;

/** A running HTTP server. */
export interface RunningServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Answers what was asked already, then frees port and sockets. */
  close(): Promise<void>;
}

/** What a service is to the server: one function from operation and input to output. Refusals are `AwsError`s. */
export interface AwsJsonService {
  /** `application/x-amz-json-1.0` or `-1.1`. */
  readonly contentType: string;
  /** Put before error codes in `__type`, with the hash sign; may be empty. */
  readonly errorNamespace: string;
  call(operation: string, input: Fields): Promise<Fields>;
}

/** The largest request that any of these services takes, with room for the protocol around it. */
const maxRequestBytes = 16 * 1024 * 1024;

/** Serves one AWS JSON service on a free port of the loopback interface. */
export async function startAwsJsonServer(service: AwsJsonService): Promise<RunningServer> {
  const pending = new Map<http.IncomingMessage, Promise<void>>();
  const server = http.createServer((request, response) => {
    pending.set(
      request,
      answer(service, request, response).finally(() => pending.delete(request)),
    );
  });
  const url = await listenOnLoopback(server);
  return {
    url,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A request that is not here whole was not asked yet, and its client may never end it.
      for (const request of pending.keys()) if (!request.complete) request.destroy();
      while (pending.size > 0) await Promise.allSettled(pending.values());
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  service: AwsJsonService,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  try {
    const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    if (operation === '') {
      throw new AwsError('UnknownOperationException', 'The request has no X-Amz-Target header.');
    }
    send(service, response, 200, await service.call(operation, parseFields(await readBody(request))));
  } catch (error) {
    if (error instanceof AwsError) {
      const body = {
        __type: service.errorNamespace + error.code,
        message: error.message,
        Message: error.message,
      };
      send(service, response, error.status, { ...body, ...error.details });
    } else if (request.complete) {
      // Otherwise the request broke off before its end, and there is nobody to answer.
      console.error(error);
      send(service, response, 500, { __type: 'InternalServerError', message: String(error) });
    }
  }
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxRequestBytes) {
      throw new AwsError(
        'RequestTooLargeException',
        `The request has more than ${maxRequestBytes} bytes.`,
        413,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseFields(body: string): Fields {
  let value: unknown;
  try {
    value = body === '' ? {} : JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
  if (!isFields(value))
    throw new AwsError('SerializationException', 'The request body is not a JSON object.');
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function send(service: AwsJsonService, response: http.ServerResponse, status: number, fields: Fields): void {
  const body = JSON.stringify(fields);
  response.writeHead(status, {
    'content-type': service.contentType,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
    'x-amz-crc32': String(crc32(body)),
  });
  response.end(body);
}
