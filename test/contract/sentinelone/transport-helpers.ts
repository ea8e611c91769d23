import { onTestFinished } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import {
  createTransport,
  type TransportOptions,
  type TransportRequest,
} from '../../../shared/sentinelone/transport.ts';

const clock = { now: Date.now };

/** A transport that also talks to loopback, closed when the test ends. */
export function transportWith(options: Partial<TransportOptions> = {}) {
  const transport = createTransport({
    policy: { suffixes: ['.sentinelone.net'], loopback: true },
    clock,
    ...options,
  });
  onTestFinished(() => transport.close());
  return transport;
}

export const get = (origin: string, request: Partial<TransportRequest> = {}): TransportRequest => ({
  origin,
  method: 'GET',
  path: '/web/api/v2.1/threats?limit=1',
  headers: { authorization: 'ApiToken secret-token' },
  timeoutMs: 30_000,
  ...request,
});

/** The ConnectorError that the outcome fails with; anything else fails the test. */
export async function failure(outcome: Promise<unknown>): Promise<ConnectorError> {
  const error = await outcome.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorError) return error;
  throw error;
}
