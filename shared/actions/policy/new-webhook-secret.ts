import type { RandomBytes } from '../../access/api-key.ts';
import type { SecretStore } from '../../ports.ts';
import { webhookSecretId } from '../callbacks/webhook-secret.ts';

const secretBytes = 32;

/** Makes the secret that a tenant's webhooks are signed with from now on, in the place of the one before, and stores it. */
export async function newWebhookSecret(
  tenant: string,
  { secrets, randomBytes }: { readonly secrets: SecretStore; readonly randomBytes: RandomBytes },
): Promise<string> {
  const secret = `whsec_${Buffer.from(randomBytes(secretBytes)).toString('base64url')}`;
  await secrets.put({ tenant, connector: webhookSecretId }, secret);
  return secret;
}
