import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SecretStore } from '../ports.ts';

export interface SecretsManagerStoreOptions {
  readonly client: SecretsManagerClient;
  /** `sentinel-lake/<stage>`; the functions' permissions end at it. */
  readonly prefix: string;
}

/** There is none, or it waits for its deletion. Secrets Manager has no code of its own for the second. */
function isGone(error: unknown): boolean {
  if (error instanceof ResourceNotFoundException) return true;
  return error instanceof InvalidRequestException && /deletion|deleted/i.test(error.message);
}

/** What people read who look at the secrets of an account. No connector's id begins with an underscore. */
function descriptionOf({ connector }: { readonly connector: string }): string {
  return connector.startsWith('_')
    ? "The secret that Sentinel Lake signs a tenant's webhook with"
    : 'SentinelOne console host and API token of a Sentinel Lake connector';
}

/** The shortest time that Secrets Manager lets a deleted secret be brought back. */
const recoveryDays = 7;

/** One secret per connector, `<prefix>/<tenant>/<connector>`, and one per webhook, `<prefix>/<tenant>/_webhook`. */
export function createSecretsManagerStore({ client, prefix }: SecretsManagerStoreOptions): SecretStore {
  const nameOf = ({ tenant, connector }: { tenant: string; connector: string }) =>
    `${prefix}/${tenant}/${connector}`;
  return {
    async get(connector) {
      try {
        const { SecretString } = await client.send(
          new GetSecretValueCommand({ SecretId: nameOf(connector) }),
        );
        return SecretString;
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    },

    async put(connector, value) {
      const name = nameOf(connector);
      try {
        await client.send(
          new CreateSecretCommand({
            Name: name,
            SecretString: value,
            Description: descriptionOf(connector),
          }),
        );
      } catch (error) {
        if (!(error instanceof ResourceExistsException)) throw error;
        await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
      }
    },

    async remove(connector) {
      try {
        await client.send(
          new DeleteSecretCommand({ SecretId: nameOf(connector), RecoveryWindowInDays: recoveryDays }),
        );
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}
