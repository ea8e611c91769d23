import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SaveConnectorDependencies } from '../connectors/save-connector.ts';
import { contentType } from '../content-types/registry.ts';
import { createDynamoBackfillStore } from './dynamo-backfill-store.ts';
import { createDynamoConnectorRegistry } from './dynamo-connector-registry.ts';
import { createDynamoConnectorStore } from './dynamo-connector-store.ts';
import { createDynamoStreamControl } from './dynamo-stream-control.ts';
import { createSecretsManagerStore } from './secrets-manager-store.ts';

export interface SaveDependenciesOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly secrets: SecretsManagerClient;
  readonly table: string;
  readonly dueShards: number;
  readonly secretPrefix: string;
}

/** What saving a connector needs, over the AWS services of a stack. */
export function createSaveDependencies(options: SaveDependenciesOptions): SaveConnectorDependencies {
  const { documents: client, table, dueShards } = options;
  return {
    clock: { now: Date.now },
    registry: createDynamoConnectorRegistry({ client, table }),
    connectors: createDynamoConnectorStore({ client, table, dueShards }),
    control: createDynamoStreamControl({ client, table, dueShards }),
    backfills: createDynamoBackfillStore({ client, table }),
    secrets: createSecretsManagerStore({ client: options.secrets, prefix: options.secretPrefix }),
    findContentType: contentType,
  };
}
