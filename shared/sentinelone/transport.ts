import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from '../ports.ts';
import { connectionError } from './connection-error.ts';
import { guardedLookup, type Resolver } from './guarded-lookup.ts';
import { hostRefused } from './host-refused.ts';
import { type HostPolicy, isLoopback, parseHostUrl } from './host-url.ts';
import { readBody } from './read-body.ts';
import { bodyRefused, redirectRefused, timedOut } from './transport-errors.ts';

export interface TransportOptions {
  readonly policy: HostPolicy;
  readonly clock: Clock;
  /** The most that a body may have, received and decompressed. Default 32 MiB. */
  readonly maxBodyBytes?: number;
  /** Authorities to trust instead of the public ones, PEM. For consoles with a private authority, and tests. */
  readonly ca?: string;
  /** Where names are looked up; the system's resolver by default. Its answers are checked either way. */
  readonly resolve?: Resolver;
}

export interface TransportRequest {
  /** As `parseHostUrl` gives it. */
  readonly origin: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, already encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the request's start to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer with any status but 3xx. */
export interface TransportResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed. */
  readonly body: Buffer;
  /** False only on a failure (4xx, 5xx) whose body broke off or was too large; its status says enough. */
  readonly complete: boolean;
  readonly durationMs: number;
}

/** HTTPS to consoles and to nothing else. */
export interface Transport {
  /**
   * Sends one request. No redirect is followed; nothing is repeated, except where a kept connection turns out to
   * have been closed before the request reached the host.
   * @throws ConnectorError; or the reason of `signal`, when that was aborted
   */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** Closes all connections. */
  close(): void;
}

const defaultMaxBodyBytes = 32 * 1024 * 1024;
/** A failure's body only serves to find the vendor's code and words. */
const maxErrorBodyBytes = 64 * 1024;
const keptConnections = { keepAlive: true, maxSockets: 16, maxFreeSockets: 16 };

interface Route {
  readonly send: typeof httpsRequest | typeof httpRequest;
  readonly agent: HttpsAgent | HttpAgent;
}

export function createTransport(options: TransportOptions): Transport {
  const { policy, clock, maxBodyBytes = defaultMaxBodyBytes } = options;
  // Stated, because NODE_TLS_REJECT_UNAUTHORIZED could change the default.
  const tls = { rejectUnauthorized: true, ...(options.ca === undefined ? {} : { ca: options.ca }) };
  const guarded = new HttpsAgent({ ...keptConnections, ...tls, lookup: guardedLookup(options.resolve) });
  const loopbackTls = new HttpsAgent({ ...keptConnections, ...tls });
  const loopbackPlain = new HttpAgent(keptConnections);

  function routeTo(origin: string): Route {
    if (origin !== parseHostUrl(origin, policy)) throw hostRefused('The origin is not in its plain form.');
    if (origin.startsWith('http:')) return { send: httpRequest, agent: loopbackPlain };
    return { send: httpsRequest, agent: isLoopback(origin) ? loopbackTls : guarded };
  }

  return {
    async request(request) {
      const route = routeTo(request.origin);
      request.signal?.throwIfAborted();
      const startedAt = clock.now();
      const { signal, release } = deadline(request);
      try {
        const response = await send(route, request, signal);
        const { body, complete } = await take(response, request, maxBodyBytes);
        signal.throwIfAborted();
        const { statusCode: status = 0, headers } = response;
        return { status, headers, body, complete, durationMs: clock.now() - startedAt };
      } catch (error) {
        // Whatever broke after the abort broke because of it.
        throw signal.aborted ? signal.reason : error;
      } finally {
        release();
      }
    },
    close() {
      for (const agent of [guarded, loopbackTls, loopbackPlain]) agent.destroy();
    },
  };
}

/** Sends the request and waits for the head of the answer. */
async function send(route: Route, request: TransportRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { protocol, hostname, port } = new URL(request.origin);
  const { method, path, body, headers } = request;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = route.send({
    ...{ protocol, hostname, port, method, path, signal },
    agent: route.agent,
    headers: {
      ...headers,
      'accept-encoding': 'gzip',
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    },
  });
  outgoing.on('response', resolve);
  outgoing.on('error', reject);
  outgoing.end(body);
  try {
    return await promise;
  } catch (error) {
    // The host closed the kept connection while it was idle, as after a frozen Lambda wakes up. Each such try uses
    // up one of the kept connections, so this ends with a new one.
    if (method === 'GET' && outgoing.reusedSocket && isReset(error) && !signal.aborted) {
      return send(route, request, signal);
    }
    throw connectionError(error, describe(request)) ?? error;
  }
}

/** Reads the body and refuses the answers that nobody can use. */
async function take(
  response: IncomingMessage,
  request: TransportRequest,
  maxBodyBytes: number,
): Promise<Pick<TransportResponse, 'body' | 'complete'>> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    response.destroy();
    throw redirectRefused(describe(request), status, response.headers.location);
  }
  const isFailure = status >= 400;
  const { body, end } = await readBody(
    response,
    isFailure ? Math.min(maxErrorBodyBytes, maxBodyBytes) : maxBodyBytes,
  );
  if (end !== 'complete' && !isFailure) throw bodyRefused(describe(request), status, end);
  return { body, complete: end === 'complete' };
}

/** The caller's signal and the time limit in one; `release` lets go of both. */
function deadline(request: TransportRequest): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const stop = () => controller.abort(request.signal?.reason);
  const expire = () => controller.abort(timedOut(describe(request), request.timeoutMs));
  const timer = setTimeout(expire, request.timeoutMs);
  request.signal?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', stop);
    },
  };
}

/** Without the query: it may hold ids and names of people. */
function describe({ method, origin, path }: TransportRequest): string {
  return `${method} ${origin}${path.replace(/\?.*/s, '')}`;
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}
