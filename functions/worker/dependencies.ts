import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { output } from 'zod/mini';
import { createDynamoMemoryStore } from '../../shared/aws/dynamo-memory-store.ts';
import { createDynamoPacingStore } from '../../shared/aws/dynamo-pacing-store.ts';
import { createDynamoStreamStore } from '../../shared/aws/dynamo-stream-store.ts';
import { createS3LakeLog } from '../../shared/aws/s3-lake-log.ts';
import { createSecretsManagerStore } from '../../shared/aws/secrets-manager-store.ts';
import { createSqsWorkQueue } from '../../shared/aws/sqs-work-queue.ts';
import { createCredentialsCache } from '../../shared/connectors/credentials.ts';
import { openConsole } from '../../shared/connectors/open-console.ts';
import { contentType } from '../../shared/content-types/registry.ts';
import type { SliceDependencies } from '../../shared/engine/slice.ts';
import type { workerEnvironment } from '../../shared/lambda/environment.ts';
import { log } from '../../shared/lambda/observability.ts';
import { systemClock } from '../../shared/lambda/system.ts';
import { createConsoles } from '../../shared/sentinelone/connect.ts';

/** A call to AWS that hangs must fail while there is still time to note it, not take the whole slice with it. */
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000 };

/** Wires the engine to AWS and to the consoles; once per process. */
export function createWorkerDependencies(environment: output<typeof workerEnvironment>): SliceDependencies {
  const credentials = createCredentialsCache({
    secrets: createSecretsManagerStore({
      client: new SecretsManagerClient({ requestHandler }),
      prefix: environment.SECRET_PREFIX,
    }),
    clock: systemClock,
    ttlMs: 300_000,
    capacity: 500,
  });
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler }));
  const table = environment.STATE_TABLE;
  const { connect } = createConsoles({
    clock: systemClock,
    pacing: createDynamoPacingStore({ client, table }),
    log,
    hostPolicy: {
      suffixes: environment.CONSOLE_HOST_SUFFIXES,
      loopback: environment.CONSOLE_LOOPBACK === 'allowed',
    },
  });
  return {
    clock: systemClock,
    random: Math.random,
    letIoProceed: setImmediate,
    sleep: (ms, signal) => delay(ms, undefined, { signal }),
    log,
    streams: createDynamoStreamStore({ client, table, ledgerDays: environment.LEDGER_DAYS }),
    memory: createDynamoMemoryStore({ client, table }),
    lake: createS3LakeLog({ client: new S3Client({ requestHandler }), bucket: environment.LAKE_BUCKET }),
    queue: createSqsWorkQueue({ client: new SQSClient({ requestHandler }), queueUrl: environment.QUEUE_URL }),
    findContentType: contentType,
    openConsole: (stream) => openConsole(stream.id, { credentials, connect }),
    batchLimits: { bytes: 8_000_000, pages: 10 },
    leaseMs: environment.LEASE_SECONDS * 1000,
    claimMs: environment.CLAIM_SECONDS * 1000,
  };
}
