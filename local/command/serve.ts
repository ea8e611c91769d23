import { randomBytes } from 'node:crypto';
import { createKey } from '../../shared/access/create-key.ts';
import { createDynamoKeyStore } from '../../shared/aws/dynamo-key-store.ts';
import type { AwsClients } from '../stack/aws-clients.ts';
import type { EmbeddedStack } from '../stack/start-stack.ts';
import { UsageError } from './usage-error.ts';

/** The control API of a stack on this machine. */
export interface Served {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /** An admin key of all tenants. */
  readonly key: string;
}

/** Keys of a machine for trying things out need not last. */
const keyLifeMs = 30 * 86_400_000;

/** Serves the control API, with a key of its own for every start. Throws `UsageError` for a port that cannot be had. */
export async function serveApi(
  stack: Pick<EmbeddedStack, 'table' | 'serve'> & { readonly clients: Pick<AwsClients, 'documents'> },
  port: number,
): Promise<Served> {
  const url = await stack.serve(port).catch((error: unknown) => {
    throw isPortRefusal(error)
      ? new UsageError(`--port: ${port} cannot be had on this machine; name another, or 0 for any free one.`)
      : error;
  });
  const clock = { now: Date.now };
  const outcome = await createKey(
    {
      keys: createDynamoKeyStore({ client: stack.clients.documents, table: stack.table }),
      clock,
      randomBytes,
    },
    {
      name: 'npm start',
      tenants: 'all',
      rights: ['admin'],
      expiresAt: clock.now() + keyLifeMs,
      createdBy: { kind: 'operator', id: 'npm start' },
    },
  );
  if (outcome.kind !== 'created') throw new Error('The key for this machine was refused.');
  return { url, key: outcome.key };
}

/** Somebody else has the port, or the system keeps it for itself. */
function isPortRefusal(error: unknown): boolean {
  return ['EADDRINUSE', 'EACCES'].includes(Object(error).code);
}

/** What to do with it, for people. */
export function servedText({ url, key }: Served): string {
  return [
    `Control API on ${url}`,
    `  curl -H 'x-api-key: ${key}' ${url}/v1/whoami`,
    `  curl -H 'x-api-key: ${key}' ${url}/v1/status`,
    `  curl -H 'x-api-key: ${key}' ${url}/v1/openapi.json`,
  ].join('\n');
}
