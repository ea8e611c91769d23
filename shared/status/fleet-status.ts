import type { ConnectorPlace, ConnectorRegistry, StoredConnector } from '../connectors/connector-registry.ts';
import { pageOfTenants } from '../connectors/page-of-tenants.ts';
import type { ConnectorStatus } from './connector-status.ts';
import { rankOf, type State, states } from './state.ts';

/** All connectors that somebody may see, worst first. */
export interface FleetStatus {
  readonly connectors: readonly ConnectorStatus[];
  /** Connectors by state, all of them and not only this page's; states without one are left out. */
  readonly counts: Readonly<Partial<Record<State, number>>>;
  /** Where the next page begins; absent after the last one. */
  readonly after?: FleetPlace;
}

/** A place in the list: connectors that have become worse meanwhile stand before it and are not shown again. */
export interface FleetPlace {
  readonly rank: number;
  readonly connector: string;
}

export interface FleetQuery {
  readonly tenants: readonly string[] | 'all';
  readonly state?: State;
  readonly after?: FleetPlace;
  readonly limit: number;
}

/** Connectors read side by side. */
const lanes = 50;
const connectorsPerPage = 500;

/** Reads the state of every connector, one read for each: the worst can only be known when all are. */
export async function fleetStatus(
  { tenants, state, after, limit }: FleetQuery,
  registry: ConnectorRegistry,
  statusOf: (stored: StoredConnector) => Promise<ConnectorStatus>,
): Promise<FleetStatus> {
  const all: ConnectorStatus[] = [];
  for await (const page of connectorPages(registry, tenants)) {
    for (let at = 0; at < page.length; at += lanes)
      all.push(...(await Promise.all(page.slice(at, at + lanes).map(statusOf))));
  }
  all.sort(inOrder);
  const behind = all
    .filter((one) => state === undefined || one.state === state)
    .filter((one) => after === undefined || isBehind(one, after));
  const connectors = behind.slice(0, limit);
  const last = connectors.at(-1);
  return {
    connectors,
    counts: countsOf(all),
    ...(behind.length > limit && last !== undefined
      ? { after: { rank: rankOf(last.state), connector: last.connector } }
      : {}),
  };
}

async function* connectorPages(
  registry: ConnectorRegistry,
  tenants: FleetQuery['tenants'],
): AsyncGenerator<readonly StoredConnector[], void> {
  let after: ConnectorPlace | undefined;
  do {
    const place = after === undefined ? {} : { after };
    const page = await pageOfTenants(registry, { tenants, ...place, limit: connectorsPerPage });
    yield page.connectors;
    after = page.after;
  } while (after !== undefined);
}

function inOrder(a: ConnectorStatus, b: ConnectorStatus): number {
  return rankOf(a.state) - rankOf(b.state) || (a.connector < b.connector ? -1 : 1);
}

function isBehind({ state, connector }: ConnectorStatus, { rank, connector: before }: FleetPlace): boolean {
  return rankOf(state) > rank || (rankOf(state) === rank && connector > before);
}

function countsOf(all: readonly ConnectorStatus[]): FleetStatus['counts'] {
  const counts: Partial<Record<State, number>> = {};
  for (const state of states) {
    const count = all.filter((one) => one.state === state).length;
    if (count > 0) counts[state] = count;
  }
  return counts;
}
