import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../world/world.ts';
import { type Answer, textAnswer } from './answer.ts';
import type { ConsoleControl } from './control.ts';
import type { DeedLog } from './deed-log.ts';
import type { Call, Endpoint, Queries, Surface } from './endpoint.ts';
import type { Fault } from './faults/fault.ts';
import { noQuirks } from './faults/page-quirks.ts';
import type { Faults } from './faults/profiles.ts';
import { readQuery } from './query.ts';
import type { RateLimiter } from './rate-limits.ts';
import { endpoints } from './registry.ts';
import { isSecret } from './request-log.ts';
import type { Script } from './script.ts';
import { reset, send, sendHalf } from './send.ts';
import { authenticate, noPermission, type TokenGrant, type Tokens, tokenLabel } from './tokens.ts';
import { forbidden, invalidCursor, invalidParameter, notFound, VendorError } from './vendor-error.ts';

/** What the vendor's API is played with. */
export interface Api {
  readonly world: World;
  readonly tokens: Tokens;
  readonly rateLimiter: RateLimiter;
  readonly faults: Faults;
  readonly script: Script;
  readonly queries: Queries;
  readonly deedLog: DeedLog;
  readonly control: ConsoleControl;
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
  const status = fault?.kind === 'reset' ? 0 : answer.status;
  keepAction(api, request, url, { body: body ?? '', status, nowMs });
  if (fault?.kind === 'reset') reset(response);
  else if (fault?.kind === 'cut') sendHalf(response, answer, fault.chunked, nowMs);
  else send(response, answer, nowMs);
  return status;
}

/** Every request for an action is kept, also one that was refused or had no right answer. */
function keepAction(
  api: Api,
  { method = '', headers }: IncomingMessage,
  url: URL,
  { body, status, nowMs }: { readonly body: string; readonly status: number; readonly nowMs: number },
): void {
  if (method === 'GET') return;
  const { surface, path } = surfaceOf(url.pathname) ?? { surface: 'management', path: url.pathname };
  const found = routes(surface, path).find(({ endpoint }) => endpoint.method === method);
  if (found?.endpoint.acts === undefined) return;
  const token = tokenLabel(api.tokens, headers.authorization);
  api.deedLog.addRequest({ time: nowMs, method, path, status, token }, body);
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
  if (scripted?.afterwards === false) return scripted;
  const right = rightDecision({
    api,
    request,
    url,
    body,
    nowMs,
    surface,
    path,
    isFaultless: scripted !== undefined,
  });
  return scripted ?? right;
}

interface Asked {
  readonly api: Api;
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: string | undefined;
  readonly nowMs: number;
  readonly surface: Surface;
  readonly path: string;
  /** True where no profile meddles. */
  readonly isFaultless: boolean;
}

function rightDecision({ api, request, url, body, nowMs, surface, path, isFaultless }: Asked): Decision {
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
    const asked = { token, pathParams, headers, body, nowMs };
    return answerWithFaults(api, endpoint, url, asked, isFaultless);
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
  isFaultless: boolean,
): Decision {
  const { world, tokens, queries, deedLog } = api;
  const { nowMs, token } = request;
  const hasCursor = endpoint.cursor?.isIn(request.body) ?? url.searchParams.has('cursor');
  const acts = endpoint.acts !== undefined;
  const { fault, quirks } = isFaultless
    ? { fault: undefined, quirks: noQuirks }
    : api.faults.next({ nowMs, hasCursor, acts });
  const isUndone = fault?.kind === 'reset' && fault.undone === true;
  if (isUndone) return { answer: textAnswer(503, ''), fault };
  if (fault?.kind === 'answer' && fault.afterwards !== true) return { answer: fault.answer };
  if (fault?.kind === 'cursor') {
    if (endpoint.cursor === undefined) throw invalidCursor();
    return { answer: endpoint.cursor.refusal };
  }
  const query = readQuery(url.searchParams);
  const done = (verb: string, ids: readonly string[]) =>
    deedLog.addDeed({ time: nowMs, verb, ids, token: token?.label ?? 'none' });
  const answer = endpoint.answer({ ...request, world, tokens, queries, query, quirks, done });
  return fault?.kind === 'answer' ? { answer: fault.answer } : { answer, fault };
}

function refuse({ permission = '', acts }: Endpoint, token: TokenGrant | undefined): void {
  const mayOnlyLook = acts === 'responders' && token?.mayAct !== true;
  const detail = token?.refused.get(permission) ?? (mayOnlyLook ? noPermission : undefined);
  if (detail !== undefined) throw forbidden(detail);
}

interface Route {
  readonly endpoint: Endpoint;
  readonly pathParams: ReadonlyMap<string, string>;
}

/** The endpoints of a path, one for every method. */
function routes(surface: Surface, path: string): readonly Route[] {
  return endpoints.flatMap((endpoint): readonly Route[] => {
    if ((endpoint.surface ?? 'management') !== surface) return [];
    const pathParams = matchPath(endpoint.path, path);
    return pathParams === undefined ? [] : [{ endpoint, pathParams }];
  });
}

function route(method: string | undefined, surface: Surface, path: string): Route {
  const here = routes(surface, path);
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
