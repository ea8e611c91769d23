import { ConnectorError } from '../../errors.ts';

/** Results are kept for a while only; afterwards the console does not know the query. */
export function asLostQuery(error: unknown): never {
  if (!(error instanceof ConnectorError)) throw error;
  const isGone = error.httpStatus === 404 || error.code === 'cursor_refused' || error.httpStatus === 400;
  throw isGone ? queryLost(error.message, 'the console no longer has it', error) : error;
}

/** The place of the reading is gone with its query: what the query was for is asked for again. */
export function queryLost(what: string, why: string, cause?: unknown): ConnectorError {
  return new ConnectorError(
    {
      code: 'query_lost',
      message: `${what}: ${why}.`,
      health: 'unavailable',
      retryable: true,
      recommendation:
        'Nothing to do: the same time is asked for by another query. If it lasts for hours, make the query narrower.',
    },
    { cause },
  );
}
