import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { runSlice } from '../../shared/engine/slice.ts';
import { streamName } from '../../shared/engine/stream.ts';
import { readEnvironment, workerEnvironment } from '../../shared/lambda/environment.ts';
import { logger, metrics } from '../../shared/lambda/observability.ts';
import { systemClock } from '../../shared/lambda/system.ts';
import { parseWorkMessage } from '../../shared/lambda/work-message.ts';
import { createWorkerDependencies } from './dependencies.ts';

const environment = readEnvironment(workerEnvironment);
const dependencies = createWorkerDependencies(environment);

/** Enough to append and commit what is in memory when a page on its way is given up. */
const commitReserveMs = 8_000;

/** Works on the streams that the messages name. A message that fails stays with the queue. */
async function work(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const remainingMs = context.getRemainingTimeInMillis();
  const deadline = systemClock.now() + remainingMs - environment.DEADLINE_MARGIN_SECONDS * 1000;
  const signal = AbortSignal.timeout(Math.max(0, remainingMs - commitReserveMs));
  const batchItemFailures: SQSBatchItemFailure[] = [];
  for (const { messageId, body, attributes } of event.Records) {
    try {
      const message = parseWorkMessage(body);
      const startedAt = systemClock.now();
      const receives = Number(attributes.ApproximateReceiveCount);
      const owner = `${context.awsRequestId}/${messageId}`;
      const outcome = await runSlice({ message, receives, owner, deadline, signal }, dependencies);
      metrics.addMetric(
        `Slice${outcome.kind[0]?.toUpperCase()}${outcome.kind.slice(1)}`,
        MetricUnit.Count,
        1,
      );
      const reason = outcome.kind === 'dropped' ? { reason: outcome.reason } : {};
      const durationMs = systemClock.now() - startedAt;
      logger.info('slice', {
        stream: streamName(message.stream),
        outcome: outcome.kind,
        durationMs,
        ...reason,
      });
    } catch (error) {
      logger.error('The message stays on the queue.', { messageId, error });
      metrics.addMetric('SliceCrashed', MetricUnit.Count, 1);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

export const handler = middy(work).use(injectLambdaContext(logger)).use(logMetrics(metrics));
