import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { output } from 'zod/mini';
import { findActionType } from '../actions/registry.ts';
import type { AdvanceDependencies } from '../actions/run/advance.ts';
import { createDynamoActionStore } from '../aws/dynamo-action-store.ts';
import { createDynamoPolicyStore } from '../aws/dynamo-policy-store.ts';
import { createSqsActionQueue } from '../aws/sqs-action-queue.ts';
import { createCredentialsCache } from '../connectors/credentials.ts';
import { openConsole } from '../connectors/open-console.ts';
import type { SecretStore } from '../ports.ts';
import type { Consoles } from '../sentinelone/connect.ts';
import type { apiEnvironment, outcomesEnvironment } from './environment.ts';
import { log } from './observability.ts';
import { systemClock } from './system.ts';

/** What a function that goes on with response actions has of its own. */
export interface AdvanceParts extends Pick<AdvanceDependencies, 'registry' | 'audit'> {
  readonly client: DynamoDBDocumentClient;
  readonly secrets: SecretStore;
  readonly connect: Consoles['connect'];
  /** Time limits of calls to AWS. */
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

const dayMs = 86_400_000;

/** Wires what goes on with response actions to AWS and to the consoles; once per process. Whoever tells of outcomes adds how. */
export function createAdvanceDependencies(
  environment: output<typeof apiEnvironment> | output<typeof outcomesEnvironment>,
  { client, secrets, connect, requestHandler, registry, audit }: AdvanceParts,
): AdvanceDependencies {
  const table = environment.STATE_TABLE;
  const credentials = createCredentialsCache({
    secrets,
    clock: systemClock,
    ttlMs: 300_000,
    capacity: 500,
  });
  return {
    clock: systemClock,
    random: Math.random,
    log,
    registry,
    audit,
    actions: createDynamoActionStore({ client, table, retentionMs: environment.ACTION_DAYS * dayMs }),
    policies: createDynamoPolicyStore({ client, table }),
    queue: createSqsActionQueue({
      client: new SQSClient({ requestHandler }),
      queueUrl: environment.ACTION_QUEUE_URL,
    }),
    findActionType,
    openConsole: (connector) => openConsole(connector, { credentials, connect }),
    leaseMs: environment.ACTION_LEASE_SECONDS * 1000,
  };
}
