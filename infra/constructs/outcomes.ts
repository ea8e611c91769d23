import { Stack, Validations } from 'aws-cdk-lib';
import { EventSourceMapping, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type StageConfig, secretPrefix } from '../config.ts';
import type { ActionQueue } from './action-queue.ts';
import { ConnectorFunction } from './connector-function.ts';
import { anyConnectorSecret, connectorSecretsArn } from './connector-secrets.ts';
import type { DataLake } from './data-lake.ts';
import { bindResponseActions } from './response-actions.ts';
import type { StateTable } from './state-table.ts';

export interface OutcomesProps {
  readonly config: StageConfig;
  readonly lake: DataLake;
  readonly state: StateTable;
  readonly actions: ActionQueue;
}

/** Takes response actions further: sends them to their console, and looks what has become of them. */
export class Outcomes extends Construct {
  readonly function: ConnectorFunction;

  constructor(scope: Construct, id: string, { config, lake, state, actions }: OutcomesProps) {
    super(scope, id);
    this.function = new ConnectorFunction(this, 'Handler', {
      config,
      service: 'outcomes',
      description: 'Sends response actions and finds out what has become of them',
      memoryMb: config.outcomes.memoryMb,
      timeoutSeconds: config.outcomes.timeoutSeconds,
      // An action is looked at until it is over, by a chain of messages that the function sends to itself with a delay. Lambda
      // takes that for a runaway loop and cuts it after about 16 links; ours ends with the action.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    this.function
      .addEnvironment({ CONSOLE_HOST_SUFFIXES: config.consoleHostSuffixes.join(',') })
      .bind({
        environment: { STATE_TABLE: state.table.tableName },
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        resourceArn: state.table.tableArn,
      })
      .bind({
        environment: {},
        actions: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:ChangeMessageVisibility',
          'sqs:GetQueueAttributes',
        ],
        resourceArn: actions.queue.queueArn,
      })
      .bind({
        environment: { LAKE_BUCKET: lake.bucket.bucketName },
        actions: ['s3:PutObject'],
        resourceArn: lake.auditObjectsArn,
      })
      .bind({
        environment: { SECRET_PREFIX: secretPrefix(config) },
        actions: ['secretsmanager:GetSecretValue'],
        resourceArn: connectorSecretsArn(this, config),
      })
      .bind({
        environment: { EVENT_BUS: config.eventBusName },
        actions: ['events:PutEvents'],
        resourceArn: Stack.of(this).formatArn({
          service: 'events',
          resource: 'event-bus',
          resourceName: config.eventBusName,
        }),
      });
    bindResponseActions(this.function, { config, actions });

    // Not SqsEventSource: it grants the CDK's idea of "consume", which is more than Lambda needs.
    new EventSourceMapping(this, 'Messages', {
      target: this.function.lambda,
      eventSourceArn: actions.queue.queueArn,
      // An action must not wait for another one's console.
      batchSize: 1,
      // A limit on the mapping leaves messages in the queue; one on the function would throttle them into the DLQ.
      maxConcurrency: config.outcomes.maxConcurrency,
      reportBatchItemFailures: true,
    });

    Validations.of(this).acknowledge(
      {
        id: 'Serverless-LambdaDLQ',
        reason: 'Only the queue invokes it, and what fails there goes to the dead-letter queue of the queue.',
      },
      {
        id: 'Serverless-LambdaEventSourceMappingDestination',
        reason:
          'A failure destination is for streams; a message that fails goes to the dead-letter queue of its queue.',
      },
    );
    Validations.of(this.function.role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::<DataLakeBucketEF1CCA5A.Arn>/landing/*/index=audit/*]',
        reason:
          'Each step of an action is an object of its own in the audit trail, in the part of its tenant.',
      },
      anyConnectorSecret(config),
    );
  }
}
