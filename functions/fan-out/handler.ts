import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { sendDueActions } from '../../shared/actions/run/due-actions.ts';
import { createDynamoDueActions } from '../../shared/aws/dynamo-due-actions.ts';
import { createDynamoDueIndex } from '../../shared/aws/dynamo-due-index.ts';
import { createSqsActionQueue } from '../../shared/aws/sqs-action-queue.ts';
import { createSqsWorkQueue } from '../../shared/aws/sqs-work-queue.ts';
import { fanOut } from '../../shared/engine/fan-out.ts';
import type { SendDueResult } from '../../shared/engine/send-due.ts';
import { fanOutEnvironment, readEnvironment } from '../../shared/lambda/environment.ts';
import { logger, metrics } from '../../shared/lambda/observability.ts';
import { systemClock } from '../../shared/lambda/system.ts';

const environment = readEnvironment(fanOutEnvironment);
const due = {
  client: DynamoDBDocumentClient.from(new DynamoDBClient()),
  table: environment.STATE_TABLE,
  indexName: environment.DUE_INDEX,
};
const sqs = new SQSClient();
const streams = {
  dueIndex: createDynamoDueIndex({ ...due, shards: environment.DUE_SHARDS }),
  queue: createSqsWorkQueue({ client: sqs, queueUrl: environment.QUEUE_URL }),
  claimMs: environment.CLAIM_SECONDS * 1000,
};
const actions = {
  dueActions: createDynamoDueActions(due),
  queue: createSqsActionQueue({ client: sqs, queueUrl: environment.ACTION_QUEUE_URL }),
  claimMs: environment.ACTION_CLAIM_SECONDS * 1000,
};

/** Time for the page of what is due that is under way when the deadline comes. */
const deadlineMarginMs = 10_000;

/** One tick of the schedule: every due stream and action gets a message. The event says nothing that we need. */
async function tick(_event: unknown, context: Context): Promise<void> {
  const times = {
    clock: systemClock,
    deadline: systemClock.now() + context.getRemainingTimeInMillis() - deadlineMarginMs,
  };
  // Side by side: neither a deep backlog of streams nor a failure of one kind keeps the other waiting.
  const results = await Promise.allSettled([
    fanOut({ ...streams, ...times }).then((result) => note('Streams', 'MessagesSent', result)),
    sendDueActions({ ...actions, ...times }).then((result) => note('Actions', 'ActionMessagesSent', result)),
  ]);
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 1) throw new AggregateError(failures, failures.map(messageOf).join('\n'));
  if (failures.length === 1) throw failures[0];
}

function note(kind: 'Streams' | 'Actions', sentMetric: string, result: SendDueResult): void {
  metrics.addMetric(`${kind}Due`, MetricUnit.Count, result.due);
  metrics.addMetric(sentMetric, MetricUnit.Count, result.sent);
  if (!result.complete) logger.warn('The tick ran out of time; the next one goes on.', { kind, ...result });
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

export const handler = middy(tick).use(injectLambdaContext(logger)).use(logMetrics(metrics));
