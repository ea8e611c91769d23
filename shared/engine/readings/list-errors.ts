import { ConnectorError } from '../../errors.ts';

export function repeatedCursor(path: string): ConnectorError {
  return new ConnectorError({
    code: 'repeated_cursor',
    message: `The console answered ${path} with the cursor that it was asked with, so the walk would never end.`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'The walk is tried again by itself. If this stays for an hour, open a case with SentinelOne and name the endpoint.',
  });
}

export function descendingKey(path: string, sortBy: string): ConnectorError {
  return new ConnectorError({
    code: 'descending_key',
    message: `The console's page of ${path} is not sorted by ${sortBy} as asked, so records could be missed.`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'Nothing of that page was written and the walk is tried again by itself. If this stays for an hour, open a case with SentinelOne.',
  });
}

export function cursorTooLong(length: number, most: number): ConnectorError {
  return new ConnectorError({
    code: 'cursor_too_long',
    message: `The console's cursor has ${length} characters, more than the ${most} that a log entry can keep.`,
    health: 'internal',
    retryable: false,
    recommendation: 'Open an issue with us and name the console version; the stream waits and loses nothing.',
  });
}

export function outsideWindow(path: string, sortBy: string): ConnectorError {
  return new ConnectorError({
    code: 'outside_window',
    message: `The console's page of ${path} holds records whose ${sortBy} lies outside the time that was asked for.`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'Nothing of that page was written, because every window would hold the same records again. If this stays for an hour, open a case with SentinelOne.',
  });
}

/** A request that was good without its cursor is refused because of it, in whatever words. */
export function asRefusedCursor(error: unknown): unknown {
  if (!(error instanceof ConnectorError) || error.httpStatus !== 400 || error.code === 'unknown_parameter')
    return error;
  const { message, recommendation } = error;
  return new ConnectorError(
    {
      code: 'cursor_refused',
      message,
      health: 'unavailable',
      retryable: true,
      recommendation,
      httpStatus: 400,
    },
    { cause: error },
  );
}
