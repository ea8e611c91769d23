import type { Server } from 'node:http';

/** Listens on a free port of 127.0.0.1, never on an address that other machines reach. Returns `http://127.0.0.1:PORT`. */
export async function listenOnLoopback(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The server has no TCP port after listening.');
  return `http://127.0.0.1:${address.port}`;
}
