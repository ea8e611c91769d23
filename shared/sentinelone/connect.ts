import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleSession } from '../engine/slice.ts';
import type { Clock, ConsoleCredentials, Log } from '../ports.ts';
import { createSentinelOneApi } from './api.ts';
import { ConsoleClock } from './console-clock.ts';
import { type HostPolicy, parseHostUrl } from './host-url.ts';
import { createPacer } from './pacing.ts';
import type { PacingStore } from './pacing-store.ts';
import { probeHost } from './probe-host.ts';
import { createSharedPacer, type SharedPacer } from './shared-pacer.ts';
import { createTransport, type Transport } from './transport.ts';

export interface ConnectOptions {
  readonly clock: Clock;
  readonly hostPolicy: HostPolicy;
  /** What all workers of a token know of each other. */
  readonly pacing: PacingStore;
  readonly log: Log;
}

/**
 * The largest page that a worker of 512 MB takes with room to spare: parsed, a page needs ten times its size, and the next one
 * is read ahead. A larger page is asked for again with half its records.
 */
const maxBodyBytes = 16 * 1024 * 1024;

/** The ways to consoles. */
export interface Consoles {
  /** Opens a console. Throws `ConnectorError` for a host that we do not talk to and a token that cannot be one. */
  connect(credentials: ConsoleCredentials): ConsoleSession;
  /** Asks without a token whether a console answers at the host URL; see `probeHost`. */
  probeHost(hostUrl: string, signal: AbortSignal): Promise<void>;
}

/**
 * Connections and what is known of a console's clock are shared by all sessions of the process, pacing budgets and pauses by
 * all workers: the console's limits are per token, not per session.
 */
export function createConsoles({ clock, hostPolicy, pacing, log }: ConnectOptions): Consoles {
  const transport = createTransport({ policy: hostPolicy, clock, maxBodyBytes });
  const sleep = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal });
  const local = createPacer({ clock, sleep });
  const pacer = createSharedPacer({ store: pacing, local, clock, sleep, log });
  return consolesOver({ clock, hostPolicy, transport, pacer });
}

/** What consoles are reached by. */
export interface ConsolesOptions extends Pick<ConnectOptions, 'clock' | 'hostPolicy'> {
  readonly transport: Transport;
  readonly pacer: SharedPacer;
}

/** The same over connections and a pacer that there are already. */
export function consolesOver({ clock, hostPolicy, transport, pacer }: ConsolesOptions): Consoles {
  const consoleClocks = new Map<string, ConsoleClock>();
  return {
    connect({ hostUrl, apiToken }) {
      const origin = parseHostUrl(hostUrl, hostPolicy);
      const consoleClock = consoleClocks.get(origin) ?? new ConsoleClock(clock);
      consoleClocks.set(origin, consoleClock);
      const api = createSentinelOneApi({ origin, apiToken, transport, pacer, clock, consoleClock });
      return {
        ...{ hostUrl: origin, api },
        now: () => consoleClock.now(),
        answeredAt: () => consoleClock.answeredAt(),
      };
    },
    async probeHost(hostUrl, signal) {
      await probeHost({ origin: parseHostUrl(hostUrl, hostPolicy), transport, pacer, clock, signal });
    },
  };
}
