import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Trusted nowhere; made for these tests. */
export const testCertificate = await readFile(
  new URL('../../support/tls/test-only-certificate.pem', import.meta.url),
  'utf8',
);
const testKey = await readFile(new URL('../../support/tls/test-only-key.pem', import.meta.url), 'utf8');

export interface ScriptedServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, or `https://localhost:<port>`, for which the certificate is. */
  readonly origin: string;
  readonly requests: readonly IncomingMessage[];
  /** Every connection that was ever opened. */
  readonly connections: readonly Socket[];
}

/** A server on a free port that answers as the test says, and is stopped when the test ends. */
export async function scriptedServer(answer: RequestListener, scheme: 'http' | 'https' = 'http') {
  const requests: IncomingMessage[] = [];
  const connections: Socket[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    answer(request, response);
  };
  const server: Server =
    scheme === 'http'
      ? createServer(listener)
      : createTlsServer({ key: testKey, cert: testCertificate }, listener);
  server.on('connection', (socket) => connections.push(socket));
  // The client hangs up on certificates it does not trust.
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  const { port } = addressOf(server);
  const origin = scheme === 'http' ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  return { port, origin, requests, connections } satisfies ScriptedServer;
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = addressOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return address;
}
