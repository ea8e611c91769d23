import { hashOf } from '../actions/run/action-id.ts';
import type { Json } from '../json.ts';
import { type ApiRequest, headerOf } from './http.ts';
import { ApiProblem, invalidRequest } from './problem.ts';

const header = 'Idempotency-Key';

/** For so long a request without a key of its own is taken for the same when it comes again: for longer nobody repeats a call. */
const holdsMs = 10 * 60_000;

/** Under what a request is the same, however often it is made. */
export interface IdempotencyKey {
  readonly key: string;
  /** For how long, milliseconds; for ever where absent. */
  readonly keyHoldsMs?: number;
}

/**
 * The key of a request: the header's, for ever; or one that is made of what the request says, for ten minutes. Whoever isolates,
 * releases and isolates again under one ticket must not be told of the first time for ever.
 * @param otherwise what tells the request apart where the header is missing; undefined where nothing does
 * @throws ApiProblem 400 without a key, 422 for one that is none
 */
export function idempotencyKey(
  request: Pick<ApiRequest, 'headers'>,
  otherwise: Json | undefined,
): IdempotencyKey {
  const ofHeader = headerKey(request);
  if (ofHeader !== undefined) return { key: ofHeader };
  if (otherwise === undefined) throw keyRequired();
  return { key: `hash ${hashOf(otherwise)}`, keyHoldsMs: holdsMs };
}

/** Undefined where the request has none. Throws `ApiProblem` 422 for one that is none. */
export function headerKey(request: Pick<ApiRequest, 'headers'>): string | undefined {
  if (request.headers['idempotency-key'] === undefined) return undefined;
  const key = headerOf(request, 'idempotency-key');
  if (key !== undefined && /^[\x21-\x7e]{1,255}$/.test(key)) return `key ${key}`;
  throw invalidRequest([
    {
      field: header,
      message: 'must be 1 to 255 printable ASCII characters without spaces, once.',
      recommendation: "Use a UUID, or the id of the playbook's run and step.",
    },
  ]);
}

function keyRequired(): ApiProblem {
  return new ApiProblem({
    status: 400,
    code: 'idempotency_key_required',
    detail: 'Nothing tells whether this request was made before.',
    recommendation:
      'Send the header Idempotency-Key with a value of its own for each action, the same when the call is repeated; or name the ticket in the body.',
    field: header,
  });
}
