import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { createDynamoDueIndex } from '../../shared/aws/dynamo-due-index.ts';
import { createSqsWorkQueue } from '../../shared/aws/sqs-work-queue.ts';
import { fanOut } from '../../shared/engine/fan-out.ts';
import { fanOutEnvironment, readEnvironment } from '../../shared/lambda/environment.ts';
import { logger, metrics } from '../../shared/lambda/observability.ts';
import { systemClock } from '../../shared/lambda/system.ts';

const environment = readEnvironment(fanOutEnvironment);
const dueIndex = createDynamoDueIndex({
  client: DynamoDBDocumentClient.from(new DynamoDBClient()),
  table: environment.STATE_TABLE,
  indexName: environment.DUE_INDEX,
  shards: environment.DUE_SHARDS,
});
const queue = createSqsWorkQueue({ client: new SQSClient(), queueUrl: environment.QUEUE_URL });

/** Time for the page of due streams that is under way when the deadline comes. */
const deadlineMarginMs = 10_000;

/** One tick of the schedule: every due stream gets a message. The event says nothing that we need. */
async function tick(_event: unknown, context: Context): Promise<void> {
  const result = await fanOut({
    clock: systemClock,
    dueIndex,
    queue,
    claimMs: environment.CLAIM_SECONDS * 1000,
    deadline: systemClock.now() + context.getRemainingTimeInMillis() - deadlineMarginMs,
  });
  metrics.addMetric('StreamsDue', MetricUnit.Count, result.due);
  metrics.addMetric('MessagesSent', MetricUnit.Count, result.sent);
  if (!result.complete) logger.warn('The tick ran out of time; the next one goes on.', { ...result });
}

export const handler = middy(tick).use(injectLambdaContext(logger)).use(logMetrics(metrics));
