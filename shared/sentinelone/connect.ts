import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleSession } from '../engine/slice.ts';
import type { Clock, ConsoleCredentials } from '../ports.ts';
import { createSentinelOneApi } from './api.ts';
import { type HostPolicy, parseHostUrl } from './host-url.ts';
import { createPacer } from './pacing.ts';
import { createTransport } from './transport.ts';

export interface ConnectOptions {
  readonly clock: Clock;
  readonly hostPolicy: HostPolicy;
}

/**
 * The largest page that a worker of 512 MB takes with room to spare: parsed, a page needs ten times its size, and the next one
 * is read ahead. A larger page is asked for again with half its records.
 */
const maxBodyBytes = 16 * 1024 * 1024;

/**
 * Makes the function that opens consoles. Connections and pacing budgets are shared by all sessions of the process: the
 * console's limits are per token, not per session.
 */
export function createConnect({
  clock,
  hostPolicy,
}: ConnectOptions): (credentials: ConsoleCredentials) => ConsoleSession {
  const transport = createTransport({ policy: hostPolicy, clock, maxBodyBytes });
  const pacer = createPacer({ clock, sleep: (ms, signal) => delay(ms, undefined, { signal }) });
  return ({ hostUrl, apiToken }) => {
    const origin = parseHostUrl(hostUrl, hostPolicy);
    return { hostUrl: origin, api: createSentinelOneApi({ origin, apiToken, transport, pacer, clock }) };
  };
}
