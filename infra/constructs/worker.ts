import { Validations } from 'aws-cdk-lib';
import { EventSourceMapping, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type StageConfig, secretPrefix } from '../config.ts';
import { ConnectorFunction } from './connector-function.ts';
import { anyConnectorSecret, connectorSecretsArn } from './connector-secrets.ts';
import type { DataLake } from './data-lake.ts';
import type { StateTable } from './state-table.ts';
import type { WorkQueue } from './work-queue.ts';

export interface WorkerProps {
  readonly config: StageConfig;
  readonly lake: DataLake;
  readonly state: StateTable;
  readonly work: WorkQueue;
}

/** Reads one slice of one stream from its console and appends it to the lake. */
export class Worker extends Construct {
  readonly function: ConnectorFunction;

  constructor(scope: Construct, id: string, { config, lake, state, work }: WorkerProps) {
    super(scope, id);
    this.function = new ConnectorFunction(this, 'Handler', {
      config,
      service: 'worker',
      description: 'Reads a slice of a stream from its console into the lake',
      memoryMb: config.worker.memoryMb,
      timeoutSeconds: config.worker.timeoutSeconds,
      // A long window is a chain of messages that the worker sends to itself. Lambda takes that for a runaway loop and
      // cuts it after about 16 links; ours ends by itself, because every link moves a stored position.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    this.function
      .addEnvironment({
        LEASE_SECONDS: String(config.worker.leaseSeconds),
        CLAIM_SECONDS: String(config.claimSeconds),
        DEADLINE_MARGIN_SECONDS: String(config.worker.deadlineMarginSeconds),
        LEDGER_DAYS: String(config.ledgerDays),
        CONSOLE_HOST_SUFFIXES: config.consoleHostSuffixes.join(','),
      })
      .bind({
        environment: { STATE_TABLE: state.table.tableName },
        actions: [
          'dynamodb:BatchGetItem',
          'dynamodb:DeleteItem',
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:Query',
          'dynamodb:UpdateItem',
        ],
        resourceArn: state.table.tableArn,
      })
      .bind({
        environment: { QUEUE_URL: work.queue.queueUrl },
        actions: [
          'sqs:SendMessage',
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:ChangeMessageVisibility',
          'sqs:GetQueueAttributes',
        ],
        resourceArn: work.queue.queueArn,
      })
      // No s3:ListBucket: an object is read only after S3 said that it exists, so a 403 instead of a 404 cannot mislead.
      .bind({
        environment: { LAKE_BUCKET: lake.bucket.bucketName },
        actions: ['s3:GetObject', 's3:PutObject'],
        resourceArn: lake.landingObjectsArn,
      })
      .bind({
        environment: { SECRET_PREFIX: secretPrefix(config) },
        actions: ['secretsmanager:GetSecretValue'],
        resourceArn: connectorSecretsArn(this, config),
      });

    // Not SqsEventSource: it grants the CDK's idea of "consume", which is more than Lambda needs.
    new EventSourceMapping(this, 'Messages', {
      target: this.function.lambda,
      eventSourceArn: work.queue.queueArn,
      // A slice takes up to the whole timeout, so two in one batch would only wait for each other.
      batchSize: 1,
      // A limit on the mapping leaves messages in the queue; one on the function would throttle them into the DLQ.
      maxConcurrency: config.worker.maxConcurrency,
      reportBatchItemFailures: true,
    });

    Validations.of(this).acknowledge(
      {
        id: 'Serverless-LambdaDLQ',
        reason:
          'Only the queue invokes the worker, and what fails there goes to the dead-letter queue of the queue.',
      },
      {
        id: 'Serverless-LambdaEventSourceMappingDestination',
        reason:
          'A failure destination is for streams; a message that fails goes to the dead-letter queue of its queue.',
      },
    );
    Validations.of(this.function.role).acknowledge(
      {
        id: `AwsSolutions-IAM5[Resource::<DataLakeBucketEF1CCA5A.Arn>/landing/*]`,
        reason:
          'Object keys are made at run time, one for every batch; the grant covers the landing zone and no more.',
      },
      anyConnectorSecret(config),
    );
  }
}
