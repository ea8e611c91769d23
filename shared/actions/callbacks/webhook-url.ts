import { hostRefused } from '../../sentinelone/host-refused.ts';
import { type HostPolicy, parseHostUrl } from '../../sentinelone/host-url.ts';

/** Where webhooks are sent, in the parts that the transport takes. */
export interface WebhookAddress {
  readonly origin: string;
  /** Path and query, encoded; it may hold a secret of the receiver's, so it belongs into no message and no log. */
  readonly path: string;
}

const longestUrl = 2048;

/**
 * The address of a tenant's webhook. Its host passes the same guard as a console's, with the domains that the policy names.
 * @throws ConnectorError `host_refused`, whose message names what was wrong, and nothing behind the host
 */
export function parseWebhookUrl(text: string, policy: HostPolicy): WebhookAddress {
  if (text.length > longestUrl) throw hostRefused(`The webhook URL is longer than ${longestUrl} characters.`);
  const parts = /^(?<authority>https?:\/\/[^/?#\\]*)(?<rest>[^#\\]*)$/i.exec(text)?.groups;
  if (parts === undefined || !/^[\x21-\x7e]*$/.test(text))
    throw hostRefused(
      'The webhook URL must be an https:// address of visible ASCII characters, without a fragment or a backslash.',
    );
  const origin = parseHostUrl(parts['authority'] ?? '', policy);
  const { pathname, search } = new URL(text);
  return { origin, path: `${pathname}${search}` };
}
