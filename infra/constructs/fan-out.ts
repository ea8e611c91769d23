import { Duration, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import type { ActionQueue } from './action-queue.ts';
import { ConnectorFunction } from './connector-function.ts';
import type { StateTable } from './state-table.ts';
import type { WorkQueue } from './work-queue.ts';

export interface FanOutProps {
  readonly config: StageConfig;
  readonly state: StateTable;
  readonly work: WorkQueue;
  readonly actions: ActionQueue;
}

/** Finds the streams and response actions that are due, claims each and sends a message for it. Runs once a minute. */
export class FanOut extends Construct {
  readonly function: ConnectorFunction;

  constructor(scope: Construct, id: string, { config, state, work, actions }: FanOutProps) {
    super(scope, id);
    // No reserved concurrency: two runs at once are harmless, because a claim is a conditional write that only one of
    // them wins, and an account that still has its first limit of 10 could not reserve any.
    this.function = new ConnectorFunction(this, 'Handler', {
      config,
      service: 'fan-out',
      description: 'Sends a message for every stream and response action that is due',
      memoryMb: config.fanOut.memoryMb,
      timeoutSeconds: config.fanOut.timeoutSeconds,
    });
    this.function
      .addEnvironment({
        DUE_SHARDS: String(config.dueShards),
        CLAIM_SECONDS: String(config.claimSeconds),
        ACTION_CLAIM_SECONDS: String(config.outcomes.claimSeconds),
      })
      .bind({
        environment: { STATE_TABLE: state.table.tableName },
        actions: ['dynamodb:UpdateItem'],
        resourceArn: state.table.tableArn,
      })
      .bind({
        environment: { DUE_INDEX: state.dueIndexName },
        actions: ['dynamodb:Query'],
        resourceArn: state.dueIndexArn,
      })
      .bind({
        environment: { QUEUE_URL: work.queue.queueUrl },
        actions: ['sqs:SendMessage'],
        resourceArn: work.queue.queueArn,
      })
      .bind({
        environment: { ACTION_QUEUE_URL: actions.queue.queueUrl },
        actions: ['sqs:SendMessage'],
        resourceArn: actions.queue.queueArn,
      });
    // The next minute is the retry: what this run did not claim is still due then, and what it claimed and did not send
    // is due again after the claim's time.
    this.function.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    Validations.of(this).acknowledge(
      {
        id: 'Serverless-LambdaDLQ',
        reason: 'The event that starts a run carries nothing; what is due stands in the state table.',
      },
      {
        id: 'Serverless-LambdaAsyncFailureDestination',
        reason: 'The event that starts a run carries nothing; what is due stands in the state table.',
      },
    );
  }
}
