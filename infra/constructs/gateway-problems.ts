import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { problemBody } from '../../shared/api/problem.ts';

interface GatewayProblem {
  readonly status: number;
  readonly code: string;
  readonly recommendation: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const signed = (code: string): GatewayProblem => ({
  status: 403,
  code,
  recommendation: 'Sign the call with AWS Signature Version 4, for this region and the service execute-api.',
});
const refused = (status: number): GatewayProblem => ({
  status,
  code: 'gateway_refused',
  recommendation: 'Check path, method and headers of the call; GET /v1/openapi.json lists them.',
});
const failed: GatewayProblem = {
  status: 500,
  code: 'gateway_failed',
  recommendation: 'Try again. If it stays, look in the log of the function api.',
};
const limited: GatewayProblem = {
  status: 429,
  code: 'rate_limited',
  recommendation: 'Wait a second and try again.',
  headers: { 'Retry-After': '1' },
};

/**
 * Every kind of answer that the gateway gives by itself, with the status that it has without us: "Gateway response types" in the
 * developer guide of API Gateway. A kind that is not named would get the status of its group's default, and lose its own.
 */
const problems: readonly [ResponseType, GatewayProblem][] = [
  [ResponseType.ACCESS_DENIED, refused(403)],
  [ResponseType.API_CONFIGURATION_ERROR, failed],
  [ResponseType.AUTHORIZER_CONFIGURATION_ERROR, failed],
  [ResponseType.AUTHORIZER_FAILURE, failed],
  [ResponseType.BAD_REQUEST_BODY, refused(400)],
  [ResponseType.BAD_REQUEST_PARAMETERS, refused(400)],
  [ResponseType.DEFAULT_4XX, refused(400)],
  [ResponseType.DEFAULT_5XX, failed],
  [ResponseType.EXPIRED_TOKEN, signed('signature_expired')],
  [ResponseType.INTEGRATION_FAILURE, { ...failed, status: 504 }],
  [
    ResponseType.INTEGRATION_TIMEOUT,
    {
      status: 504,
      code: 'gateway_timeout',
      recommendation: 'Look whether the call has been carried out, then try again.',
    },
  ],
  [ResponseType.INVALID_API_KEY, refused(403)],
  [ResponseType.INVALID_SIGNATURE, signed('signature_invalid')],
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, signed('signature_missing')],
  [ResponseType.QUOTA_EXCEEDED, limited],
  [
    ResponseType.REQUEST_TOO_LARGE,
    { status: 413, code: 'body_too_large', recommendation: 'Send less at a time.' },
  ],
  [ResponseType.RESOURCE_NOT_FOUND, refused(404)],
  [ResponseType.THROTTLED, limited],
  [ResponseType.UNAUTHORIZED, refused(401)],
  [
    ResponseType.UNSUPPORTED_MEDIA_TYPE,
    {
      status: 415,
      code: 'unsupported_media_type',
      recommendation: 'Send the header Content-Type: application/json.',
    },
  ],
  [ResponseType.WAF_FILTERED, refused(403)],
];

/** The same as those of the function's own answers. */
const commonHeaders = {
  'Content-Type': 'application/problem+json; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Strict-Transport-Security': 'max-age=63072000',
};

/** Gives what the gateway itself refuses the form of every other problem (RFC 9457). */
export function addGatewayProblems(api: RestApi): void {
  for (const [type, { status, code, recommendation, headers }] of problems) {
    const detail =
      status < 500
        ? 'The gateway has refused the call, and nobody has looked at it.'
        : 'The gateway got no answer to the call, which may have been carried out.';
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: quoted({ ...commonHeaders, ...headers }),
      templates: {
        // Not $context.error.message: it repeats what it does not understand of the header Authorization.
        'application/json': JSON.stringify(
          problemBody({ status, code, detail, recommendation }, '$context.requestId'),
        ),
      },
    });
  }
}

/** A static value stands in quotes; without, it would name a part of the request. */
function quoted(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));
}
