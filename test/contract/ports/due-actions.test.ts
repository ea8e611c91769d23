import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulators, startEmulators } from '../../../local/emulators/start-emulators.ts';
import { abandonLeases } from '../../../local/stack/abandon-leases.ts';
import { type AwsClients, createAwsClients } from '../../../local/stack/aws-clients.ts';
import type { Action, ActionPlace } from '../../../shared/actions/run/action.ts';
import type { ActionStore } from '../../../shared/actions/run/action-store.ts';
import type { DueActions } from '../../../shared/actions/run/due-actions.ts';
import { createDynamoActionStore } from '../../../shared/aws/dynamo-action-store.ts';
import { createDynamoConnectorStore } from '../../../shared/aws/dynamo-connector-store.ts';
import { createDynamoDueActions } from '../../../shared/aws/dynamo-due-actions.ts';
import { createDynamoDueIndex } from '../../../shared/aws/dynamo-due-index.ts';
import { createDynamoStreamStore } from '../../../shared/aws/dynamo-stream-store.ts';
import type { Due } from '../../../shared/ports.ts';
import { stateTableDefinition } from '../../support/state-table.ts';

// Streams and actions share the index, and a restart of the embedded mode frees both: over the same table and emulator.
const table = 'state';
const now = Date.parse('2026-11-24T10:00:00Z');
const settings = { tenantName: 'T', connectorName: 'C', intervalMs: 1, siteIds: [], accountIds: [] };
let stateDir: string;
let emulators: Emulators;
let clients: AwsClients;
let actions: ActionStore;
let dueActions: DueActions;

beforeAll(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-due-actions-'));
  emulators = await startEmulators({ stateDir, buckets: {}, region: 'us-east-1', accountId: '000000000000' });
  clients = createAwsClients(emulators, 'us-east-1');
  await clients.dynamodb.send(new CreateTableCommand({ TableName: table, ...stateTableDefinition }));
  await waitUntilTableExists(
    { client: clients.dynamodb, minDelay: 1, maxWaitTime: 30 },
    { TableName: table },
  );
  const state = { client: clients.documents, table };
  actions = createDynamoActionStore({ ...state, retentionMs: 86_400_000 });
  dueActions = createDynamoDueActions({ ...state, indexName: 'due' });
});

afterAll(async () => {
  clients.destroy();
  await emulators.close();
  await rm(stateDir, { recursive: true });
});

let made = 0;

/** Stored as new, with what the test wants it to be. */
async function newAction(changes: Partial<Action> = {}): Promise<Action> {
  const action: Action = {
    ...{ tenant: 'acme', connector: 'edr', id: `a${++made}` },
    ...{ type: 'contain', parameters: {}, requestHash: 'h' },
    requestedBy: { actor: 'key:1', actorName: 'One' },
    ...{ requestedAt: now, expiresAt: now + 60_000, followUntil: now + 60_000 },
    targets: [],
    trail: [],
    ...{ archived: 0, told: 0, tellFailures: 0, looks: 0, failures: 0, version: 1 },
    ...changes,
  };
  expect(await actions.create(action)).toBe('created');
  return action;
}

async function dueAt(at: number): Promise<readonly Due<ActionPlace>[]> {
  const found: Due<ActionPlace>[] = [];
  for await (const { items, unreadable } of dueActions.due(at)) {
    expect(unreadable).toStrictEqual([]);
    found.push(...items);
  }
  return found;
}

async function dueOf({ id }: ActionPlace, at: number): Promise<Due<ActionPlace> | undefined> {
  return (await dueAt(at)).find((due) => due.id.id === id);
}

