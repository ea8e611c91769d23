import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readEvents } from '../../local/emulators/event-bridge/event-file.ts';
import { type EmbeddedStack, startStack } from '../../local/stack/start-stack.ts';
import { synthesize } from '../../local/template/synthesize.ts';
import type { Action } from '../../shared/actions/run/action.ts';
import type { ActionStore } from '../../shared/actions/run/action-store.ts';
import { createDynamoActionStore } from '../../shared/aws/dynamo-action-store.ts';

let assemblyDir: string;
let stateDir: string;
let stack: EmbeddedStack;
const errors: unknown[] = [];

beforeAll(async () => {
  assemblyDir = await synthesize();
});
beforeEach(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-e2e-'));
  await start();
});
afterEach(async () => {
  await stop();
  await rm(stateDir, { recursive: true, force: true });
  expect(errors.splice(0)).toStrictEqual([]);
});

async function start(): Promise<void> {
  stack = await startStack({
    stateDir,
    assemblyDir,
    extraEnvironment: { CONSOLE_LOOPBACK: 'allowed' },
    onError: (error) => errors.push(error),
  });
}

async function stop(): Promise<void> {
  await stack.quiesce();
  await stack.close();
}

function store(): ActionStore {
  const { documents: client } = stack.clients;
  return createDynamoActionStore({ client, table: stack.table, retentionMs: 86_400_000 });
}

const now = Date.now();
const caller = { actor: 'key:soar', actorName: 'SOAR' };

/** Over, but for its trail, which nobody has kept or told of; nobody was told of the action by a message either. */
const action: Action = {
  ...{ tenant: 'acme', connector: 'edr', id: '0123456789abcdef0123456789abcdef' },
  ...{ type: 'contain', parameters: {}, requestHash: 'h', requestedBy: caller },
  ...{ requestedAt: now, expiresAt: now + 60_000, followUntil: now + 60_000 },
  targets: [
    {
      ...{ asked: { hostName: 'LAPTOP-7' }, id: '1', agentId: '1', computerName: 'LAPTOP-7' },
      ...{ performs: 'contain', state: 'done', evidence: [], attempts: 1, changedAt: now },
    },
  ],
  trail: [{ step: 1, at: now, kind: 'observed', by: caller, targets: [{ target: 0, state: 'done' }] }],
  ...{ archived: 0, told: 0, tellFailures: 0, looks: 0, failures: 0, version: 1, nextDueAt: now },
};

/** Waits until nothing is left to do; a test that waits for ever has failed. */
async function untilFinished(): Promise<Action> {
  for (;;) {
    const stored = await store().get(action);
    if (stored === undefined) throw new Error('The action is gone.');
    if (stored.nextDueAt === undefined) return stored;
    await delay(100);
  }
}

async function auditRecords(): Promise<readonly unknown[]> {
  const files = (await readdir(stack.lakeDir, { recursive: true })).filter((file) => file.endsWith('.gz'));
  const audited = files.filter((file) => file.includes('tenant=acme/index=audit/'));
  const texts = await Promise.all(
    audited.map(async (file) => gunzipSync(await readFile(path.join(stack.lakeDir, file))).toString()),
  );
  return texts.map((text) => JSON.parse(text));
}

describe('an action whose message was lost', () => {
  it('is found by the fan-out and brought to its end', async () => {
    await store().create(action);
    stack.run();

    expect(await untilFinished()).toMatchObject({ archived: 1, told: 1 });

    expect(await auditRecords()).toMatchObject([
      { operation: 'responseAction', step: 'observed', actor: 'key:soar' },
    ]);
    expect(readEvents(path.join(stateDir, 'events.ndjson'))).toMatchObject([
      { bus: 'default', source: 'sentinel-lake', detail: { tenant: 'acme', type: 'action.outcome' } },
    ]);
    expect(await stack.deadLetters()).toBe(0);
  });

  it('is found at once after a restart, whoever held it before', async () => {
    const until = Date.now() + 3_600_000;
    await store().create({ ...action, lease: { owner: 'gone', until }, nextDueAt: until });
    await stop();
    await start();
    stack.run();

    expect(await untilFinished()).not.toHaveProperty('lease');
  });
});

describe('the embedded stack', () => {
  it('counts the dead letters of both queues, and knows which one is for slices of work', async () => {
    const { QueueUrls = [] } = await stack.clients.sqs.send(new ListQueuesCommand({}));
    const dead = QueueUrls.filter((url) => url.includes('deadletter'));
    expect(dead).toHaveLength(2);
    for (const QueueUrl of dead)
      await stack.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'crashed' }));

    expect(await stack.deadLetters()).toBe(2);
    expect(stack.workQueueUrl).toMatch(/\/sentinellake-workqueue[0-9a-f]+$/);
  });
});
