import { ConnectorError, type ConnectorErrorDetails } from '../../../shared/errors.ts';

function failure(details: Omit<ConnectorErrorDetails, 'message' | 'recommendation'>): ConnectorError {
  return new ConnectorError({
    ...details,
    message: `The console failed: ${details.code}.`,
    recommendation: 'None.',
  });
}

export const reset = () => failure({ code: 'connection_reset', health: 'unavailable', retryable: true });
export const timedOut = () => failure({ code: 'timeout', health: 'unavailable', retryable: true });
export const cut = () =>
  failure({ code: 'response_cut', health: 'unavailable', retryable: true, httpStatus: 200 });
export const unavailable = (httpStatus: number) =>
  failure({ code: 'unavailable', health: 'unavailable', retryable: true, httpStatus });
export const refusedConnection = () =>
  failure({ code: 'connection_refused', health: 'unavailable', retryable: true });
export const throttledFor = (retryAfterMs: number | undefined) =>
  failure({
    code: 'throttled',
    health: 'throttled',
    retryable: true,
    httpStatus: 429,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
export const refused = (httpStatus: number) =>
  failure({ code: 'refused', health: 'permission', retryable: false, httpStatus });
