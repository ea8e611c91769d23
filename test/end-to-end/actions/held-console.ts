import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** An answer that is kept back. */
export interface Held {
  /** Resolves when the console has answered: what was asked for is done by then. */
  readonly answered: Promise<void>;
  /** Lets the answer go. */
  release(): void;
}

/** A way to a console on which answers can be kept back, so that something can happen between a deed and its answer. */
export interface HeldConsole {
  readonly url: string;
  /** The next answer to this method and path below the API's root is kept back. */
  hold(method: string, path: string): Held;
  close(): Promise<void>;
}

const root = '/web/api/v2.1';
/** What a client and a server tell of one connection alone. */
const ofConnection = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'];

export async function heldConsole(consoleUrl: string): Promise<HeldConsole> {
  const waiting: {
    readonly wanted: string;
    readonly answered: () => void;
    readonly released: Promise<void>;
  }[] = [];

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const answer = await fetch(`${consoleUrl}${url}`, {
      method,
      headers: headersOf(Object.entries(request.headers)),
      ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const index = waiting.findIndex(({ wanted }) => wanted === `${method} ${url.split('?')[0]}`);
    const [held] = index < 0 ? [] : waiting.splice(index, 1);
    held?.answered();
    await held?.released;
    response.writeHead(answer.status, headersOf([...answer.headers]));
    response.end(body);
  }

  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    hold(method, path) {
      const answered = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      waiting.push({
        wanted: `${method} ${root}${path}`,
        answered: answered.resolve,
        released: released.promise,
      });
      return { answered: answered.promise, release: released.resolve };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function headersOf(headers: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(
    headers
      .filter(([name]) => !ofConnection.includes(name))
      .map(([name, value]) => [name, String(value)] as const),
  );
}
