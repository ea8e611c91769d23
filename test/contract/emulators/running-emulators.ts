import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { vi } from 'vitest';
import type { Emulators } from '../../../local/emulators/start-emulators.ts';
import { removeDirectory, startOver, temporaryDirectory } from './emulators-setup.ts';

/** SDK clients that know nothing but the environment, as product code does. */
export interface Clients {
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly secrets: SecretsManagerClient;
  destroy(): void;
}

/** Sets the environment for the rest of the test file and makes the clients. */
export function clientsFor(environment: Readonly<Record<string, string>>): Clients {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const sqs = new SQSClient({});
  const s3 = new S3Client({});
  const dynamodb = new DynamoDBClient({});
  const secrets = new SecretsManagerClient({});
  return {
    sqs,
    s3,
    dynamodb,
    secrets,
    destroy() {
      for (const client of [sqs, s3, dynamodb, secrets]) client.destroy();
      vi.unstubAllEnvs();
    },
  };
}

/** Running emulators with their clients and their state. */
export interface Stack extends Clients {
  readonly stateDir: string;
  readonly emulators: Emulators;
  /** Stops everything and deletes the state. */
  stop(): Promise<void>;
  /** Stops everything and keeps the state. */
  pause(): Promise<void>;
}

export async function startStack(stateDir: string = temporaryDirectory()): Promise<Stack> {
  const emulators = await startOver(stateDir);
  const clients = clientsFor(emulators.environment);
  const pause = async () => {
    clients.destroy();
    await emulators.close();
  };
  return {
    ...clients,
    stateDir,
    emulators,
    pause,
    async stop() {
      await pause();
      removeDirectory(stateDir);
    },
  };
}

/** What `promise` failed with, as `name` and HTTP status. Fails when it did not. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<{ name: string; status: number | undefined; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata = '$metadata' in error ? error.$metadata : undefined;
    const status =
      typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
        ? Number(metadata.httpStatusCode)
        : undefined;
    return { name: error.name, status, message: error.message };
  }
  throw new Error('The call succeeded where a refusal was expected.');
}
