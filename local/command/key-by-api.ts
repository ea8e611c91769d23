import type { KeyRequest } from './key-request.ts';
import { UsageError } from './usage-error.ts';

const patienceMs = 30_000;

/** Has a running control API make a key, and returns the key. Throws `UsageError`, also for what the API refuses. */
export async function createKeyByApi(request: KeyRequest, url: string, adminKey: string): Promise<string> {
  const { expiresAt, ...rest } = request;
  const expires = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() };
  const response = await fetch(keysUrl(url), {
    method: 'POST',
    headers: { 'x-api-key': adminKey, 'content-type': 'application/json' },
    body: JSON.stringify({ ...rest, ...expires }),
    // The header would go along to wherever a redirection points.
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  }).catch((error: unknown) => {
    throw new UsageError(
      `--url: ${url} does not answer (${reasonOf(error)}); check the URL, and that the API runs.`,
    );
  });
  const { key, detail, recommendation } = Object(await response.json().catch(() => undefined));
  if (response.ok && typeof key === 'string') return key;
  if (!response.ok && typeof detail === 'string' && typeof recommendation === 'string')
    throw new UsageError(`--url: the API answered ${response.status}: ${detail} ${recommendation}`);
  throw new UsageError(
    `--url: what answers there (${response.status}) is not the control API; check the URL.`,
  );
}

/** The URL of a deployed API has its stage as a path, with or without a slash behind. Throws `UsageError`. */
function keysUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`--url: "${text}" is no URL; write https://, the host and the API's stage.`);
  if (url.protocol === 'http:' && !['127.0.0.1', 'localhost'].includes(url.hostname))
    throw new UsageError('--url: the key would cross the network unencrypted; write https://.');
  return new URL(`${url.origin}${url.pathname.replace(/\/$/, '')}/v1/keys`);
}

/** `ECONNREFUSED`, `TimeoutError` or whatever else `fetch` gives as its cause. */
function reasonOf(error: unknown): string {
  const { name, cause } = Object(error);
  const { code, message } = Object(cause);
  return String(code ?? message ?? name);
}
