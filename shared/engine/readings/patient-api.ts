import { ConnectorError } from '../../errors.ts';
import type { SentinelOneApi } from '../../ports.ts';
import type { PageRequest } from '../reading.ts';

/** Tries of one request, the first one among them. */
const mostTries = 4;
const firstWaitMs = 1_000;
/** What the console wants to be left alone for longer is for the slice: no worker is paid for waiting. */
const longestWaitMs = 5_000;

/**
 * The console for pages that are made of many requests. One of many fails now and then, and with it the whole page would have to
 * be asked for again: where a tenth of the requests fail, a page of a hundred would never be read. So a request is made again
 * after a short wait, and only a failure that stays ends the page. For requests that change nothing.
 */
export function patientApi({ api, sleep, signal: pageSignal }: PageRequest): SentinelOneApi {
  async function patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        const waitMs = waitAfter(error, attempt);
        if (waitMs === undefined || pageSignal.aborted) throw error;
        await sleep(waitMs, pageSignal);
      }
    }
  }

  return {
    list: (path, params, signal) => patiently(() => api.list(path, params, signal)),
    request: (call, signal) => patiently(() => api.request(call, signal)),
  };
}

/** Milliseconds; undefined for a failure that waiting does not help, or not soon. */
function waitAfter(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof ConnectorError) || !error.retryable || attempt >= mostTries) return undefined;
  // A refused cursor is refused again.
  if (error.code === 'cursor_refused') return undefined;
  const waitMs = error.retryAfterMs ?? firstWaitMs * 2 ** (attempt - 1);
  return waitMs > longestWaitMs ? undefined : waitMs;
}
