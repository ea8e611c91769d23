import type { ConnectorError } from '../errors.ts';

/** What is wrong with one part of a request. */
export interface FieldProblem {
  /** A path into the body, e.g. `filters[2].conditions[0].value`, or the name of a header or query parameter. */
  readonly field: string;
  readonly message: string;
  readonly recommendation: string;
}

/** What every refused or failed call tells, before it is written down by RFC 9457. */
export interface ProblemDetails {
  readonly status: number;
  /** Stable, machine-readable, snake_case. */
  readonly code: string;
  /** One sentence about this very call; without tokens, hosts' answers or stack traces. */
  readonly detail: string;
  /** What the caller should do, one or two sentences. */
  readonly recommendation: string;
  /** The first of `fields`, for callers that show one. */
  readonly field?: string;
  readonly fields?: readonly FieldProblem[];
  /** The console's HTTP status, where one of its answers is the reason. 503 stays 503. */
  readonly upstreamStatus?: number;
  /** Becomes the header `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Becomes the header `Allow`. */
  readonly allowedMethods?: readonly string[];
}

/** The body of every answer that is no success: RFC 9457 with our own members beside. */
export interface ProblemBody extends Omit<ProblemDetails, 'retryAfterSeconds' | 'allowedMethods'> {
  readonly type: string;
  readonly title: string;
  /** Names the call in the log. */
  readonly instance: string;
}

/** Ends a call with a problem. */
export class ApiProblem extends Error {
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails, options?: ErrorOptions) {
    super(details.detail, options);
    this.name = 'ApiProblem';
    this.details = details;
  }
}

/** The titles that RFC 9110 gives the statuses that the API uses. */
const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** @param requestId names the call in the log */
export function problemBody(details: ProblemDetails, requestId: string): ProblemBody {
  const { retryAfterSeconds: _, allowedMethods: __, ...told } = details;
  return {
    type: `urn:sentinel-lake:problem:${details.code}`,
    title: titles[details.status] ?? 'Error',
    ...told,
    instance: `urn:sentinel-lake:request:${requestId}`,
  };
}

/** Several things wrong with a request at once. Throws a plain Error for none. */
export function invalidRequest(fields: readonly FieldProblem[]): ApiProblem {
  const [first] = fields;
  if (first === undefined) throw new Error('An invalid request without a problem.');
  return new ApiProblem({
    status: 422,
    code: 'invalid_request',
    detail: fields.map(({ field, message }) => `${field}: ${message}`).join(' '),
    recommendation: first.recommendation,
    field: first.field,
    fields,
  });
}

/** The same for what does not exist and for what belongs to somebody else. */
export function notFound(what: string): ApiProblem {
  return new ApiProblem({
    status: 404,
    code: 'not_found',
    detail: `There is no such ${what}.`,
    recommendation: `Check the id; GET the list of ${what}s shows those that this key may see.`,
  });
}

/** A failure of the console that ends a call. Its own status is told beside, and a 503 is a 503. */
export function upstreamProblem(error: ConnectorError): ApiProblem {
  const status = error.httpStatus === 503 || error.httpStatus === 429 ? 503 : 502;
  return new ApiProblem(
    {
      status,
      code: error.code,
      detail: error.message,
      recommendation: error.recommendation,
      ...(error.httpStatus === undefined ? {} : { upstreamStatus: error.httpStatus }),
      ...(error.retryAfterMs === undefined
        ? {}
        : { retryAfterSeconds: Math.ceil(error.retryAfterMs / 1000) }),
    },
    { cause: error },
  );
}
