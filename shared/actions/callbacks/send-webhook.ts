import { ConnectorError } from '../../errors.ts';
import type { SecretStore } from '../../ports.ts';
import { createTransport, type TransportOptions } from '../../sentinelone/transport.ts';
import { userAgent } from '../../sentinelone/user-agent.ts';
import { type Delivery, deliveryFailure, deliveryOf } from './delivery.ts';
import type { OutcomeEvent } from './outcome-event.ts';
import { readWebhookSecret } from './webhook-secret.ts';
import { eventIdHeader, sign, signatureHeader } from './webhook-signature.ts';
import { parseWebhookUrl, type WebhookAddress } from './webhook-url.ts';

/** `policy` names the domains that webhooks may be sent to. */
export interface WebhookSenderOptions extends Pick<TransportOptions, 'policy' | 'clock' | 'ca' | 'resolve'> {
  readonly secrets: SecretStore;
}

/** The way to the tenants' webhooks; one per process. */
export interface WebhookSender {
  /**
   * Posts the event to the URL, signed with the tenant's secret as it is stored now.
   * Throws what the secret store throws, and nothing else that is expected.
   */
  send(url: string, event: OutcomeEvent): Promise<Delivery>;
  /** Closes all connections. */
  close(): void;
}

/** From the request's start to the last byte of the answer. */
const timeoutMs = 10_000;
/** What an answer says besides its status is of no interest. */
const maxAnswerBytes = 4 * 1024;

/** The way there is guarded as the one to consoles is: see `createTransport`. */
export function createWebhookSender({ secrets, ...options }: WebhookSenderOptions): WebhookSender {
  const { policy, clock } = options;
  const transport = createTransport({ ...options, maxBodyBytes: maxAnswerBytes });

  async function post(address: WebhookAddress, event: OutcomeEvent, secret: string): Promise<Delivery> {
    const body = JSON.stringify(event);
    const headers = {
      'content-type': 'application/json',
      'user-agent': userAgent,
      [eventIdHeader]: event.id,
      [signatureHeader]: sign(secret, body, clock.now()),
      // Webhooks are rare: a kept connection would mostly be found closed, and the try lost with it.
      connection: 'close',
    };
    const response = await transport.request({ ...address, method: 'POST', headers, body, timeoutMs });
    return deliveryOf(response, address, clock.now());
  }

  return {
    async send(url, event) {
      let address: WebhookAddress | undefined;
      try {
        address = parseWebhookUrl(url, policy);
        const found = await readWebhookSecret(secrets, event.tenant);
        if (found.kind !== 'found') return { kind: 'failed', retryable: false, why: found.why };
        return await post(address, event, found.secret);
      } catch (error) {
        if (error instanceof ConnectorError) return deliveryFailure(error, address);
        throw error;
      }
    },
    close: () => transport.close(),
  };
}
