import type { SecretStore } from '../../ports.ts';

/** No connector can have this id (`idProblem`), so the tenant's webhook secret stands beside those of its connectors. */
export const webhookSecretId = '_webhook';

/** At least 128 bits in hex; letters that survive every shell and header. */
const secretForm = /^whsec_[A-Za-z0-9_+/=-]{32,200}$/;

export type WebhookSecret =
  | { readonly kind: 'found'; readonly secret: string }
  /** `why` is for people and holds no part of the secret. */
  | { readonly kind: 'missing' | 'malformed'; readonly why: string };

/** What the tenant's webhooks are signed with, as it is stored now. Throws what the store throws. */
export async function readWebhookSecret(secrets: SecretStore, tenant: string): Promise<WebhookSecret> {
  const secret = await secrets.get({ tenant, connector: webhookSecretId });
  const name = `${tenant}/${webhookSecretId}`;
  if (secret === undefined)
    return {
      kind: 'missing',
      why: `There is no secret to sign webhooks with. Store one as ${name} in the secret store: "whsec_" and at least 32 random letters and digits.`,
    };
  if (!secretForm.test(secret))
    return {
      kind: 'malformed',
      why: `The secret ${name} is not "whsec_" and 32 to 200 letters and digits, with nothing before or after it. Store it anew.`,
    };
  return { kind: 'found', secret };
}
