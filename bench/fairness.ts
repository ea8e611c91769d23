import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EmbeddedStack, startStack } from '../local/stack/start-stack.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { createDynamoConnectorStore } from '../shared/aws/dynamo-connector-store.ts';
import { createSaveDependencies } from '../shared/aws/save-dependencies.ts';
import { saveConnector } from '../shared/connectors/save-connector.ts';
import { nextSlot } from '../shared/engine/schedule.ts';
import type { ConsoleCredentials } from '../shared/ports.ts';
import { forked } from './forked.ts';

/** How long small tenants wait while one tenant reads a deep backlog, on the embedded stack with real HTTP. */
export interface Fairness {
  readonly deepRecords: number;
  /** Records of the deep tenant that were read meanwhile. */
  readonly deepRead: number;
  readonly smallTenants: number;
  readonly smallSlices: number;
  /** From the planned time to the end of the slice, seconds. */
  readonly medianSeconds: number;
  readonly p95Seconds: number;
  readonly intervalSeconds: number;
  /** 95th percentile over the interval; the target is below 1. */
  readonly ratio: number;
}

const deepRecords = 1_000_000;
const smallTenants = 200;
const intervalMs = 300_000;
const runMs = 12 * 60_000;

/** Takes twelve minutes, because it is about intervals of five. */
export async function measureFairness(): Promise<Fairness> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-fairness-'));
  const console = await forked<ConsoleCredentials>('./deep-console-process.ts', {
    args: [String(deepRecords)],
  });
  const stack = await startStack({
    stateDir,
    assemblyDir: await synthesize(),
    extraEnvironment: { CONSOLE_LOOPBACK: 'allowed' },
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  try {
    const now = Date.now();
    await save(stack, console.message, { tenant: 'deep', contentType: 'threats', since: now - 86_400_000 });
    for (let i = 0; i < smallTenants; i++) {
      const small = { tenant: `small-${i}`, contentType: 'agents', since: now - intervalMs };
      await save(stack, console.message, small);
    }
    stack.run();
    await delay(runMs);
    await stack.quiesce();
    const delays = delaysOf(await slices(path.join(stateDir, 'logs'))).sort((a, b) => a - b);
    const seconds = (part: number) =>
      Math.round((delays[Math.floor(delays.length * part)] ?? Number.NaN) / 1_000);
    const connectors = createDynamoConnectorStore({
      client: stack.clients.documents,
      table: stack.table,
      dueShards: stack.dueShards,
    });
    const [deep] = await connectors.streams('deep', 'bench');
    return {
      deepRecords,
      deepRead: deep?.totals.records ?? 0,
      smallTenants,
      smallSlices: delays.length,
      medianSeconds: seconds(0.5),
      p95Seconds: seconds(0.95),
      intervalSeconds: intervalMs / 1_000,
      ratio: Math.round((seconds(0.95) / (intervalMs / 1_000)) * 100) / 100,
    };
  } finally {
    await stack.quiesce();
    await stack.close();
    await console.end();
    await rm(stateDir, { recursive: true });
  }
}

async function save(
  stack: EmbeddedStack,
  credentials: ConsoleCredentials,
  { tenant, contentType: id, since }: { tenant: string; contentType: string; since: number },
): Promise<void> {
  const { clients, table, dueShards, secretPrefix } = stack;
  await saveConnector(
    {
      ...{ tenant, id: 'bench', name: 'bench', tenantName: tenant, hostUrl: credentials.hostUrl },
      ...{ contentTypes: [id], since, intervalMs, siteIds: [], accountIds: [], createdAt: Date.now() },
    },
    credentials,
    createSaveDependencies({
      documents: clients.documents,
      secrets: clients.secrets,
      table,
      dueShards,
      secretPrefix,
    }),
  );
}

interface SliceLine {
  readonly stream: string;
  readonly outcome: string;
  readonly timestamp: string;
}

/** The slices that the workers have logged, in the order of their ends. */
async function slices(logDir: string): Promise<readonly SliceLine[]> {
  const lines: SliceLine[] = [];
  for (const file of await readdir(logDir)) {
    for (const text of (await readFile(path.join(logDir, file), 'utf8')).split('\n')) {
      if (text.includes('"message":"slice"')) lines.push(JSON.parse(text) as SliceLine);
    }
  }
  return lines.sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
}

/** For each slice of a small tenant that was done: how long after its planned time, which follows from the slice before. */
function delaysOf(lines: readonly SliceLine[]): number[] {
  const dueAt = new Map<string, number>();
  const delays: number[] = [];
  for (const { stream, outcome, timestamp } of lines) {
    if (outcome !== 'done' || !stream.startsWith('small-')) continue;
    const [tenant = '', connector = '', id = ''] = stream.split('/');
    const endedAt = Date.parse(timestamp);
    const due = dueAt.get(stream);
    if (due !== undefined) delays.push(endedAt - due);
    dueAt.set(stream, nextSlot({ tenant, connector, contentType: id }, intervalMs, endedAt));
  }
  return delays;
}
