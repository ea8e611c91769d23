import { createHash } from 'node:crypto';
import { createKey } from '../../shared/access/create-key.ts';
import type { Right } from '../../shared/access/rights.ts';
import { actionTypes, findActionType } from '../../shared/actions/registry.ts';
import { type AdvanceDependencies, advanceAction } from '../../shared/actions/run/advance.ts';
import { type DispatchDependencies, dispatch } from '../../shared/api/dispatch.ts';
import type { ApiResponse } from '../../shared/api/http.ts';
import { openApiDocument } from '../../shared/api/openapi.ts';
import { routes } from '../../shared/api/registry.ts';
import type { Services } from '../../shared/api/services.ts';
import type { ConnectivityReport } from '../../shared/connectivity/report.ts';
import { readCredentials } from '../../shared/connectors/credentials.ts';
import { contentType } from '../../shared/content-types/registry.ts';
import type { ConsoleSession } from '../../shared/engine/slice.ts';
import type { Json } from '../../shared/json.ts';
import type { SentinelOneApi } from '../../shared/ports.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryActionQueue } from './memory/memory-action-queue.ts';
import { MemoryActions } from './memory/memory-actions.ts';
import { MemoryAudit } from './memory/memory-audit.ts';
import { MemoryBackfills } from './memory/memory-backfills.ts';
import { MemoryIsolationCounter } from './memory/memory-isolation-counter.ts';
import { MemoryKeys } from './memory/memory-keys.ts';
import { MemoryPolicies } from './memory/memory-policies.ts';
import { MemoryQueue } from './memory/memory-queue.ts';
import { MemoryRegistry } from './memory/memory-registry.ts';
import { MemorySecrets } from './memory/memory-secrets.ts';
import { MemoryStatus } from './memory/memory-status.ts';
import { MemoryStreams } from './memory/memory-streams.ts';
import { MemoryTests } from './memory/memory-tests.ts';

