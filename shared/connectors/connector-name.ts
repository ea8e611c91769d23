import type { ConnectorRegistry } from './connector-registry.ts';

/**
 * Gives a name of the tenant to a connector. A name that a connector has left, or had when its creation was interrupted, is free.
 * @returns the id of the connector that has the name, where it is another one
 */
export async function takeName(
  registry: ConnectorRegistry,
  tenant: string,
  name: string,
  id: string,
): Promise<string | undefined> {
  const owner = await registry.ownerOfName(tenant, name);
  if (owner === id) return undefined;
  if (owner !== undefined) {
    const other = await registry.get(tenant, owner);
    const isTheirs =
      other !== undefined &&
      other.state !== 'deleted' &&
      other.connector.name.toLowerCase() === name.toLowerCase();
    if (isTheirs) return owner;
  }
  if (await registry.moveName(tenant, name, owner, id)) return undefined;
  // Somebody was faster.
  return (await registry.ownerOfName(tenant, name)) ?? owner ?? id;
}
