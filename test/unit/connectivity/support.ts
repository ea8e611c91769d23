import { onTestFinished } from 'vitest';
import { type ConsoleOptions, type RunningConsole, startConsole } from '../../../local/console/console.ts';
import type { Check, ConnectivityReport } from '../../../shared/connectivity/report.ts';
import {
  type ConnectivityDependencies,
  type ConnectivityInput,
  testConnectivity,
} from '../../../shared/connectivity/test-connectivity.ts';
import { contentType, contentTypeIds } from '../../../shared/content-types/registry.ts';
import { consolesOver } from '../../../shared/sentinelone/connect.ts';
import { createPacer } from '../../../shared/sentinelone/pacing.ts';
import { createSharedPacer, type SharedPacer } from '../../../shared/sentinelone/shared-pacer.ts';
import { createTransport, type TransportOptions } from '../../../shared/sentinelone/transport.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryPacing } from '../../support/memory/memory-pacing.ts';

export const epoch = '2026-11-24T12:00:00Z';

/** A simulated console that is closed when the test ends. */
export async function simulatorAt(
  clock: ManualClock,
  options: Partial<ConsoleOptions> = {},
): Promise<RunningConsole> {
  const simulator = await startConsole({
    seed: 7,
    epochMs: Date.parse(epoch),
    threats: 60,
    agents: 20,
    historyMs: 6 * 3_600_000,
    clock,
    rateLimitScale: 'off',
    ...options,
  });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** A test of a connector, over the real client and HTTP; nothing of it waits, and its time is never up unless a test says so. */
export interface Tested {
  readonly hostUrl: string;
  readonly apiToken: string;
  readonly contentTypes?: readonly string[];
  readonly functions?: ConnectivityInput['functions'];
  readonly connector?: Partial<ConnectivityInput['connector']>;
  readonly clock?: ManualClock;
  readonly transport?: Partial<TransportOptions>;
  readonly pacing?: MemoryPacing;
  /** The product's own pacer, by whose waits the clock moves; else nothing is paced. */
  readonly isPaced?: boolean;
  readonly dependencies?: Partial<ConnectivityDependencies>;
}

const unpaced: SharedPacer = { take: async () => undefined, heed: async () => undefined };
const never = () => new Promise<void>(() => undefined);

export async function test(tested: Tested): Promise<ConnectivityReport> {
  const { hostUrl, apiToken, pacing = new MemoryPacing(), clock = new ManualClock(epoch) } = tested;
  const hostPolicy = { suffixes: ['.sentinelone.net'], loopback: true };
  const transport = createTransport({ policy: hostPolicy, clock, ...tested.transport });
  onTestFinished(() => transport.close());
  const pacer = tested.isPaced === true ? pacerOver(clock, pacing) : unpaced;
  return await testConnectivity(
    {
      connector: {
        contentTypes: tested.contentTypes ?? contentTypeIds,
        siteIds: [],
        accountIds: [],
        ...tested.connector,
      },
      functions: tested.functions ?? ['collect'],
      credentials: { hostUrl, apiToken },
    },
    {
      clock,
      sleep: never,
      consoles: consolesOver({ clock, hostPolicy, transport, pacer }),
      pauses: pacing,
      findContentType: contentType,
      ...tested.dependencies,
    },
  );
}

function pacerOver(clock: ManualClock, store: MemoryPacing): SharedPacer {
  const sleep = async (ms: number) => clock.advance(ms);
  const ignore = () => undefined;
  return createSharedPacer({
    store,
    clock,
    sleep,
    local: createPacer({ clock, sleep }),
    log: { info: ignore, warn: ignore, error: ignore },
  });
}

/** The check of this name, or of this content type. */
export function checkOf({ checks }: ConnectivityReport, name: string): Check {
  const check = checks.find((candidate) => candidate.contentType === name || candidate.name === name);
  if (check === undefined)
    throw new Error(`There is no check ${name}, but ${checks.map((other) => other.name).join(', ')}.`);
  return check;
}
