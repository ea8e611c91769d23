import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ApiRequest, ApiResponse } from '../api/http.ts';

/** What is read of an event of API Gateway (REST, proxy integration). */
export type GatewayEvent = Pick<
  APIGatewayProxyEvent,
  'httpMethod' | 'path' | 'multiValueQueryStringParameters' | 'body' | 'isBase64Encoded'
> & {
  /** Null where there are none, whatever the types of @types/aws-lambda say. */
  readonly multiValueHeaders: APIGatewayProxyEvent['multiValueHeaders'] | null;
  readonly requestContext: {
    readonly requestId: string;
    readonly identity: { readonly sourceIp: string; readonly userArn: string | null };
  };
};

/** A call as the gateway hands it over. */
export function requestFromEvent(event: GatewayEvent): ApiRequest {
  const { body, requestContext } = event;
  const { userArn } = requestContext.identity;
  return {
    method: event.httpMethod,
    path: event.path,
    query: valuesOf(event.multiValueQueryStringParameters, (name) => name),
    headers: valuesOf(event.multiValueHeaders, (name) => name.toLowerCase()),
    body:
      body === null ? undefined : event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    requestId: requestContext.requestId,
    sourceIp: requestContext.identity.sourceIp,
    ...(userArn === null ? {} : { userArn }),
  };
}

/** The answer as API Gateway takes it. */
export function resultFromResponse({ status, headers, body }: ApiResponse): APIGatewayProxyResult {
  return { statusCode: status, headers: { ...headers }, body: body ?? '' };
}

/** A header that came in two spellings is one with the values of both. */
function valuesOf(
  given: Readonly<Record<string, readonly string[] | undefined>> | null,
  nameOf: (name: string) => string,
): Readonly<Record<string, readonly string[]>> {
  // Callers choose the names: in a plain object, some of them (`constructor`) would already be there.
  const values = new Map<string, readonly string[]>();
  for (const [spelling, several = []] of Object.entries(given ?? {})) {
    const name = nameOf(spelling);
    values.set(name, [...(values.get(name) ?? []), ...several]);
  }
  return Object.fromEntries(values);
}
