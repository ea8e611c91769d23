import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../world/world.ts';
import { type Answer, textAnswer } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import type { Fault } from './faults/fault.ts';
import type { Faults } from './faults/profiles.ts';
import { readQuery } from './query.ts';
import type { RateLimiter } from './rate-limits.ts';
import { endpoints } from './registry.ts';
import { isSecret } from './request-log.ts';
import type { Script } from './script.ts';
import { reset, send, sendHalf } from './send.ts';
import { authenticate, type TokenGrant, type Tokens } from './tokens.ts';
import { invalidParameter, notFound, VendorError } from './vendor-error.ts';

/** What the vendor's API is played with. */
export interface Api {
  readonly world: World;
  readonly tokens: Tokens;
  readonly rateLimiter: RateLimiter;
  readonly faults: Faults;
  readonly script: Script;
}

export const apiPrefix = '/web/api/v2.1';

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
  const path = url.pathname.slice(apiPrefix.length);
  const scripted = api.script.next(path);
  if (scripted !== undefined) return { answer: scripted };
  try {
    const endpoint = endpointOf(request.method, url);
    if ([...url.searchParams.keys()].some(isSecret)) {
      throw invalidParameter(
        'APIToken',
        'The simulator takes tokens in the Authorization header only; a URL ends up in logs.',
      );
    }
    const token =
      endpoint.authentication === 'none'
        ? undefined
        : authenticate(api.tokens, request.headers.authorization, nowMs);
    const throttled = api.rateLimiter.take(token?.label ?? 'none', path, nowMs);
    if (throttled !== undefined) return { answer: throttled };
    if (body === undefined) return { answer: textAnswer(413, 'Request Entity Too Large') };
    return answerWithFaults(api, endpoint, token, url, body, nowMs);
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
  token: TokenGrant | undefined,
  url: URL,
  body: string,
  nowMs: number,
): Decision {
  const { world, tokens } = api;
  const { fault, quirks } = api.faults.next({ nowMs, hasCursor: url.searchParams.has('cursor') });
  if (fault?.kind === 'answer') return { answer: fault.answer };
  const query = readQuery(url.searchParams);
  return { answer: endpoint.answer({ world, nowMs, token, tokens, query, body, quirks }), fault };
}

function endpointOf(method: string | undefined, url: URL): Endpoint {
  const here = endpoints.filter(({ path }) => `${apiPrefix}${path}` === url.pathname);
  if (here.length === 0) throw notFound();
  const endpoint = here.find((candidate) => candidate.method === method);
  if (endpoint === undefined) throw new VendorError(405, 4_050_010, 'Method Not Allowed', null);
  return endpoint;
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
