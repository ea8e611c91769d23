import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveTargets } from '../../../../shared/actions/targets/resolve-targets.ts';
import { isObject, type JsonObject } from '../../../../shared/json.ts';
import type { SentinelOneApi } from '../../../../shared/ports.ts';
import { textAt } from '../../../../shared/records/json-fields.ts';
import { consoleWorld } from '../../../support/console-world.ts';

// The real client against the simulator, in pages of 30: it refuses parameters that a console does not know.

type World = Awaited<ReturnType<typeof consoleWorld>>;
const connector = { tenant: 'demo', id: 'edr', siteIds: [], accountIds: [] };

let world: World;
let api: SentinelOneApi;
beforeAll(async () => {
  world = await consoleWorld();
  await world.connect(['agents'], world.clock.now());
  ({ api } = await world.dependencies.openConsole(world.stream('agents')));
});
afterAll(() => world.close());

async function listed(path: string): Promise<readonly JsonObject[]> {
  const { data } = await api.list(path, { limit: '20' });
  return data.filter(isObject);
}

it('finds endpoints by whatever names them', async () => {
  const [first, second, third] = await listed('/agents');
  const [threat] = await listed('/threats');
  const [alert] = await listed('/cloud-detection/alerts');
  const targets = [
    { hostName: textAt(first, 'computerName')?.toLowerCase() ?? '' },
    { uuid: textAt(second, 'uuid') ?? '' },
    { agentId: textAt(third, 'id') ?? '' },
    { threatId: textAt(threat, 'id') ?? '' },
    { alertId: textAt(alert, 'alertInfo', 'alertId') ?? '' },
    { hostName: 'nobody' },
    { agentId: '123456789012345678901234' },
  ];
  const resolved = await resolveTargets(targets, 'agent', connector, { api });
  const names = resolved.map((one) => (one.kind === 'found' ? one.subject.id : one.reason.code));
  expect(names.slice(0, 3)).toEqual([first, second, third].map((agent) => textAt(agent, 'id')));
  expect(names.slice(-2)).toEqual(['not_found', 'not_found']);
  // Those of threat and alert may be gone, or among the others.
  for (const one of resolved.slice(3, -2)) {
    if (one.kind === 'refused') expect(one.reason.code).toBe('no_agent');
    else expect(one.subject.record['computerName']).toBeDefined();
  }
});

it('finds a hundred endpoints by name, through pages', async () => {
  const agents: JsonObject[] = [];
  for (let cursor: string | undefined; agents.length < 100; ) {
    const page = await api.list('/agents', { limit: '100', ...(cursor === undefined ? {} : { cursor }) });
    agents.push(...page.data.filter(isObject));
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  expect(agents.length).toBeGreaterThanOrEqual(100);
  const targets = agents.slice(0, 100).map((agent) => ({ hostName: textAt(agent, 'computerName') ?? '' }));
  const resolved = await resolveTargets(targets, 'agent', connector, { api });
  expect(resolved.map((one) => (one.kind === 'found' ? one.subject.id : one.reason.code))).toEqual(
    agents.slice(0, 100).map((agent) => textAt(agent, 'id')),
  );
});

it('finds threats and alerts with their endpoints', async () => {
  const threats = await listed('/threats');
  const alerts = await listed('/cloud-detection/alerts');
  const targets = {
    threat: threats.map((record) => ({ threatId: textAt(record, 'id') ?? '' })),
    alert: alerts.map((record) => ({ alertId: textAt(record, 'alertInfo', 'alertId') ?? '' })),
  };
  for (const kind of ['threat', 'alert'] as const) {
    const resolved = await resolveTargets(targets[kind], kind, connector, { api });
    const found = resolved.flatMap((one) => (one.kind === 'found' ? [one.subject] : []));
    expect(found).toHaveLength(targets[kind].length);
    expect(found.filter(({ agent }) => agent !== undefined).length).toBeGreaterThan(5);
  }
});

it('keeps to the sites of the connector', async () => {
  const agents = await listed('/agents');
  const siteId = textAt(agents[0], 'siteId') ?? '';
  const targets = agents.map((agent) => ({ agentId: textAt(agent, 'id') ?? '' }));
  const resolved = await resolveTargets(targets, 'agent', { ...connector, siteIds: [siteId] }, { api });
  expect(resolved.map((one) => (one.kind === 'found' ? 'found' : one.reason.code))).toEqual(
    agents.map((agent) => (textAt(agent, 'siteId') === siteId ? 'found' : 'out_of_scope')),
  );
  expect(new Set(resolved.map(({ kind }) => kind)).size).toBe(2);
});
