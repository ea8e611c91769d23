import type { ConnectorError } from '../errors.ts';
import { withoutVendorText } from '../sentinelone/error-from-response.ts';
import type { Check } from './report.ts';

/** What a check says, without its name and how long it took. */
export type Finding = Pick<Check, 'ok' | 'status' | 'code' | 'detail' | 'recommendation'>;

const again = 'Then run the test again.';

/** What a failure means, in our words only: the console's own may hold anything. */
export function failed(error: ConnectorError): Finding {
  const { code, httpStatus, recommendation, retryable } = error;
  return {
    ok: false,
    ...(httpStatus === undefined ? {} : { status: httpStatus }),
    code,
    detail: detailOf(error),
    recommendation: retryable ? `${recommendation} ${again}` : recommendation,
  };
}

/** What was not answered when the time was up. */
export const noAnswerInTime: Finding = {
  ok: false,
  code: 'no_answer_in_time',
  detail: 'This was not answered before the time of the test was up.',
  recommendation:
    'Run the test again. If it stays so, the console or the network way to it is slow: collecting has more patience, and its status tells whether it works.',
};

function detailOf({ code, httpStatus, message }: ConnectorError): string {
  // Where it leads to is told by whoever answers there.
  if (code === 'redirect_refused')
    return `The host redirects to another address (HTTP ${httpStatus}); redirects are not followed, and the token is not sent there.`;
  return `${withoutVendorText(message).replace(/\.$/, '')}.`;
}