describe('due actions on DynamoDB', () => {
  it('are those that somebody has to go on with by now', async () => {
    const due = await newAction({ nextDueAt: now });
    const later = await newAction({ nextDueAt: now + 1 });
    const never = await newAction();

    const place = { tenant: 'acme', connector: 'edr', id: due.id };
    expect(await dueOf(due, now)).toStrictEqual({ id: place, nextDueAt: now });
    expect(await dueOf(later, now)).toBeUndefined();
    expect(await dueOf(later, now + 1)).toBeDefined();
    expect(await dueOf(never, Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  it('and due streams do not meet each other', async () => {
    const action = await newAction({ nextDueAt: now });
    const connectors = createDynamoConnectorStore({ client: clients.documents, table, dueShards: 2 });
    const stream = { tenant: 'acme', connector: 'edr', contentType: 'threats' };
    await connectors.ensureStream(stream, { since: 0, settings, nextDueAt: now, now });
    const index = createDynamoDueIndex({ client: clients.documents, table, indexName: 'due', shards: 2 });

    const pages = [];
    for await (const page of index.due(now)) pages.push(page);

    expect(pages).toStrictEqual([{ items: [{ id: stream, nextDueAt: now }], unreadable: [] }]);
    expect(await dueOf(action, now)).toBeDefined();
  });

  it('are claimed by one of many, and are due again when the claim ends', async () => {
    const action = await newAction({ nextDueAt: now });
    const due = await dueOf(action, now);
    if (due === undefined) throw new Error('The action is not due.');

    const claims = await Promise.all(Array.from({ length: 10 }, () => dueActions.claim(due, now + 120_000)));

    expect(claims.filter((isOurs) => isOurs)).toHaveLength(1);
    expect(await dueOf(action, now + 119_999)).toBeUndefined();
    expect(await dueOf(action, now + 120_000)).toBeDefined();
  });

  it('are claimed without a change to the action: whoever works on it writes as if nothing had been', async () => {
    const action = await newAction({ nextDueAt: now });
    const due = await dueOf(action, now);
    if (due === undefined) throw new Error('The action is not due.');

    await dueActions.claim(due, now + 120_000);

    expect(await actions.get(action)).toStrictEqual(action);
    expect(await actions.replace({ ...action, nextDueAt: now + 7 })).toBe(true);
    expect(await dueOf(action, now + 7)).toMatchObject({ nextDueAt: now + 7 });
  });

  it('cannot be claimed once nothing is left to do, or somebody goes on already', async () => {
    const over = await newAction({ nextDueAt: now });
    const taken = await newAction({ nextDueAt: now });
    const gone = { id: { tenant: 'acme', connector: 'edr', id: 'gone' }, nextDueAt: now };
    const due = await Promise.all([dueOf(over, now), dueOf(taken, now)]);
    const { nextDueAt: _, ...rest } = over;
    await actions.replace(rest);
    await actions.replace({ ...taken, nextDueAt: now + 90_000 });

    for (const one of [...due, gone]) {
      if (one === undefined) throw new Error('The action is not due.');
      expect(await dueActions.claim(one, now + 120_000)).toBe(false);
    }
    expect(await dueOf(over, Number.MAX_SAFE_INTEGER)).toBeUndefined();
    expect(await actions.get(gone.id)).toBeUndefined();
  });
});

describe('abandonLeases', () => {
  it('frees the actions and streams that somebody held, and touches nothing else', async () => {
    const until = now + 90_000;
    const held = await newAction({ lease: { owner: 'gone', until }, nextDueAt: until });
    const free = await newAction({ nextDueAt: until });
    const runOut = await newAction({ lease: { owner: 'slow', until: now }, nextDueAt: now });
    const connectors = createDynamoConnectorStore({ client: clients.documents, table, dueShards: 2 });
    const streams = createDynamoStreamStore({ client: clients.documents, table, ledgerDays: 1 });
    const id = { tenant: 'acme', connector: 'abandoned', contentType: 'agents' };
    await connectors.ensureStream(id, { since: 0, settings, nextDueAt: until, now });
    const [stream] = await connectors.streams('acme', 'abandoned');
    if (stream === undefined) throw new Error('The stream is gone.');
    await streams.acquire(stream, {}, { owner: 'gone', now, leaseMs: 90_000 });

    const freed = await abandonLeases({ client: clients.documents, table, actions }, now);

    expect(freed).toBe(2);
    const { lease: _, ...unleased } = held;
    expect(await actions.get(held)).toStrictEqual({ ...unleased, nextDueAt: now, version: 2 });
    expect(await dueOf(held, now)).toMatchObject({ nextDueAt: now });
    expect(await actions.get(free)).toStrictEqual(free);
    expect(await actions.get(runOut)).toStrictEqual(runOut);
    expect(await streams.read(id)).toMatchObject({
      kind: 'found',
      stream: { leaseUntil: 0, nextDueAt: now, fence: 1 },
    });
    // One that has outlived its command by a moment finds out that it was replaced.
    expect(await actions.replace(held)).toBe(false);
  });
});
