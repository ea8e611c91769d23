import type { ConnectorError } from '../../errors.ts';
import { parseRetryAfter } from '../../sentinelone/retry-after.ts';
import type { TransportResponse } from '../../sentinelone/transport.ts';
import type { WebhookAddress } from './webhook-url.ts';

/** What has become of a try to deliver a webhook. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly status: number }
  | {
      readonly kind: 'failed';
      /** False where the same try would fail again, however long somebody waits. */
      readonly retryable: boolean;
      /** For people, one or two sentences: no secret, and of the URL no more than the host. */
      readonly why: string;
      /** How long the receiver asked us to wait, milliseconds. */
      readonly retryAfterMs?: number;
    };

interface Meaning {
  readonly retryable: boolean;
  /** What to do about it. */
  readonly advice: string;
}

const passing: Meaning = { retryable: true, advice: 'Nothing to do if it is rare.' };
const final: Meaning = {
  retryable: false,
  advice: 'It refuses such a request for good; look into its log for the reason.',
};
const signatureDoubted: Meaning = {
  retryable: true,
  advice: 'Check that it verifies the signature with the secret that is stored here.',
};

/**
 * Of the refusals (4xx); the others are `final`. 401, 403 and 404 are what a receiver says while its secret or its path is being
 * changed, so they are tried again; what it cannot read (400, 413, 422 and others) it never will.
 */
const refusals: Readonly<Record<number, Meaning>> = {
  401: signatureDoubted,
  403: signatureDoubted,
  404: { retryable: true, advice: "Check the path of the webhook URL in the tenant's policy." },
  408: passing,
  410: {
    retryable: false,
    advice: 'It wants no more of them: take the webhook out of the policy, or name another.',
  },
  425: passing,
  429: passing,
};

/** Of failures without an answer, by their code. Those that are not here are passing ones. */
const troubles: Readonly<Record<string, Meaning>> = {
  host_refused: {
    retryable: false,
    advice:
      "Set the webhook URL of the tenant's policy to an https address whose host is public and below one of the stack's callbackHostSuffixes.",
  },
  redirect_refused: {
    retryable: false,
    advice: "Set the webhook URL of the tenant's policy to the address that the receiver answers at itself.",
  },
  // One that has expired is renewed.
  certificate_refused: {
    retryable: true,
    advice: 'It must be valid for the host and issued by a public authority.',
  },
};

/** What the receiver's answer means. */
export function deliveryOf(
  { status, headers }: Pick<TransportResponse, 'status' | 'headers'>,
  { origin }: WebhookAddress,
  now: number,
): Delivery {
  if (status < 300) return { kind: 'delivered', status };
  const { retryable, advice } = status >= 500 ? passing : (refusals[status] ?? final);
  const why = `POST ${origin}: the receiver answered HTTP ${status}. ${advice}`;
  const retryAfterMs = parseRetryAfter(headers['retry-after'], now);
  return { kind: 'failed', retryable, why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/**
 * What it means that there is no answer, or none that the transport lets through.
 * @param address absent where the URL itself was refused
 */
export function deliveryFailure(error: ConnectorError, address?: WebhookAddress): Delivery {
  const { code, message, httpStatus: status = 0 } = error;
  // Only the body was of no use (too large, broken off), and nobody needs it.
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const { retryable, advice } = troubles[code] ?? passing;
  const told = address === undefined ? message : withoutPath(message, address);
  return { kind: 'failed', retryable, why: `${told.replace(/\.$/, '')}. ${advice}` };
}

/** The transport names the path, which may hold a secret of the receiver's. */
function withoutPath(message: string, { origin, path }: WebhookAddress): string {
  return message.replaceAll(`${origin}${path.replace(/\?.*/s, '')}`, origin);
}
