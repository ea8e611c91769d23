import type {
  ConnectorPage,
  ConnectorPlace,
  ConnectorRegistry,
  StoredConnector,
} from '../../../shared/connectors/connector-registry.ts';

/** The connectors in memory. */
export class MemoryRegistry implements ConnectorRegistry {
  readonly stored = new Map<string, StoredConnector>();
  readonly names = new Map<string, string>();
  reads = 0;

  async get(tenant: string, id: string): Promise<StoredConnector | undefined> {
    this.reads += 1;
    return this.stored.get(`${tenant}/${id}`);
  }

  async create(stored: StoredConnector): Promise<boolean> {
    const key = keyOf(stored.connector);
    if (this.stored.has(key)) return false;
    this.stored.set(key, stored);
    return true;
  }

  async replace(stored: StoredConnector, seen: number): Promise<boolean> {
    const key = keyOf(stored.connector);
    if (this.stored.get(key)?.version !== seen) return false;
    this.stored.set(key, stored);
    return true;
  }

  async page(query: {
    readonly tenant?: string;
    readonly after?: ConnectorPlace;
    readonly limit: number;
  }): Promise<ConnectorPage> {
    this.reads += 1;
    const { tenant, after, limit } = query;
    const all = [...this.stored]
      .filter(([, { connector }]) => tenant === undefined || connector.tenant === tenant)
      .filter(([key]) => after === undefined || key > keyOf(after))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, stored]) => stored);
    const read = all.slice(0, limit);
    const end = read.at(-1)?.connector;
    return {
      connectors: read.filter(({ state }) => state !== 'deleted'),
      ...(all.length > limit && end !== undefined ? { after: { tenant: end.tenant, id: end.id } } : {}),
    };
  }

  async ownerOfName(tenant: string, name: string): Promise<string | undefined> {
    return this.names.get(`${tenant}/${name.toLowerCase()}`);
  }

  async moveName(
    tenant: string,
    name: string,
    from: string | undefined,
    to: string | undefined,
  ): Promise<boolean> {
    const key = `${tenant}/${name.toLowerCase()}`;
    if (from === undefined && to === undefined) return true;
    if (this.names.get(key) !== from) return false;
    if (to === undefined) this.names.delete(key);
    else this.names.set(key, to);
    return true;
  }
}

function keyOf({ tenant, id }: ConnectorPlace): string {
  return `${tenant}/${id}`;
}
