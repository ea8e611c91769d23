import { ConnectorError } from '../errors.ts';
import type { BodyEnd } from './read-body.ts';

/** @param request what was asked: `GET https://acme.sentinelone.net/web/api/v2.1/threats` */
export function timedOut(request: string, timeoutMs: number): ConnectorError {
  return new ConnectorError({
    code: 'timeout',
    message: `${request}: no complete answer within ${timeoutMs} ms`,
    health: 'unavailable',
    retryable: true,
    recommendation:
      'Nothing to do if it is rare: the request is tried again. If it lasts, check the network way to the console and ask SentinelOne support whether the console is slow.',
  });
}

export function redirectRefused(
  request: string,
  status: number,
  location: string | undefined,
): ConnectorError {
  return new ConnectorError({
    code: 'redirect_refused',
    message: `${request}: the host redirects ${targetOf(location)} (HTTP ${status}); redirects are not followed`,
    health: 'host',
    retryable: false,
    recommendation:
      'Check the host URL. If the console has moved, set the host URL to its new address; the token is never sent to where a redirect points.',
    httpStatus: status,
  });
}

/** A success whose body cannot be used. */
export function bodyRefused(
  request: string,
  status: number,
  end: Exclude<BodyEnd, 'complete'>,
): ConnectorError {
  const { code, sentence, retryable } = bodyProblems[end];
  return new ConnectorError({
    code,
    message: `${request}: ${sentence} (HTTP ${status})`,
    health: 'unavailable',
    retryable,
    recommendation: retryable
      ? 'Nothing to do if it is rare: the request is tried again. If it lasts, check the network way to the console.'
      : 'Report this to the maintainers of the connector with the path; a smaller page size is needed.',
    httpStatus: status,
  });
}

const bodyProblems = {
  cut: { code: 'response_cut', sentence: 'the answer broke off before its end', retryable: true },
  'too-large': {
    code: 'response_too_large',
    sentence: 'the answer is larger than allowed',
    retryable: false,
  },
  unreadable: {
    code: 'response_malformed',
    sentence: 'the answer is not compressed as it says',
    retryable: true,
  },
} as const;

/** Only the host: a redirect's path and query may hold session ids. */
function targetOf(location: string | undefined): string {
  if (location === undefined) return 'without saying where to';
  try {
    return `to ${new URL(location).host}`;
  } catch {
    return 'to another path';
  }
}
