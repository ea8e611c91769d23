import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { output } from 'zod/mini';
import packageJson from '../../package.json' with { type: 'json' };
import { principalFromIam } from '../../shared/access/iam.ts';
import type { JwtSettings, JwtVerifier } from '../../shared/access/jwt.ts';
import { actionTypes, findActionType } from '../../shared/actions/registry.ts';
import { advanceAction } from '../../shared/actions/run/advance.ts';
import type { DispatchDependencies } from '../../shared/api/dispatch.ts';
import { openApiDocument } from '../../shared/api/openapi.ts';
import { routes } from '../../shared/api/registry.ts';
import { createDynamoBackfillStore } from '../../shared/aws/dynamo-backfill-store.ts';
import { createDynamoConnectorRegistry } from '../../shared/aws/dynamo-connector-registry.ts';
import { createDynamoConnectorStore } from '../../shared/aws/dynamo-connector-store.ts';
import { createDynamoIsolationCounter } from '../../shared/aws/dynamo-isolation-counter.ts';
import { createDynamoKeyStore } from '../../shared/aws/dynamo-key-store.ts';
import { createDynamoPacingStore } from '../../shared/aws/dynamo-pacing-store.ts';
import { createDynamoPolicyStore } from '../../shared/aws/dynamo-policy-store.ts';
import { createDynamoStatusReader } from '../../shared/aws/dynamo-status-reader.ts';
import { createDynamoStreamControl } from '../../shared/aws/dynamo-stream-control.ts';
import { createDynamoTestStore } from '../../shared/aws/dynamo-test-store.ts';
import { createS3AuditLog } from '../../shared/aws/s3-audit-log.ts';
import { createS3RecentRecords } from '../../shared/aws/s3-recent-records.ts';
import { createSecretsManagerStore } from '../../shared/aws/secrets-manager-store.ts';
import { createSqsWorkQueue } from '../../shared/aws/sqs-work-queue.ts';
import { testConnectivity } from '../../shared/connectivity/test-connectivity.ts';
import { readCredentials } from '../../shared/connectors/credentials.ts';
import { contentType } from '../../shared/content-types/registry.ts';
import { createAdvanceDependencies } from '../../shared/lambda/advance-dependencies.ts';
import type { apiEnvironment } from '../../shared/lambda/environment.ts';
import { log, metrics } from '../../shared/lambda/observability.ts';
import { systemClock } from '../../shared/lambda/system.ts';
import { createConsoles } from '../../shared/sentinelone/connect.ts';

/** A call to AWS that hangs must fail while there is still time to answer. */
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000 };

/** Wires the control API to AWS and to the consoles; once per process. */
export function createApiDependencies(environment: output<typeof apiEnvironment>): DispatchDependencies {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler }));
  const table = environment.STATE_TABLE;
  const dueShards = environment.DUE_SHARDS;
  const hostPolicy = {
    suffixes: environment.CONSOLE_HOST_SUFFIXES,
    loopback: environment.CONSOLE_LOOPBACK === 'allowed',
  };
  const pacing = createDynamoPacingStore({ client, table });
  const consoles = createConsoles({ clock: systemClock, hostPolicy, pacing, log });
  const keys = createDynamoKeyStore({ client, table });
  const secrets = createSecretsManagerStore({
    client: new SecretsManagerClient({ requestHandler }),
    prefix: environment.SECRET_PREFIX,
  });
  const s3 = new S3Client({ requestHandler });
  const registry = createDynamoConnectorRegistry({ client, table });
  const audit = createS3AuditLog({ client: s3, bucket: environment.LAKE_BUCKET });
  const { connect } = consoles;
  const acting = createAdvanceDependencies(environment, {
    ...{ client, secrets, connect, requestHandler, registry, audit },
  });
  const { jwt, iam } = environment.ACCESS;
  return {
    routes,
    clock: systemClock,
    log,
    keys,
    requestsPerMinute: environment.REQUESTS_PER_MINUTE,
    ...(jwt === undefined ? {} : { jwt: lazyJwtVerifier(jwt) }),
    principalOfArn: (userArn) => principalFromIam({ userArn }, iam),
    services: {
      clock: systemClock,
      log,
      keys,
      randomBytes,
      registry,
      connectors: createDynamoConnectorStore({ client, table, dueShards }),
      control: createDynamoStreamControl({ client, table, dueShards }),
      secrets,
      queue: createSqsWorkQueue({
        client: new SQSClient({ requestHandler }),
        queueUrl: environment.QUEUE_URL,
      }),
      hostPolicy,
      findContentType: contentType,
      claimMs: environment.CLAIM_SECONDS * 1000,
      audit,
      recentRecords: createS3RecentRecords({ client: s3, bucket: environment.LAKE_BUCKET }),
      openApi: () => openApiDocument(routes, packageJson.version),
      tests: createDynamoTestStore({ client, table }),
      backfills: createDynamoBackfillStore({ client, table }),
      actions: acting.actions,
      policies: createDynamoPolicyStore({ client, table }),
      isolations: createDynamoIsolationCounter({ client, table }),
      callbackHosts: {
        suffixes: environment.CALLBACK_HOST_SUFFIXES,
        loopback: environment.CONSOLE_LOOPBACK === 'allowed',
      },
      openConsole: acting.openConsole,
      findActionType,
      actionTypes,
      advanceAction: (request) => advanceAction(request, acting),
      sleep: (ms, signal) => delay(ms, undefined, { signal }),
      count: (metric) => metrics.addMetric(metric, MetricUnit.Count, 1),
      status: createDynamoStatusReader({ client, table }),
      credentialsOf: (key) => readCredentials(secrets, key),
      testConnectivity: (input) =>
        testConnectivity(input, {
          clock: systemClock,
          sleep: (ms, signal) => delay(ms, undefined, { signal }),
          consoles,
          pauses: pacing,
          findContentType: contentType,
        }),
    },
  };
}

/** Loaded with the first token: most installations have none, and a cold start need not wait for it. */
function lazyJwtVerifier(settings: JwtSettings): JwtVerifier {
  let verifier: Promise<JwtVerifier> | undefined;
  const load = async () => {
    const { createJwtVerifier } = await import('../../shared/access/jwt.ts');
    return createJwtVerifier({ settings, log });
  };
  return {
    async verify(token, now) {
      verifier ??= load();
      return await (await verifier).verify(token, now);
    },
  };
}
