import { ConnectorError } from '../errors.ts';
import type { Clock, ConsoleCredentials, SecretStore } from '../ports.ts';

/** Which connector's secret. */
export interface ConnectorKey {
  readonly tenant: string;
  readonly connector: string;
}

/** Reads secrets through a small cache: a slice needs its token once, a warm worker serves many slices. */
export interface CredentialsCache {
  /** Throws `ConnectorError` when the secret is missing or is not what it should be. */
  get(key: ConnectorKey): Promise<ConsoleCredentials>;
  /** Forgets the secret, so that the next `get` sees a replaced token. */
  drop(key: ConnectorKey): void;
}

export interface CredentialsCacheOptions {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  /** A replaced token is used after this time at the latest, even while the old one still works. */
  readonly ttlMs: number;
  /** The least recently used secret makes room beyond this number. */
  readonly capacity: number;
}

export function createCredentialsCache({
  secrets,
  clock,
  ttlMs,
  capacity,
}: CredentialsCacheOptions): CredentialsCache {
  // A Map keeps insertion order: the first key is the least recently used one.
  const cached = new Map<string, { readonly credentials: ConsoleCredentials; readonly until: number }>();
  const nameOf = ({ tenant, connector }: ConnectorKey) => `${tenant}/${connector}`;
  return {
    async get(key) {
      const name = nameOf(key);
      const hit = cached.get(name);
      cached.delete(name);
      if (hit !== undefined && hit.until > clock.now()) {
        cached.set(name, hit);
        return hit.credentials;
      }
      const credentials = await readCredentials(secrets, key);
      cached.set(name, { credentials, until: clock.now() + ttlMs });
      for (const oldest of cached.keys()) {
        if (cached.size <= capacity) break;
        cached.delete(oldest);
      }
      return credentials;
    },
    drop(key) {
      cached.delete(nameOf(key));
    },
  };
}

/** What is stored now. Throws `ConnectorError` when the secret is missing or is not what it should be. */
export async function readCredentials(secrets: SecretStore, key: ConnectorKey): Promise<ConsoleCredentials> {
  return parseCredentials(await secrets.get(key), `${key.tenant}/${key.connector}`);
}

/** `{"hostUrl": "https://…", "apiToken": "…"}`. No part of the text may appear in the error. */
function parseCredentials(text: string | undefined, name: string): ConsoleCredentials {
  if (text === undefined) {
    throw secretError('secret_missing', `There is no secret for the connector ${name}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw secretError('secret_malformed', `The secret of the connector ${name} is not JSON.`);
  }
  const field = (field: 'hostUrl' | 'apiToken'): string => {
    const text =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
    if (typeof text === 'string' && text !== '') return text;
    throw secretError(
      'secret_malformed',
      `The secret of the connector ${name} has no text in the field ${field}.`,
    );
  };
  return { hostUrl: field('hostUrl'), apiToken: field('apiToken') };
}

function secretError(code: string, message: string): ConnectorError {
  return new ConnectorError({
    code,
    message,
    health: 'credentials',
    retryable: false,
    recommendation: 'Save the connector again with its host URL and API token; the secret is written anew.',
  });
}
