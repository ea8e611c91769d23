import type { Connector } from '../../shared/ports.ts';

/** What of the console a connector reads, and how. */
export type ScopeChoice = Required<Pick<Connector, 'siteIds' | 'accountIds' | 'options'>>;

/** What a command line says about a connector. */
export interface ConnectorChoice {
  readonly tenant: string;
  /** The console's origin. */
  readonly hostUrl: string;
  readonly contentTypes: readonly string[];
  /** Epoch milliseconds. */
  readonly since: number;
  readonly scope: ScopeChoice;
}

/**
 * One connector per console and tenant, called after the console's host: the same command line always means the same one.
 * @param name instead of the host's
 * @param createdAt epoch milliseconds
 */
export function connectorFor(
  choice: ConnectorChoice,
  name: string | undefined,
  createdAt: number,
): Connector {
  const { hostname, port } = new URL(choice.hostUrl);
  const id = name ?? (port === '' ? (hostname.split('.')[0] ?? hostname) : `local-${port}`);
  return {
    tenant: choice.tenant,
    id,
    name: id,
    tenantName: choice.tenant,
    hostUrl: choice.hostUrl,
    contentTypes: choice.contentTypes,
    since: choice.since,
    ...choice.scope,
    createdAt,
  };
}
