import { afterAll, beforeAll, expect, it } from 'vitest';
import { isTrueAt, textAt } from '../../shared/records/json-fields.ts';
import { type ActionView, type ApiClient, actionOf, newCaller, newConnector } from './actions/api-client.ts';
import { callFigures, mostWithin } from './actions/call-figures.ts';
import { consoleClient } from './actions/console-client.ts';
import { eventually } from './actions/eventually.ts';
import { type ServedStack, servedStack } from './actions/served-stack.ts';

const tenant = 'northwind';
const hosts = 500;
const perRequest = 100;
let served: ServedStack;
let soar: ApiClient;
let connector: string;

beforeAll(async () => {
  served = await servedStack({
    ...{ agents: 800, threats: 1, threatEventsPerThreat: 0 },
    // As the vendor publishes them.
    rateLimitScale: 1,
  });
  const { admin, console } = served;
  connector = await newConnector(admin, {
    tenant,
    name: 'edr',
    hostUrl: console.url,
    apiToken: console.tokens.admin,
  });
  await admin.ok('PUT', `/v1/tenants/${tenant}/response-policy`, { isolationsPerHour: 1_000 });
  soar = await newCaller(admin, () => served.url, 'soar');
});
afterAll(() => served?.close());

it('isolates 500 endpoints in five requests at once, within the published limits of the console', async () => {
  const { console } = served;
  const at = consoleClient(console);
  const inService = { isDecommissioned: 'false', isUninstalled: 'false', networkStatuses: 'connected' };
  const chosen = (await at.list('/agents', inService)).slice(0, hosts);
  const ids = chosen.map((agent) => textAt(agent, 'id') ?? '');
  expect(ids).toHaveLength(hosts);
  // From now on they stay as they are, whatever the world had planned.
  for (const online of [true, false]) {
    const own = ids.filter((_, index) => isTrueAt(chosen[index], 'isActive') === online);
    console.setAgents(own, { online });
  }
  const groups = Array.from({ length: hosts / perRequest }, (_, index) =>
    ids.slice(index * perRequest, (index + 1) * perRequest),
  );

  const begunAt = Date.now();
  const asked = await Promise.all(
    groups.map((group) =>
      soar.act({ connector, action: 'contain', targets: group.map((agentId) => ({ agentId })) }),
    ),
  );
  expect(asked.map(({ status }) => status)).toStrictEqual(groups.map(() => 202));
  const places = asked.map(({ location }) => (location ?? '').replace('/v1/actions/', ''));
  const all = await eventually(
    'done or waiting for an endpoint that is offline',
    async () => await Promise.all(places.map((place) => soar.action(place))),
    (actions) => actions.flatMap(({ targets }) => targets).every(({ state }) => isSettled(state)),
    1_000,
  );
  const seconds = (Date.now() - begunAt) / 1000;

  // What is told of each is what the console shows, and its evidence says so.
  const shown = new Map((await at.list('/agents')).map((agent) => [textAt(agent, 'id'), agent]));
  const targets = all.flatMap((action: ActionView) => action.targets);
  expect(targets.map(({ agentId }) => agentId).toSorted()).toStrictEqual(ids.toSorted());
  for (const { agentId, state, evidence } of targets) {
    const agent = shown.get(agentId);
    expect([agentId, textAt(agent, 'networkStatus'), isTrueAt(agent, 'isActive')]).toStrictEqual(
      state === 'done' ? [agentId, 'disconnected', true] : [agentId, 'disconnecting', false],
    );
    expect(evidence).toContainEqual(
      expect.objectContaining(
        state === 'done'
          ? { field: 'networkStatus', value: 'disconnected' }
          : { field: 'isActive', value: false },
      ),
    );
  }
  const done = targets.filter(({ state }) => state === 'done').length;
  // The world has both, and more of the one.
  expect(done).toBeGreaterThan(300);
  expect(done).toBeLessThan(hosts);

  // Each endpoint was named by one command, and each command names a hundred.
  expect(console.actionRequests.map(({ path, status }) => [path, status])).toStrictEqual(
    groups.map(() => ['/agents/actions/disconnect', 200]),
  );
  expect(console.deeds.flatMap((deed) => deed.ids).toSorted()).toStrictEqual(ids.toSorted());

  const own = console.requests.filter(({ token }) => token === 'admin');
  const figures = callFigures(own);
  // ACTION_FIGURES=1 npx vitest run test/end-to-end/actions-many-hosts.test.ts
  if (process.env['ACTION_FIGURES'] !== undefined)
    globalThis.console.log({ hosts, done, pending: hosts - done, seconds, figures });
  expect(console.counts.throttled).toBe(0);
  expect(own.filter(({ status }) => status !== 200)).toStrictEqual([]);
  const paths = (prefix: string) => own.filter(({ path }) => path.startsWith(`/web/api/v2.1${prefix}`));
  expect(mostWithin(paths('/agents'), 1_000)).toBeLessThanOrEqual(25);
  expect(mostWithin(paths('/activities'), 1_000)).toBeLessThanOrEqual(10);
  // One call for all hundred: to find them, right before sending, and two with each look, of which there are a few.
  const looks = figures['GET /activities'] ?? 0;
  const agentReads = figures['GET /agents'] ?? 0;
  expect(figures).toStrictEqual({
    'POST /agents/actions/disconnect': groups.length,
    'GET /agents': agentReads,
    'GET /activities': looks,
  });
  // Those that wait for endpoints are looked at from time to time: a look may be under way.
  const lookReads = agentReads - 2 * groups.length;
  expect(lookReads).toBeGreaterThanOrEqual(looks);
  expect(lookReads).toBeLessThanOrEqual(looks + groups.length);
  expect(looks).toBeLessThanOrEqual(8 * groups.length);
  expect(actionOf((await soar.call('GET', `/v1/actions/${places[0]}`)).body).targets).toHaveLength(
    perRequest,
  );
  expect(served.errors).toStrictEqual([]);
});

function isSettled(state: string): boolean {
  return state === 'done' || state === 'pending_offline';
}
