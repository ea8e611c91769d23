import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textAt } from '../../shared/records/json-fields.ts';
import { type ApiClient, idOf, isOver, newCaller, newConnector } from './actions/api-client.ts';
import { consoleClient } from './actions/console-client.ts';
import { eventually } from './actions/eventually.ts';
import { type HeldConsole, heldConsole } from './actions/held-console.ts';
import { type ServedStack, servedStack } from './actions/served-stack.ts';

const tenant = 'northwind';
let served: ServedStack;
let way: HeldConsole;
let soar: ApiClient;
let approver: ApiClient;
let agentId: string;
let request: object;

beforeEach(async () => {
  served = await servedStack({ deedTiming: { reactionMs: 200, networkMs: 300, activityDelayMs: 100 } });
  const { admin, console } = served;
  way = await heldConsole(console.url);
  const connector = await newConnector(admin, {
    tenant,
    name: 'edr',
    hostUrl: way.url,
    apiToken: console.tokens.admin,
  });
  soar = await newCaller(admin, () => served.url, 'soar');
  approver = await newCaller(admin, () => served.url, 'approver');
  const [agent] = await consoleClient(console).list('/agents', {
    ...{ isActive: 'true', isDecommissioned: 'false', isUninstalled: 'false' },
    networkStatuses: 'connected',
  });
  agentId = textAt(agent, 'id') ?? '';
  console.setAgents([agentId], { online: true });
  request = { connector, action: 'contain', targets: [{ agentId }] };
});
afterEach(async () => {
  await served?.close();
  await way?.close();
});

/** Kills whatever works on something in this moment, as a machine that goes down does. */
async function killWorking(): Promise<number> {
  const working = served.stack.functions
    .flatMap(({ environments }) => environments)
    .filter((environment) => environment.working);
  await Promise.all(working.map((environment) => environment.kill()));
  return working.length;
}

/** Calls for the command that the console was sent, and commands that it has carried out. */
const callsAndDeeds = () => [
  served.console.actionRequests.filter(({ path }) => path === '/agents/actions/disconnect').length,
  served.console.deeds.filter(({ ids }) => ids.includes(agentId)).map(({ verb }) => verb),
];

async function toTheEnd(id: string) {
  return await eventually(`the end of ${id}`, () => soar.action(id), isOver);
}

describe('an action whose worker is killed, with the stack started again on what is on the disk', () => {
  it('is looked after and never sent again, where the console had done it and nobody heard the answer', async () => {
    await served.admin.ok('PUT', `/v1/tenants/${tenant}/response-policy`, {
      approvals: [{ name: 'Four eyes', actions: ['contain'] }],
    });
    const id = idOf(await soar.act(request));
    // The console fails the one who approves, so that it is the function outcomes that sends.
    served.console.script('/agents', [{ status: 503, headers: { 'retry-after': '1' } }]);
    const held = way.hold('POST', '/agents/actions/disconnect');
    const approved = await approver.call('POST', `/v1/actions/${id}/approve`);
    expect(approved).toMatchObject({ status: 200, body: { targets: [{ state: 'requested' }] } });
    await held.answered;
    expect(callsAndDeeds()).toStrictEqual([1, ['disconnect']]);

    expect(await killWorking()).toBeGreaterThan(0);
    await served.restart();
    held.release();

    expect(await toTheEnd(id)).toMatchObject({ state: 'done', targets: [{ state: 'done' }] });
    expect(callsAndDeeds()).toStrictEqual([1, ['disconnect']]);
    const trail = await soar.trail(id);
    expect(trail.map(({ kind }) => kind)).toStrictEqual([
      ...['requested', 'approved', 'sending', 'observed'],
    ]);
    expect(await served.stack.deadLetters()).toBe(0);
  });

  it('comes to its end, where it was killed while it looked', async () => {
    const held = way.hold('GET', '/activities');
    const id = idOf(await soar.act(request));
    await held.answered;

    expect(await killWorking()).toBeGreaterThan(0);
    await served.restart();
    held.release();

    expect(await toTheEnd(id)).toMatchObject({ state: 'done', targets: [{ state: 'done' }] });
    expect(callsAndDeeds()).toStrictEqual([1, ['disconnect']]);
    expect(await served.stack.deadLetters()).toBe(0);
  });
});
