import { ConnectorError } from '../errors.ts';

/** How long the console is asked about targets before a call gives up; the gateway ends it after 29 seconds. */
const planMs = 20_000;

/**
 * Does what asks the console about targets, as long as a caller can wait for it.
 * @throws ConnectorError where the time was not enough; a signal that is aborted has stopped the work then
 */
export async function planInTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(planMs);
  try {
    return await work(signal);
  } catch (error) {
    if (error instanceof ConnectorError) throw error.retryable ? toBeAskedAgain(error) : error;
    throw signal.aborted ? tooSlow(error) : error;
  }
}

/** Whoever collects tries again by itself; of a call nothing is left. */
function toBeAskedAgain(error: ConnectorError): ConnectorError {
  const { code, message, health, retryable, httpStatus, vendorCode, retryAfterMs } = error;
  return new ConnectorError(
    {
      ...{ code, message, health, retryable },
      recommendation:
        'Nothing was done. Make the same call again with the same idempotency key, after Retry-After where it is given.',
      ...(httpStatus === undefined ? {} : { httpStatus }),
      ...(vendorCode === undefined ? {} : { vendorCode }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
    { cause: error },
  );
}

function tooSlow(cause: unknown): ConnectorError {
  return new ConnectorError(
    {
      code: 'timeout',
      message: `The console has not told within ${planMs / 1000} seconds what the targets are. Nothing was done.`,
      health: 'unavailable',
      retryable: true,
      recommendation:
        'Ask again with the same idempotency key; with fewer targets, or agent ids in the place of host names, if it stays so.',
    },
    { cause },
  );
}
