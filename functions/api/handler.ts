import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { dispatch } from '../../shared/api/dispatch.ts';
import { apiEnvironment, readEnvironment } from '../../shared/lambda/environment.ts';
import { requestFromEvent, resultFromResponse } from '../../shared/lambda/gateway-event.ts';
import { logger, metrics } from '../../shared/lambda/observability.ts';
import { systemClock } from '../../shared/lambda/system.ts';
import { createApiDependencies } from './dependencies.ts';

const dependencies = createApiDependencies(readEnvironment(apiEnvironment));

/** One call of the control API. */
async function call(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const startedAt = systemClock.now();
  const request = requestFromEvent(event);
  const response = await dispatch(request, dependencies);
  metrics.addMetric(`Api${Math.floor(response.status / 100)}xx`, MetricUnit.Count, 1);
  // Neither headers nor bodies: they hold keys and tokens.
  logger.info('call', {
    requestId: request.requestId,
    method: request.method,
    path: request.path,
    status: response.status,
    durationMs: systemClock.now() - startedAt,
  });
  return resultFromResponse(response);
}

export const handler = middy(call).use(injectLambdaContext(logger)).use(logMetrics(metrics));
