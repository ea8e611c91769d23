import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newStream } from '../../../shared/engine/new-stream.ts';
import { streamName } from '../../../shared/engine/stream.ts';
import type { ConnectorStatus } from '../../../shared/status/connector-status.ts';
import { type FleetPlace, fleetStatus } from '../../../shared/status/fleet-status.ts';
import { rankOf, type State, states } from '../../../shared/status/state.ts';
import { apiWorld } from '../../support/api-world.ts';
import { MemoryRegistry } from '../../support/memory/memory-registry.ts';

const contentTypes = [
  ...['agents', 'threats', 'alerts', 'threat-events', 'threat-notes', 'rogues', 'vulnerabilities'],
  ...['deep-visibility', 'activities', 'groups', 'sites', 'accounts', 'unified-alerts'],
];
const tenantOf = (n: number) => `tenant-${n % 10}`;
/** Of every ten connectors the first is refused, the second behind, and of the others one in a hundred paused. */
const expectedState = (n: number): 'credentials' | 'behind' | 'ok' | 'paused' =>
  n % 100 === 50 ? 'paused' : n % 10 === 1 ? 'credentials' : n % 10 === 2 ? 'behind' : 'ok';

/** A thousand connectors of ten tenants. */
async function fleet() {
  const world = apiWorld();
  const now = world.clock.now();
  for (let n = 0; n < 1000; n++) {
    const [tenant, id] = [tenantOf(n), `c${n}`];
    const settings = {
      tenantName: tenant,
      connectorName: id,
      intervalMs: 300_000,
      siteIds: [],
      accountIds: [],
    };
    await world.registry.create({
      connector: {
        ...settings,
        tenant,
        id,
        name: id,
        hostUrl: 'https://x.sentinelone.net',
        contentTypes,
        since: 0,
        createdAt: 0,
      },
      functions: ['collect'],
      state: expectedState(n) === 'paused' ? 'paused' : 'active',
      version: 1,
      updatedAt: 0,
    });
    contentTypes.forEach((contentType, i) => {
      const stream = newStream(
        { tenant, connector: id, contentType },
        { since: 0, settings, nextDueAt: now, now },
      );
      const wanted = expectedState(n);
      const health = i === 5 && wanted !== 'paused' ? wanted : 'ok';
      const status = { health, since: now, at: now, failures: 0 };
      world.streams.rows.set(streamName(stream.id), {
        version: 1,
        leaseOwner: undefined,
        stream: { ...stream, fence: 1, watermark: now, status },
      });
    });
  }
  // The memory port looks at every row of all connectors; a table has a partition for each.
  const rows = Map.groupBy(
    world.streams.rows.values(),
    ({ stream: { id } }) => `${id.tenant}/${id.connector}`,
  );
  world.streams.streams = async (tenant, id) =>
    (rows.get(`${tenant}/${id}`) ?? []).map(({ stream }) => stream);
  return world;
}

describe('GET /v1/status of a thousand connectors with thirteen content types', () => {
  let world: Awaited<ReturnType<typeof fleet>>;
  let key: string;
  beforeAll(async () => {
    world = await fleet();
    key = await world.key(['read']);
  });

  async function all(query: string, as = key) {
    const shown: { connector: string; state: State }[] = [];
    let pages = 0;
    for (let cursor = ''; ; ) {
      const { status, json } = await world.call('GET', `/v1/status?${query}${cursor}`, { key: as });
      expect(status).toBe(200);
      pages += 1;
      shown.push(...(Object(json['connectors']) as typeof shown));
      if (json['nextCursor'] === undefined) return { shown, pages, counts: json['counts'] };
      cursor = `&cursor=${String(json['nextCursor'])}`;
    }
  }

  it('reads each connector once for a page, and the list in few pages', async () => {
    const before = { status: world.status.reads, registry: world.registry.reads };
    await world.call('GET', '/v1/status', { key });
    expect(world.status.reads - before.status).toBe(1000);
    expect(world.registry.reads - before.registry).toBeLessThanOrEqual(3);
  });

  it('shows the worst first, each once, to the end', async () => {
    const { shown, pages } = await all('limit=100');
    expect(pages).toBe(10);
    expect(new Set(shown.map(({ connector }) => connector)).size).toBe(1000);
    const ranks = shown.map(({ state }) => rankOf(state));
    expect(ranks).toStrictEqual(ranks.toSorted((a, b) => a - b));
    for (const { connector, state } of shown)
      expect(state).toBe(expectedState(Number(connector.split('.c')[1])));
  });

  it('counts all of them, whatever the page and the filter', async () => {
    const counts = { credentials: 100, behind: 100, ok: 790, paused: 10 };
    expect((await all('limit=100')).counts).toStrictEqual(counts);
    const { shown, counts: same } = await all('limit=7&state=paused');
    expect([shown.length, same]).toEqual([10, counts]);
  });

  it('shows a key its tenants only, and reads no others', async () => {
    const own = await world.key(['read'], ['tenant-1', 'tenant-3']);
    const before = world.status.reads;
    const { shown, pages, counts } = await all('limit=100', own);
    expect([shown.length, pages, counts]).toEqual([200, 2, { credentials: 100, ok: 100 }]);
    expect(world.status.reads - before).toBe(400);
    expect((await all('limit=100&tenant=tenant-3', own)).shown).toHaveLength(100);
    expect((await world.call('GET', '/v1/status?tenant=tenant-4', { key: own })).status).toBe(404);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'state=happy', 'colour=red'])('refuses %s', async (query) => {
    const { status, json } = await world.call('GET', `/v1/status?${query}`, { key });
    expect([status, json['field']]).toEqual([422, query.split('=')[0]]);
  });
});

it('ends with every connector shown once in order, whatever the states and the pages', async () => {
  const state = fc.constantFrom(...states);
  await fc.assert(
    fc.asyncProperty(
      fc.array(state, { maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      async (of, limit) => {
        const registry = new MemoryRegistry();
        for (const [n] of of.entries()) {
          const connector = {
            tenant: `t${n % 3}`,
            id: `c${n}`,
            name: `c${n}`,
            tenantName: '',
            hostUrl: '',
            contentTypes: [],
            since: 0,
            siteIds: [],
            accountIds: [],
            createdAt: 0,
          };
          await registry.create({
            connector,
            functions: ['collect'],
            state: 'active',
            version: 1,
            updatedAt: 0,
          });
        }
        const shown: ConnectorStatus[] = [];
        let after: FleetPlace | undefined;
        do {
          const page = await fleetStatus(
            // A tenant that is named twice is read once.
            { tenants: ['t0', 't1', 't2', 't1'], limit, ...(after === undefined ? {} : { after }) },
            registry,
            async ({ connector: { tenant, id } }) => ({
              connector: `${tenant}.${id}`,
              tenant,
              name: id,
              state: of[Number(id.slice(1))] ?? 'ok',
              contentTypes: [],
            }),
          );
          expect(Object.values(page.counts).reduce((sum, n) => sum + n, 0)).toBe(of.length);
          shown.push(...page.connectors);
          after = page.after;
        } while (after !== undefined);
        expect(shown.map(({ name }) => name).sort()).toStrictEqual(of.map((_, n) => `c${n}`).sort());
        const ranks = shown.map((one) => rankOf(one.state));
        expect(ranks).toStrictEqual(ranks.toSorted((a, b) => a - b));
      },
    ),
    { numRuns: 50 },
  );
});
