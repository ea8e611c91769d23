import type {
  ConnectorPage,
  ConnectorPlace,
  ConnectorRegistry,
  CreateEntryOutcome,
  ReplaceEntryOutcome,
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

  async create(stored: StoredConnector): Promise<CreateEntryOutcome> {
    if (this.isTaken(stored)) return 'name_taken';
    if (this.stored.has(keyOf(stored.connector))) return 'id_taken';
    this.write(stored, undefined);
    return 'created';
  }

  async replace(stored: StoredConnector, seen: StoredConnector): Promise<ReplaceEntryOutcome> {
    if (this.stored.get(keyOf(stored.connector))?.version !== seen.version) return 'outdated';
    if (this.isTaken(stored)) return 'name_taken';
    this.write(stored, seen);
    return 'replaced';
  }

  private isTaken({ connector, state }: StoredConnector): boolean {
    const owner = this.names.get(nameKeyOf(connector));
    return state !== 'deleted' && owner !== undefined && owner !== connector.id;
  }

  private write(stored: StoredConnector, seen: StoredConnector | undefined): void {
    const { connector, state } = stored;
    if (seen !== undefined && this.names.get(nameKeyOf(seen.connector)) === connector.id)
      this.names.delete(nameKeyOf(seen.connector));
    if (state !== 'deleted') this.names.set(nameKeyOf(connector), connector.id);
    this.stored.set(keyOf(connector), stored);
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
    return this.names.get(nameKeyOf({ tenant, name }));
  }
}

function keyOf({ tenant, id }: ConnectorPlace): string {
  return `${tenant}/${id}`;
}

function nameKeyOf({ tenant, name }: { readonly tenant: string; readonly name: string }): string {
  return `${tenant}/${name.toLowerCase()}`;
}
