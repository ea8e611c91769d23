import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { actionIdText } from '../../shared/actions/run/action-id.ts';
import { advanceAction } from '../../shared/actions/run/advance.ts';
import { parseActionMessage } from '../../shared/lambda/action-message.ts';
import { outcomesEnvironment, readEnvironment } from '../../shared/lambda/environment.ts';
import { logger, metrics } from '../../shared/lambda/observability.ts';
import { systemClock } from '../../shared/lambda/system.ts';
import { createOutcomesDependencies } from './dependencies.ts';

const dependencies = createOutcomesDependencies(readEnvironment(outcomesEnvironment));

/** Enough to write down what is known when an answer of the console is given up, and to tell of it, however slow a webhook is. */
const tellReserveMs = 20_000;

/** Goes on with the actions that the messages name. A message that fails stays with the queue. */
async function goOn(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const remainingMs = Math.max(0, context.getRemainingTimeInMillis() - tellReserveMs);
  const deadline = systemClock.now() + remainingMs;
  const signal = AbortSignal.timeout(remainingMs);
  const batchItemFailures: SQSBatchItemFailure[] = [];
  for (const { messageId, body } of event.Records) {
    try {
      const { action: place } = parseActionMessage(body);
      const startedAt = systemClock.now();
      const owner = `${context.awsRequestId}/${messageId}`;
      const outcome = await advanceAction({ place, owner, deadline, signal }, dependencies);
      metrics.addMetric(
        `Action${outcome.kind[0]?.toUpperCase()}${outcome.kind.slice(1)}`,
        MetricUnit.Count,
        1,
      );
      logger.info('action', {
        action: actionIdText(place),
        outcome: outcome.kind,
        durationMs: systemClock.now() - startedAt,
      });
    } catch (error) {
      logger.error('The message stays on the queue.', { messageId, error });
      metrics.addMetric('ActionCrashed', MetricUnit.Count, 1);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

export const handler = middy(goOn).use(injectLambdaContext(logger)).use(logMetrics(metrics));
