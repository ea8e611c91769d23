import type { ConsoleCredentials, SecretStore } from '../ports.ts';
import type { TenantConnector } from './connector-id.ts';

/**
 * Keeps host and token of a connector. The host is kept with the token, so that nobody who may only write the table can send a
 * token to another host. What is there already is not written again.
 * @returns true where it was written
 */
export async function saveToken(
  { tenant, id }: TenantConnector,
  { hostUrl, apiToken }: ConsoleCredentials,
  secrets: SecretStore,
): Promise<boolean> {
  const key = { tenant, connector: id };
  const value = JSON.stringify({ hostUrl, apiToken });
  if ((await secrets.get(key)) === value) return false;
  await secrets.put(key, value);
  return true;
}
