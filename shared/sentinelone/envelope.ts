import { ConnectorError } from '../errors.ts';
import { isObject, type Json } from '../json.ts';
import type { ListPage } from '../ports.ts';
import { readErrorJson } from './error-body.ts';
import { explainFailure } from './error-from-response.ts';
import { graphqlStatus } from './graphql-status.ts';
import { parseBody } from './json-body.ts';

/**
 * Takes the vendor's envelope off a list answer.
 * @param request what was asked, for messages: `GET /threats`
 * @throws ConnectorError `response_malformed` where it is no list, or what the `errors` inside it mean
 */
export function readListPage(json: Json, request = 'the request', secrets: readonly string[] = []): ListPage {
  if (!isObject(json)) throw malformed(request, `its body is ${kindOf(json)} instead of an object`);
  refuseErrors(json['errors'], request, secrets);
  const pagination = json['pagination'] ?? null;
  if (pagination !== null && !isObject(pagination))
    throw malformed(request, `"pagination" is ${kindOf(pagination)}`);
  const nextCursor = pagination?.['nextCursor'] ?? '';
  if (typeof nextCursor !== 'string') throw malformed(request, `"nextCursor" is ${kindOf(nextCursor)}`);
  const totalItems = pagination?.['totalItems'];
  const total = Number.isSafeInteger(totalItems) ? Number(totalItems) : undefined;
  // A count without records may come without "data" at all.
  const data = json['data'] === undefined && total !== undefined ? null : json['data'];
  return {
    data: recordsOf(data, request),
    ...(nextCursor === '' ? {} : { nextCursor }),
    ...(total === undefined ? {} : { totalItems: total }),
  };
}

/** The same for the bytes of a successful answer, which may be HTML from a proxy, or cut off. */
export function readListBody(body: Buffer, request: string, secrets: readonly string[]): ListPage {
  const json = parseBody(body);
  if (json === undefined) throw malformed(request, 'its body is no JSON, or only the beginning of it');
  return readListPage(json, request, secrets);
}

/** `/sites` wraps its list in an object, beside the sums of all sites. */
function recordsOf(data: Json | undefined, request: string): readonly Json[] {
  if (data === null) return [];
  if (Array.isArray(data)) return data;
  const sites = isObject(data) ? data['sites'] : undefined;
  if (Array.isArray(sites)) return sites;
  throw malformed(request, `"data" is ${kindOf(data)} instead of a list`);
}

/** Throws what errors inside a success mean. */
export function refuseErrors(errors: Json | undefined, request: string, secrets: readonly string[]): void {
  if (
    errors === undefined ||
    errors === null ||
    (typeof errors === 'object' && Object.keys(errors).length === 0)
  )
    return;
  const body = readErrorJson({ errors });
  const status =
    body.vendorCode === undefined ? (graphqlStatus(errors) ?? 500) : Math.trunc(body.vendorCode / 10_000);
  throw new ConnectorError(explainFailure({ request, status, answeredWith: 200, body, secrets }));
}

/** A success whose body is not what was asked for. */
export function malformed(request: string, what: string): ConnectorError {
  return new ConnectorError({
    code: 'response_malformed',
    message: `${request}: the answer was a success, but ${what}`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'Nothing to do if it is rare: the request is tried again. If it lasts, check that no proxy or login page answers in the console’s place.',
    httpStatus: 200,
  });
}

function kindOf(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (JSON.isRawJSON(value)) return 'a number';
  return isObject(value) ? 'an object' : `a ${typeof value}`;
}
