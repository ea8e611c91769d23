import type { ConsoleSession } from '../engine/slice.ts';
import { ConnectorError } from '../errors.ts';
import type { ConsoleCredentials, SentinelOneApi } from '../ports.ts';
import type { ConnectorKey, CredentialsCache } from './credentials.ts';

export interface OpenConsoleDependencies {
  readonly credentials: CredentialsCache;
  /** Makes a client for a host and a token. Throws `ConnectorError` for a host that we do not talk to. */
  readonly connect: (credentials: ConsoleCredentials) => ConsoleSession;
}

/**
 * Opens a connector's console. A 401 makes it read the secret once more: when the token was replaced meanwhile, the
 * request is repeated with the new one; when it is the same token, the 401 stands.
 */
export async function openConsole(
  key: ConnectorKey,
  dependencies: OpenConsoleDependencies,
): Promise<ConsoleSession> {
  const { credentials, connect } = dependencies;
  let current = await credentials.get(key);
  let session = connect(current);

  async function withFreshToken<T>(ask: (api: SentinelOneApi) => Promise<T>): Promise<T> {
    try {
      return await ask(session.api);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.httpStatus !== 401) throw error;
      credentials.drop(key);
      const fresh = await credentials.get(key);
      if (fresh.apiToken === current.apiToken && fresh.hostUrl === current.hostUrl) throw error;
      current = fresh;
      session = connect(fresh);
      return await ask(session.api);
    }
  }
  const api: SentinelOneApi = {
    list: (path, params, signal) => withFreshToken((console) => console.list(path, params, signal)),
    request: (request, signal) => withFreshToken((console) => console.request(request, signal)),
  };
  return {
    // Not a copy: a secret that is read again may name another host.
    get hostUrl() {
      return session.hostUrl;
    },
    now: () => session.now(),
    answeredAt: () => session.answeredAt?.(),
    api,
  };
}
