import { etagOf } from './connector-view.ts';
import type { ApiRequest } from './http.ts';
import { ApiProblem } from './problem.ts';

/**
 * Refuses a change of something that is not what the caller has seen. Throws `ApiProblem` 412.
 * @param what it is, for the caller
 */
export function checkIfMatch(
  request: ApiRequest,
  stored: { readonly version: number },
  what = 'connector',
): void {
  const lines = request.headers['if-match'];
  if (lines === undefined) return;
  // Several lines are one list (RFC 9110): to ignore them would let the change through.
  const wanted = lines
    .join(',')
    .split(',')
    .map((etag) => etag.trim());
  if (wanted.includes('*') || wanted.includes(etagOf(stored))) return;
  throw outdated(what);
}

/** Somebody else was faster. */
export function outdated(what = 'connector'): ApiProblem {
  return new ApiProblem({
    status: 412,
    code: 'outdated',
    detail: `The ${what} has been changed since it was read.`,
    recommendation: 'Read it again, look at what has changed, and send the change with the new ETag.',
    field: 'If-Match',
  });
}
