import { type AuthenticateDependencies, authenticate } from '../access/authenticate.ts';
import { maySee, type Principal } from '../access/principal.ts';
import type { Refusal } from '../access/refusal.ts';
import { hasRight } from '../access/rights.ts';
import { parseConnectorId } from '../connectors/connector-id.ts';
import type { StoredConnector } from '../connectors/connector-registry.ts';
import { ConnectorError } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';
import { auditTrail } from './audit-trail.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { namedTenants } from './named-tenant.ts';
import { ApiProblem, notFound, type ProblemDetails, problemBody, upstreamProblem } from './problem.ts';
import type { Answer, Call, Route } from './route.ts';
import { matchRoute } from './router.ts';
import type { Services } from './services.ts';
import { readBody, readQuery } from './validate.ts';

export interface DispatchDependencies extends AuthenticateDependencies {
  readonly routes: readonly Route[];
  readonly services: Services;
  readonly clock: Clock;
  readonly log: Log;
  /** Who a signed call comes from; undefined for an ARN that may do nothing here. Absent where signatures are not used. */
  readonly principalOfArn?: (arn: string) => Principal | undefined;
}

const nobody: Principal = { kind: 'key', id: '', name: 'nobody', rights: [], tenants: [] };

/**
 * Answers a call: finds its route, lets the caller in or not, checks what was sent, and has it done. Every route goes through here,
 * so this is the one place that keeps tenants apart. Never throws: what nobody expected is logged, and is a 500 without details.
 */
export async function dispatch(
  request: ApiRequest,
  dependencies: DispatchDependencies,
): Promise<ApiResponse> {
  try {
    return respond(request, await answer(request, dependencies));
  } catch (error) {
    const problem = asProblem(error);
    if (problem !== undefined) return respondProblem(request, problem.details);
    dependencies.log.error('A call failed in a way that nobody expected.', {
      requestId: request.requestId,
      method: request.method,
      path: request.path,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return respondProblem(request, unexpected);
  }
}

async function answer(request: ApiRequest, dependencies: DispatchDependencies): Promise<Answer> {
  const { services, clock, log } = dependencies;
  const { route, params } = find(request, dependencies.routes);
  const principal = route.right === 'open' ? nobody : await admitted(request, dependencies);
  if (route.right !== 'open' && !hasRight(principal, route.right)) throw rightMissing(route.right);
  const { connectorId } = params;
  const connector =
    connectorId === undefined ? undefined : await visible(connectorId, principal, services, route);
  const query = route.query === undefined ? {} : readQuery(route.query, request);
  const body = route.body === undefined ? {} : readBody(route.body, request);
  for (const { tenant, what } of namedTenants(params, query, body))
    if (!maySee(principal, tenant)) throw notFound(what);
  const call: Call<object, object> = {
    principal,
    connector,
    params,
    query,
    body,
    request,
    services,
    now: clock.now(),
  };
  // The schemas and the path have made the call what the route declares.
  const handle = () => route.handle(call as Call<never, never, never>);
  const changes = route.method !== 'GET' && route.isAudited !== false;
  return changes
    ? await auditTrail(route, call, { audit: services.audit, clock, log }, handle)
    : await handle();
}

function find(
  request: ApiRequest,
  routes: readonly Route[],
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } {
  const match = matchRoute(routes, request.method, request.path);
  if (match.kind === 'found') return match;
  if (match.kind === 'path') {
    throw new ApiProblem({
      status: 404,
      code: 'unknown_path',
      detail: 'There is nothing under this path.',
      recommendation: 'GET /v1/openapi.json lists all paths.',
    });
  }
  throw new ApiProblem({
    status: 405,
    code: 'method_not_allowed',
    detail: `The path does not take ${request.method}; it takes ${match.allowed.join(', ')}.`,
    recommendation: 'GET /v1/openapi.json says what each method does.',
    allowedMethods: match.allowed,
  });
}

async function admitted(request: ApiRequest, dependencies: DispatchDependencies): Promise<Principal> {
  const { userArn } = request;
  if (userArn !== undefined) {
    const principal = dependencies.principalOfArn?.(userArn);
    if (principal !== undefined) return principal;
    throw new ApiProblem({
      status: 403,
      code: 'principal_unknown',
      detail: 'The role that has signed the call may do nothing here.',
      recommendation: "Add the role to the configuration of the stack's API.",
    });
  }
  const authentication = await authenticate(
    { headers: request.headers, now: dependencies.clock.now() },
    dependencies,
  );
  if (authentication.kind === 'principal') return authentication.principal;
  throw refused(authentication);
}

function refused({ code, message, recommendation, retryAfterSeconds }: Refusal): ApiProblem {
  return new ApiProblem({
    status: code === 'rate_limited' ? 429 : 401,
    code,
    detail: message,
    recommendation,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function rightMissing(right: string): ApiProblem {
  return new ApiProblem({
    status: 403,
    code: 'right_missing',
    detail: `The caller does not have the right ${right}.`,
    recommendation: `Use a key with the right ${right}; an admin can create one.`,
  });
}

/** What belongs to another tenant is as good as not there. */
async function visible(
  connectorId: string,
  principal: Principal,
  { registry }: Services,
  { takesDeleted }: Route,
): Promise<StoredConnector> {
  const id = parseConnectorId(connectorId);
  if (id === undefined || !maySee(principal, id.tenant)) throw notFound('connector');
  const stored = await registry.get(id.tenant, id.id);
  if (stored === undefined || (stored.state === 'deleted' && takesDeleted !== true))
    throw notFound('connector');
  return stored;
}

function asProblem(error: unknown): ApiProblem | undefined {
  if (error instanceof ApiProblem) return error;
  return error instanceof ConnectorError ? upstreamProblem(error) : undefined;
}

const unexpected: ProblemDetails = {
  status: 500,
  code: 'internal_error',
  detail: 'The call failed for a reason that is not its own.',
  recommendation:
    'Try again. If it stays, look in the log of the function api for the request id that is in the member instance.',
};

/** Answers hold tenants' data and must not be kept by anything in between. */
const commonHeaders = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Strict-Transport-Security': 'max-age=63072000',
};

function respond({ requestId }: ApiRequest, { status, body, text, headers }: Answer): ApiResponse {
  const sent =
    text ??
    (body === undefined ? undefined : { contentType: 'application/json', content: JSON.stringify(body) });
  return {
    status,
    headers: {
      ...commonHeaders,
      'X-Request-Id': requestId,
      ...(sent === undefined ? {} : { 'Content-Type': `${sent.contentType}; charset=utf-8` }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent.content }),
  };
}

/** A problem in the form of RFC 9457; also for what is refused before a call is dispatched. */
export function respondProblem(request: Pick<ApiRequest, 'requestId'>, details: ProblemDetails): ApiResponse {
  return {
    status: details.status,
    headers: {
      ...commonHeaders,
      'X-Request-Id': request.requestId,
      'Content-Type': 'application/problem+json; charset=utf-8',
      ...(details.status === 401 ? { 'WWW-Authenticate': 'Bearer realm="sentinel-lake"' } : {}),
      ...(details.retryAfterSeconds === undefined
        ? {}
        : { 'Retry-After': String(details.retryAfterSeconds) }),
      ...(details.allowedMethods === undefined ? {} : { Allow: details.allowedMethods.join(', ') }),
    },
    body: JSON.stringify(problemBody(details, request.requestId)),
  };
}
