import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

/** One delivery as it came. */
export interface Delivered {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Somebody's webhook on this machine, which takes everything. */
export interface WebhookReceiver {
  /** With a path that is like a secret. */
  readonly url: string;
  readonly deliveries: readonly Delivered[];
  close(): Promise<void>;
}

export async function webhookReceiver(): Promise<WebhookReceiver> {
  const deliveries: Delivered[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { url: path = '', headers } = request;
    deliveries.push({ path, headers, body: Buffer.concat(parts).toString('utf8') });
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hooks/7`,
    deliveries,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The function that docs/callbacks.md gives to receivers in JavaScript. */
export async function documentedVerification(): Promise<
  (secret: string, header: string, body: string) => boolean
> {
  const page = await readFile(new URL('../../../docs/callbacks.md', import.meta.url), 'utf8');
  const code = /^```js\n(.*?)^```/ms.exec(page)?.[1] ?? '';
  const { isFromSentinelLake } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
  );
  return isFromSentinelLake;
}