/** A call as a test makes it. */
export interface TestCall {
  readonly key?: string | undefined;
  readonly body?: unknown;
  /** Sent as it is, in the place of `body`. */
  readonly text?: string;
  /** A header with several values came several times. */
  /** Who has signed it, where the gateway has checked a signature. */
  readonly userArn?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** An answer with its body read. */
export interface TestAnswer extends ApiResponse {
  readonly json: { readonly [name: string]: Json };
}

export const wellReport: ConnectivityReport = {
  ok: true,
  checks: [{ name: 'host', ok: true, detail: 'a console answers', durationMs: 1 }],
};

/** A console on which there is nothing. */
const emptyConsole: SentinelOneApi = {
  list: async () => ({ data: [] }),
  request: async () => ({ json: { data: { affected: 0 } } }),
};

/**
 * The control API over ports in memory, with one clock.
 * @param console what actions are sent to, and targets are looked up in
 */
export function apiWorld(
  access: Pick<DispatchDependencies, 'jwt' | 'principalOfArn'> = {},
  console: SentinelOneApi = emptyConsole,
) {
  const clock = new ManualClock('2026-11-26T09:30:00Z');
  const streams = new MemoryStreams();
  const registry = new MemoryRegistry();
  const secrets = new MemorySecrets();
  const queue = new MemoryQueue();
  const keys = new MemoryKeys();
  const audit = new MemoryAudit();
  const tests = new MemoryTests();
  const status = new MemoryStatus(streams, tests);
  const logged: string[] = [];
  const note = (message: string, fields?: object) =>
    void logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  let made = 0;
  /** Different every time, and the same in every run. */
  const randomBytes = (size: number) => {
    const block = (i: number) => createHash('sha256').update(`${made} ${i}`).digest();
    made += 1;
    return Buffer.concat([block(0), block(1)]).subarray(0, size);
  };
  const actions = new MemoryActions();
  const policies = new MemoryPolicies();
  const actionQueue = new MemoryActionQueue();
  const counted: string[] = [];
  const session: ConsoleSession = {
    hostUrl: 'https://euce1-northwind.sentinelone.net',
    api: console,
    now: () => clock.now(),
  };
  const openConsole = async () => session;
  const acting: AdvanceDependencies = {
    ...{ clock, actions, policies, registry, audit, openConsole, findActionType },
    random: () => 0.5,
    log: { info: note, warn: note, error: note },
    queue: actionQueue,
    tellOutcomes: async ({ trail }) => ({ told: trail.length, tellFailures: 0, notes: [] }),
    leaseMs: 90_000,
  };
  const services: Services = {
    ...{ actions, openConsole, findActionType, actionTypes },
    advanceAction: (request) => advanceAction(request, acting),
    sleep: async (ms) => void clock.advance(ms),
    count: (metric) => void counted.push(metric),
    clock,
    log: { info: note, warn: note, error: note },
    registry,
    connectors: streams,
    control: streams,
    secrets,
    queue,
    hostPolicy: { suffixes: ['.sentinelone.net'], loopback: false },
    findContentType: contentType,
    claimMs: 900_000,
    keys,
    randomBytes,
    audit,
    tests,
    status,
    backfills: new MemoryBackfills(),
    policies,
    isolations: new MemoryIsolationCounter(),
    callbackHosts: { suffixes: ['.soar.example.com'], loopback: false },
    recentRecords: { read: async () => ({ records: [], isPart: false }) },
    openApi: () => openApiDocument(routes, '0.0.0'),
    credentialsOf: (key) => readCredentials(secrets, key),
    testConnectivity: async () => wellReport,
  };
  const dependencies = { routes, services, clock, log: services.log, keys, ...access };
  let calls = 0;

  async function call(method: string, path: string, sent: TestCall = {}): Promise<TestAnswer> {
    const url = new URL(path, 'https://api.example');
    const query: Record<string, string[]> = {};
    for (const [name, value] of url.searchParams) query[name] = [...(query[name] ?? []), value];
    const body = sent.text ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
    const headers: Record<string, string[]> = {
      ...(body === undefined ? {} : { 'content-type': ['application/json'] }),
      ...(sent.key === undefined ? {} : { 'x-api-key': [sent.key] }),
    };
    for (const [name, value] of Object.entries(sent.headers ?? {}))
      headers[name.toLowerCase()] = [value].flat();
    const response = await dispatch(
      {
        ...{ method, path: url.pathname, query, headers, body },
        ...{ requestId: `r${++calls}`, sourceIp: '192.0.2.7' },
        ...(sent.userArn === undefined ? {} : { userArn: sent.userArn }),
      },
      dependencies,
    );
    return { ...response, json: jsonOf(response) };
  }

  return {
    clock,
    streams,
    registry,
    secrets,
    queue,
    keys,
    audit,
    tests,
    logged,
    actions,
    policies,
    actionQueue,
    acting,
    counted,
    services,
    dependencies,
    call,
    status,
    /** A key with these rights. */
    async key(
      rights: readonly Right[] = ['admin'],
      tenants: readonly string[] | 'all' = 'all',
      expiresAt?: number,
    ): Promise<string> {
      const outcome = await createKey(services, {
        name: rights.join(' '),
        tenants,
        rights,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        createdBy: { kind: 'operator', id: 'test' },
      });
      if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome.problems));
      return outcome.key;
    },
  };
}

/** Nothing of an answer that is no JSON. */
function jsonOf({ headers, body }: ApiResponse): TestAnswer['json'] {
  const isJson = /\bjson\b/.test(headers['Content-Type'] ?? '');
  return body === undefined || !isJson ? {} : JSON.parse(body);
}

/** The body of a creation that is well. */
export const goodConnector = {
  name: 'EMEA servers',
  tenant: 'northwind',
  tenantName: 'Northwind Manufacturing',
  hostUrl: 'https://euce1-northwind.sentinelone.net/dashboard',
  apiToken: 'eyJ-a-token-that-nobody-may-see',
  contentTypes: ['threats', 'agents'],
  intervalMinutes: 5,
  since: '24h',
};
