import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Emulators } from '../emulators/start-emulators.ts';

/** Clients of the command itself; the functions get theirs from their environment. */
export interface AwsClients {
  readonly dynamodb: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly sqs: SQSClient;
  destroy(): void;
}

export function createAwsClients({ endpoints }: Emulators, region: string): AwsClients {
  const common = { region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const dynamodb = new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb });
  const s3 = new S3Client({ ...common, endpoint: endpoints.s3, forcePathStyle: true });
  const secrets = new SecretsManagerClient({ ...common, endpoint: endpoints.secretsManager });
  const sqs = new SQSClient({ ...common, endpoint: endpoints.sqs });
  return {
    dynamodb,
    documents: DynamoDBDocumentClient.from(dynamodb),
    s3,
    secrets,
    sqs,
    destroy() {
      for (const client of [dynamodb, s3, secrets, sqs]) client.destroy();
    },
  };
}
