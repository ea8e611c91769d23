import { ConnectorError } from '../errors.ts';

/** The error for a host that we do not talk to. `problem` is a sentence that names what is wrong with it. */
export function hostRefused(problem: string): ConnectorError {
  return new ConnectorError({
    code: 'host_refused',
    message: problem,
    health: 'host',
    retryable: false,
    recommendation:
      'Set the host URL to the address of the SentinelOne console as the browser shows it after login, for example https://acme.sentinelone.net.',
  });
}
