import { ConnectorError } from '../../errors.ts';
import { formatConsoleTime } from '../../sentinelone/console-time.ts';

/** True where the console does not know the query, or its cursor, any more: results are kept for a while only. */
export function isQueryGone(error: unknown): error is ConnectorError {
  if (!(error instanceof ConnectorError) || error.code === 'unknown_parameter') return false;
  return error.httpStatus === 404 || error.httpStatus === 400 || error.code === 'cursor_refused';
}

/** The place of the reading is gone with its query: what the query was for is asked for again. */
export function asLostQuery(error: unknown): never {
  if (!isQueryGone(error)) throw error;
  throw new ConnectorError(
    {
      code: 'query_lost',
      message: `${error.message}: the console no longer has the query.`,
      health: 'unavailable',
      retryable: true,
      recommendation:
        'Nothing to do: the same time is asked for by another query. If it lasts for hours, make the query narrower.',
    },
    { cause: error },
  );
}

/** Started queries that come to nothing, one after the other; the next one is started after the time. */
export function queriesFail(path: string, losses: number, why: string, restMs: number): ConnectorError {
  return new ConnectorError({
    code: 'queries_fail',
    message: `POST ${path}: the last ${losses} queries came to nothing, the last one of them with ${why}.`,
    health: 'unavailable',
    retryable: true,
    retryAfterMs: restMs,
    recommendation:
      "Nothing to do if it passes: another query is started every few minutes. If it lasts for hours, try the query on the console's own pages, and make it narrower.",
  });
}

/** A query that was done, twice, and whose pages held fewer rows than the console promised. */
export function missingRows(
  path: string,
  span: { from: number; to: number },
  missing: number,
): ConnectorError {
  return new ConnectorError({
    code: 'rows_missing',
    message: `${path}: from ${formatConsoleTime(span.from)} to ${formatConsoleTime(span.to)} the console promised ${missing} more events than its pages held, also when it was asked again.`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'What the pages held is in the lake, and the reading goes on. If it happens again, open a case with SentinelOne and name the time.',
  });
}
