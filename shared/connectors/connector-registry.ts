import type { Connector } from '../ports.ts';

/** What a connector is for: reading data, acting on endpoints, or both. */
export const connectorFunctions = ['collect', 'respond'] as const;
export type ConnectorFunction = (typeof connectorFunctions)[number];

/** `deleted` ones stay as a mark: an id that was used once names objects in the lake and is never given away again. */
export type ConnectorState = 'active' | 'paused' | 'deleted';

/** A connector with what is known about it beside its settings. */
export interface StoredConnector {
  readonly connector: Connector;
  readonly functions: readonly ConnectorFunction[];
  readonly state: ConnectorState;
  /** Raised by every change, from 1 on. */
  readonly version: number;
  /** Of the last change, epoch milliseconds. */
  readonly updatedAt: number;
}

/** A part of the list of connectors, in the order of tenant and id. */
export interface ConnectorPage {
  readonly connectors: readonly StoredConnector[];
  /** Where the next page begins; absent after the last one. */
  readonly after?: ConnectorPlace;
}

/** A place in the list. */
export interface ConnectorPlace {
  readonly tenant: string;
  readonly id: string;
}

/** `id_taken` also by a deleted connector; `name_taken` by another connector of the tenant. Nothing was changed then. */
export type CreateEntryOutcome = 'created' | 'id_taken' | 'name_taken';
/** `outdated`: the stored version is another one. Nothing was changed then, nor where the name is taken. */
export type ReplaceEntryOutcome = 'replaced' | 'outdated' | 'name_taken';

/**
 * All connectors there are, as the control API sees them. Each that is not deleted has its name alone in its tenant, whatever the
 * capitals: entry and name change in one step.
 */
export interface ConnectorRegistry {
  /** Strongly consistent; also a deleted one. */
  get(tenant: string, id: string): Promise<StoredConnector | undefined>;
  create(stored: StoredConnector): Promise<CreateEntryOutcome>;
  /** Writes it if the version that is stored is still that of `seen`; the name that it leaves is free then. */
  replace(stored: StoredConnector, seen: StoredConnector): Promise<ReplaceEntryOutcome>;
  /**
   * At most `limit` of the connectors that are not deleted, behind a place; of one tenant where it is named. A page may hold
   * fewer, also none, with others to follow.
   */
  page(query: {
    readonly tenant?: string;
    readonly after?: ConnectorPlace;
    readonly limit: number;
  }): Promise<ConnectorPage>;
  /** Which connector of the tenant has the name; names are the same whatever their capitals. Strongly consistent. */
  ownerOfName(tenant: string, name: string): Promise<string | undefined>;
}
