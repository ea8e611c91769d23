import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../world/world.ts';
import { type Answer, textAnswer } from './answer.ts';
import type { Call, Endpoint, Queries, Surface } from './endpoint.ts';
import type { Fault } from './faults/fault.ts';
import type { Faults } from './faults/profiles.ts';
import { readQuery } from './query.ts';
import type { RateLimiter } from './rate-limits.ts';
import { endpoints } from './registry.ts';
import { isSecret } from './request-log.ts';
import type { Script } from './script.ts';
import { reset, send, sendHalf } from './send.ts';
import { authenticate, type TokenGrant, type Tokens } from './tokens.ts';
import { forbidden, invalidCursor, invalidParameter, notFound, VendorError } from './vendor-error.ts';

/** What the vendor's API is played with. */
export interface Api {
  readonly world: World;
  readonly tokens: Tokens;
  readonly rateLimiter: RateLimiter;
  readonly faults: Faults;
  readonly script: Script;
  readonly queries: Queries;
  /** Answers for endpoints that this console does not have; undefined for the others. */
  readonly missing: (endpoint: Endpoint) => Answer | undefined;
}

/** Where the vendor's API begins. */
export const surfaceRoots: Readonly<Record<Surface, string>> = {
  management: '/web/api/v2.1',
  sdl: '/sdl/v2/api',
};

/** The surface and the path below its root; undefined for a path that is none of the API's. */
export function surfaceOf(
  pathname: string,
): { readonly surface: Surface; readonly path: string } | undefined {
  for (const surface of ['management', 'sdl'] as const) {
    const root = surfaceRoots[surface];
    if (pathname.startsWith(`${root}/`)) return { surface, path: pathname.slice(root.length) };
  }
  return undefined;
}

/** No request of the API is anywhere near this size. */
const mostBodyBytes = 1_048_576;

/** Answers one request to the vendor's API and returns the status for the log, 0 for a reset connection. */
export async function answerApi(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  nowMs: number,
): Promise<number> {
  const body = await readBody(request);
  const { answer, fault } = decide(api, request, url, body, nowMs);
  if (fault?.kind === 'reset') {
    reset(response);
    return 0;
  }
  if (fault?.kind === 'cut') sendHalf(response, answer, fault.chunked, nowMs);
  else send(response, answer, nowMs);
  return answer.status;
}

interface Decision {
  readonly answer: Answer;
  readonly fault?: Fault | undefined;
}

/** Scripted answers come before everything; faults only hit requests that would have been answered. */
function decide(
  api: Api,
  request: IncomingMessage,
  url: URL,
  body: string | undefined,
  nowMs: number,
): Decision {
  const { surface, path } = surfaceOf(url.pathname) ?? { surface: 'management', path: url.pathname };
  const scripted = api.script.next(path);
  if (scripted !== undefined) return { answer: scripted };
  try {
    const { endpoint, pathParams } = route(request.method, surface, path);
    const absent = api.missing(endpoint);
    if (absent !== undefined) return { answer: absent };
    if ([...url.searchParams.keys()].some(isSecret)) {
      throw invalidParameter(
        'APIToken',
        'The simulator takes tokens in the Authorization header only; a URL ends up in logs.',
      );
    }
    const token =
      endpoint.authentication === 'none'
        ? undefined
        : authenticate(api.tokens, request.headers.authorization, nowMs, surface);
    const limited = surface === 'sdl' ? `${surfaceRoots.sdl}${path}` : path;
    const throttled = api.rateLimiter.take(token?.label ?? 'none', limited, nowMs);
    if (throttled !== undefined) return { answer: throttled };
    if (body === undefined) return { answer: textAnswer(413, 'Request Entity Too Large') };
    refuse(endpoint, token);
    const { headers } = request;
    return answerWithFaults(api, endpoint, url, { token, pathParams, headers, body, nowMs });
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return {
      answer: { status: error.status, headers: { 'content-type': 'application/json' }, body: error.body },
    };
  }
}

function answerWithFaults(
  api: Api,
  endpoint: Endpoint,
  url: URL,
  request: Pick<Call, 'token' | 'pathParams' | 'headers' | 'body' | 'nowMs'>,
): Decision {
  const { world, tokens, queries } = api;
  const { nowMs } = request;
  const hasCursor = endpoint.cursor?.isIn(request.body) ?? url.searchParams.has('cursor');
  const { fault, quirks } = api.faults.next({ nowMs, hasCursor });
  if (fault?.kind === 'answer') return { answer: fault.answer };
  if (fault?.kind === 'cursor') {
    if (endpoint.cursor === undefined) throw invalidCursor();
    return { answer: endpoint.cursor.refusal };
  }
  const query = readQuery(url.searchParams);
  return { answer: endpoint.answer({ ...request, world, tokens, queries, query, quirks }), fault };
}

function refuse({ permission = '' }: Endpoint, token: TokenGrant | undefined): void {
  const detail = token?.refused.get(permission);
  if (detail !== undefined) throw forbidden(detail);
}

interface Route {
  readonly endpoint: Endpoint;
  readonly pathParams: ReadonlyMap<string, string>;
}

function route(method: string | undefined, surface: Surface, path: string): Route {
  const here = endpoints.flatMap((endpoint): readonly Route[] => {
    if ((endpoint.surface ?? 'management') !== surface) return [];
    const pathParams = matchPath(endpoint.path, path);
    return pathParams === undefined ? [] : [{ endpoint, pathParams }];
  });
  if (here.length === 0) throw notFound();
  const found = here.find(({ endpoint }) => endpoint.method === method);
  if (found === undefined) throw new VendorError(405, 4_050_010, 'Method Not Allowed', null);
  return found;
}

/** What stands for the names of the pattern, or undefined where the path is another one. */
function matchPath(pattern: string, path: string): ReadonlyMap<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params = new Map<string, string>();
  for (const [i, segment] of wanted.entries()) {
    const text = given[i] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined ? segment !== text : text === '') return undefined;
    if (name !== undefined) params.set(name, decodeURIComponent(text));
  }
  return params;
}

/** Undefined for a body that is larger than any of the API; it is read to its end, so that the answer is seen. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= mostBodyBytes) parts.push(part);
  }
  return size > mostBodyBytes ? undefined : Buffer.concat(parts).toString();
}
