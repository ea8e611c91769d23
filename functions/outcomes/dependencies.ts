import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { output } from 'zod/mini';
import type { AdvanceDependencies } from '../../shared/actions/run/advance.ts';
import { createDynamoConnectorRegistry } from '../../shared/aws/dynamo-connector-registry.ts';
import { createDynamoPacingStore } from '../../shared/aws/dynamo-pacing-store.ts';
import { createS3AuditLog } from '../../shared/aws/s3-audit-log.ts';
import { createSecretsManagerStore } from '../../shared/aws/secrets-manager-store.ts';
import { createAdvanceDependencies } from '../../shared/lambda/advance-dependencies.ts';
import type { outcomesEnvironment } from '../../shared/lambda/environment.ts';
import { log } from '../../shared/lambda/observability.ts';
import { createOutcomeTelling } from '../../shared/lambda/outcome-telling.ts';
import { systemClock } from '../../shared/lambda/system.ts';
import { createConsoles } from '../../shared/sentinelone/connect.ts';

/** A call to AWS that hangs must fail while there is still time to note what the console has answered. */
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000 };

/** Wires the engine of response actions; once per process. */
export function createOutcomesDependencies(
  environment: output<typeof outcomesEnvironment>,
): AdvanceDependencies {
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
  const secrets = createSecretsManagerStore({
    client: new SecretsManagerClient({ requestHandler }),
    prefix: environment.SECRET_PREFIX,
  });
  const registry = createDynamoConnectorRegistry({ client, table });
  const audit = createS3AuditLog({
    client: new S3Client({ requestHandler }),
    bucket: environment.LAKE_BUCKET,
  });
  return {
    ...createAdvanceDependencies(environment, {
      ...{ client, connect, requestHandler, secrets, registry, audit },
    }),
    tellOutcomes: createOutcomeTelling(environment, { secrets, requestHandler }),
  };
}
