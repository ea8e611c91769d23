import { type ConsoleOptions, type RunningConsole, startConsole } from '../../local/console/console.ts';
import type { RateLimitScale } from '../../local/console/server/rate-limits.ts';
import type { RequestCounts } from '../../local/console/server/request-log.ts';
import type { Connector } from '../../shared/ports.ts';
import type { Setup } from './protocol.ts';

/** The engine is what is attacked here; that all content types are read rightly is seen in faults.test.ts. */
const attacked = ['agents', 'threats'];

/** What there is to collect. */
export interface Scenario {
  /** Each has a connector to both consoles, with the same tokens as the others. */
  readonly tenants: readonly string[];
  /** Windows of one page, and many of them. */
  readonly thin: WorldSize;
  /** Windows of several pages and batches, with cursors between them. */
  readonly dense: WorldSize;
  readonly rateLimitScale: RateLimitScale;
  /** Of the streams of the connectors. */
  readonly intervalMs: number;
}

interface WorldSize extends Pick<ConsoleOptions, 'threats' | 'agents'> {
  /** So far back the history goes, and is collected. */
  readonly hours: number;
}

const hourMs = 3_600_000;

/** The consoles of a scenario, and what is to be collected from them. */
export interface RunningScenario {
  readonly consoles: readonly RunningConsole[];
  readonly connectors: Setup['connectors'];
  /** The console that a connector reads. */
  consoleOf(connector: Connector): RunningConsole;
  /** Added up over the consoles. */
  counts(): Promise<RequestCounts>;
  close(): Promise<void>;
}

/** Starts the consoles of the scenario; their history ends now. */
export async function startScenario(scenario: Scenario, seed: number): Promise<RunningScenario> {
  const epochMs = Date.now();
  const { rateLimitScale } = scenario;
  const start = ({ threats, agents, hours }: WorldSize, worldSeed: number) =>
    startConsole({
      seed: worldSeed,
      epochMs,
      threats,
      agents,
      historyMs: hours * hourMs,
      rateLimitScale,
    });
  const consoles = {
    thin: await start(scenario.thin, seed),
    dense: await start(scenario.dense, seed + 1),
  };
  const all = Object.values(consoles);
  return {
    consoles: all,
    connectors: scenario.tenants.flatMap((tenant) =>
      (['thin', 'dense'] as const).map((id) => {
        const { url, tokens } = consoles[id];
        const connector: Connector = {
          tenant,
          id,
          name: id,
          tenantName: tenant,
          hostUrl: url,
          contentTypes: attacked,
          intervalMs: scenario.intervalMs,
          since: epochMs - scenario[id].hours * hourMs,
          siteIds: [],
          accountIds: [],
          createdAt: epochMs,
        };
        return { connector, credentials: { hostUrl: url, apiToken: tokens.admin } };
      }),
    ),
    consoleOf({ hostUrl }) {
      const found = all.find(({ url }) => url === hostUrl);
      if (found === undefined) throw new Error(`There is no console ${hostUrl}.`);
      return found;
    },
    async counts() {
      const [first, ...others] = await Promise.all(all.map(countsOf));
      return others.reduce(add, first ?? noRequests);
    },
    async close() {
      await Promise.all(all.map((console) => console.close()));
    },
  };
}

const noRequests: RequestCounts = {
  requests: 0,
  throttled: 0,
  serverErrors: 0,
  resets: 0,
  refusedCursors: 0,
};

async function countsOf({ url }: RunningConsole): Promise<RequestCounts> {
  return (await (await fetch(`${url}/simulator/counts`)).json()) as RequestCounts;
}

function add(a: RequestCounts, b: RequestCounts): RequestCounts {
  return {
    requests: a.requests + b.requests,
    throttled: a.throttled + b.throttled,
    serverErrors: a.serverErrors + b.serverErrors,
    resets: a.resets + b.resets,
    refusedCursors: a.refusedCursors + b.refusedCursors,
  };
}
