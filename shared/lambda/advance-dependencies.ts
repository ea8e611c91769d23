import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { output } from 'zod/mini';
import { createWebhookSender } from '../actions/callbacks/send-webhook.ts';
import { tellOutcomes } from '../actions/callbacks/tell.ts';
import { findActionType } from '../actions/registry.ts';
import type { AdvanceDependencies } from '../actions/run/advance.ts';
import { createDynamoActionStore } from '../aws/dynamo-action-store.ts';
import { createDynamoPolicyStore } from '../aws/dynamo-policy-store.ts';
import { createEventBridgeEvents } from '../aws/event-bridge-events.ts';
import { createSqsActionQueue } from '../aws/sqs-action-queue.ts';
import { createCredentialsCache } from '../connectors/credentials.ts';
import { openConsole } from '../connectors/open-console.ts';
import type { SecretStore } from '../ports.ts';
import type { Consoles } from '../sentinelone/connect.ts';
import type { outcomesEnvironment } from './environment.ts';
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

/** Wires what goes on with response actions to AWS, to the consoles and to the tenants' webhooks; once per process. */
export function createAdvanceDependencies(
  environment: output<typeof outcomesEnvironment>,
  { client, secrets, connect, requestHandler, registry, audit }: AdvanceParts,
): AdvanceDependencies {
  const table = environment.STATE_TABLE;
  const credentials = createCredentialsCache({
    secrets,
    clock: systemClock,
    ttlMs: 300_000,
    capacity: 500,
  });
  const telling = {
    clock: systemClock,
    random: Math.random,
    log,
    events: createEventBridgeEvents({
      client: new EventBridgeClient({ requestHandler }),
      bus: environment.EVENT_BUS,
    }),
    webhooks: createWebhookSender({
      secrets,
      clock: systemClock,
      policy: {
        suffixes: environment.CALLBACK_HOST_SUFFIXES,
        loopback: environment.CONSOLE_LOOPBACK === 'allowed',
      },
    }),
  };
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
    tellOutcomes: (action, policy, until) => tellOutcomes(action, policy, telling, until),
    leaseMs: environment.ACTION_LEASE_SECONDS * 1000,
  };
}
