import { expect, it } from 'vitest';
import type {
  ConnectorPlace,
  ConnectorRegistry,
  StoredConnector,
} from '../../../shared/connectors/connector-registry.ts';

/** What every implementation of the connector registry must do. `registry` gives the implementation under test, which is empty. */
export function defineRegistryContract(registry: () => ConnectorRegistry): void {
  let made = 0;
  /** Of a tenant that no other test knows. */
  const newTenant = () => `tenant-${++made}`;

  function connectorOf(tenant: string, id: string, change: Partial<StoredConnector> = {}): StoredConnector {
    return {
      connector: {
        tenant,
        id,
        name: id.toUpperCase(),
        tenantName: 'Northwind',
        hostUrl: 'https://acme.sentinelone.net',
        contentTypes: ['threats'],
        intervalMs: 300_000,
        since: 1_000,
        siteIds: ['1'],
        accountIds: [],
        options: { threats: { intervalMinutes: '5' } },
        filters: [
          {
            name: 'drop-lab',
            action: 'exclude',
            conditions: [{ field: 'a.b', operator: 'in', values: ['x', 0.5, true, -7] }],
          },
        ],
        createdAt: 2_000,
      },
      functions: ['collect', 'respond'],
      state: 'active',
      version: 1,
      updatedAt: 3_000,
      ...change,
    };
  }
  async function create(tenant: string, id: string, change: Partial<StoredConnector> = {}) {
    const stored = connectorOf(tenant, id, change);
    expect(await registry().create(stored)).toBe('created');
    return stored;
  }
  async function all(limit: number, tenant?: string): Promise<readonly string[]> {
    const ids: string[] = [];
    let after: ConnectorPlace | undefined;
    do {
      const page = await registry().page({
        limit,
        ...(tenant === undefined ? {} : { tenant }),
        ...(after === undefined ? {} : { after }),
      });
      expect(page.connectors.length).toBeLessThanOrEqual(limit);
      ids.push(...page.connectors.map(({ connector }) => `${connector.tenant}/${connector.id}`));
      after = page.after;
    } while (after !== undefined);
    return ids;
  }

  it('gives a connector as it was stored, and none that is not there', async () => {
    const tenant = newTenant();
    const stored = await create(tenant, 'edr');
    expect(await registry().get(tenant, 'edr')).toStrictEqual(stored);
    expect(await registry().get(tenant, 'ed')).toBeUndefined();
    expect(await registry().get(newTenant(), 'edr')).toBeUndefined();
  });

  it('creates none a second time, also not in the place of a deleted one', async () => {
    const tenant = newTenant();
    const stored = await create(tenant, 'edr', { state: 'deleted' });
    expect(await registry().create(connectorOf(tenant, 'edr', { version: 7 }))).toBe('id_taken');
    expect(await registry().ownerOfName(tenant, 'EDR')).toBeUndefined();
    expect(await registry().get(tenant, 'edr')).toStrictEqual(stored);
  });

  it('is created by one of many at the same time', async () => {
    const tenant = newTenant();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => registry().create(connectorOf(tenant, 'edr', { updatedAt: i }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect((await registry().get(tenant, 'edr'))?.updatedAt).toBe(outcomes.indexOf('created'));
  });

  it('replaces what is still as it was seen, and nothing else', async () => {
    const tenant = newTenant();
    const stored = await create(tenant, 'edr');
    const next = { ...stored, state: 'paused', version: 2 } as const;
    expect(await registry().replace(next, { ...stored, version: 2 })).toBe('outdated');
    expect(await registry().get(tenant, 'edr')).toStrictEqual(stored);
    expect(await registry().replace(next, stored)).toBe('replaced');
    expect(await registry().replace({ ...stored, version: 2 }, stored)).toBe('outdated');
    expect(await registry().get(tenant, 'edr')).toStrictEqual(next);
    const nobody = connectorOf(tenant, 'nobody');
    expect(await registry().replace(nobody, nobody)).toBe('outdated');
    expect(await registry().get(tenant, 'nobody')).toBeUndefined();
    expect(await registry().ownerOfName(tenant, 'NOBODY')).toBeUndefined();
  });

  it('replaces for one of many at the same time', async () => {
    const tenant = newTenant();
    const stored = await create(tenant, 'edr');
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        registry().replace({ ...stored, version: 2, updatedAt: i }, stored),
      ),
    );
    expect(outcomes.toSorted()).toStrictEqual([...Array(7).fill('outdated'), 'replaced']);
    expect((await registry().get(tenant, 'edr'))?.updatedAt).toBe(outcomes.indexOf('replaced'));
  });

  it('lists the connectors of a tenant once, in the order of ids, without deleted ones', async () => {
    const tenant = newTenant();
    for (const id of ['b', 'a', 'c-1', 'c', '0']) await create(tenant, id);
    await create(tenant, 'aa', { state: 'deleted' });
    await create(tenant, 'zz', { state: 'paused' });
    // Names that begin with the tenant's are another's.
    await create(`${tenant}-x`, 'a');
    await create(`${tenant}0`, 'a');
    const expected = ['0', 'a', 'b', 'c', 'c-1', 'zz'].map((id) => `${tenant}/${id}`);
    for (const limit of [1, 2, 3, 7, 100]) expect(await all(limit, tenant)).toStrictEqual(expected);
    const everything = await all(3);
    expect(everything).toStrictEqual(everything.toSorted());
    expect(everything).toEqual(expect.arrayContaining([...expected, `${tenant}-x/a`, `${tenant}0/a`]));
    expect(new Set(everything).size).toBe(everything.length);
  });

  it('has an empty page for a tenant without connectors, and behind the last of them', async () => {
    const tenant = newTenant();
    await create(tenant, 'edr');
    expect(await all(10, newTenant())).toStrictEqual([]);
    const beyond = { tenant, id: 'zzz' };
    expect(await registry().page({ tenant, after: beyond, limit: 10 })).toStrictEqual({ connectors: [] });
  });

  it('takes a place of another tenant for what it is: before or behind all that is asked for', async () => {
    const tenant = newTenant();
    const stored = await create(tenant, 'edr');
    const before = await registry().page({ tenant, after: { tenant: '0', id: 'a' }, limit: 10 });
    expect(before.connectors).toStrictEqual([stored]);
    const behind = await registry().page({ tenant, after: { tenant: 'zzz', id: 'a' }, limit: 10 });
    expect(behind).toStrictEqual({ connectors: [] });
  });

  const named = (stored: StoredConnector, name: string): StoredConnector => ({
    ...stored,
    connector: { ...stored.connector, name },
    version: stored.version + 1,
  });

  it('gives a name to one connector of a tenant, whatever its capitals', async () => {
    const tenant = newTenant();
    const one = await create(tenant, 'one');
    const two = connectorOf(tenant, 'two');
    const taken = { ...two, connector: { ...two.connector, name: 'oNe' } };
    expect(await registry().create(taken)).toBe('name_taken');
    expect(await registry().get(tenant, 'two')).toBeUndefined();
    // Of two reasons the name is told: another id would not help.
    expect(await registry().create(named({ ...taken, connector: one.connector }, 'two'))).toBe('id_taken');
    await create(tenant, 'two');
    expect(
      await registry().create({ ...taken, connector: { ...taken.connector, id: 'one', name: 'TWO' } }),
    ).toBe('name_taken');
    expect(await registry().replace(named(two, 'One'), two)).toBe('name_taken');
    expect(await registry().get(tenant, 'two')).toStrictEqual(two);
    expect(await registry().ownerOfName(tenant, 'onE')).toBe('one');
    await create(newTenant(), 'one');
  });

  it('gives a name that a connector leaves to the next', async () => {
    const tenant = newTenant();
    const one = await create(tenant, 'one');
    const two = await create(tenant, 'two');
    const renamed = named(one, 'Three');
    expect(await registry().replace(renamed, one)).toBe('replaced');
    expect(await registry().ownerOfName(tenant, 'one')).toBeUndefined();
    expect(await registry().ownerOfName(tenant, 'three')).toBe('one');
    expect(await registry().replace(named(two, 'ONE'), two)).toBe('replaced');
    expect(await registry().ownerOfName(tenant, 'one')).toBe('two');
    // Other capitals are the same name.
    expect(await registry().replace(named(renamed, 'THREE'), renamed)).toBe('replaced');
    expect(await registry().ownerOfName(tenant, 'three')).toBe('one');
  });

  it('gives a name that a deleted connector had to the next', async () => {
    const tenant = newTenant();
    const one = await create(tenant, 'one');
    const deleted = { ...one, state: 'deleted', version: 2 } as const;
    expect(await registry().replace(deleted, one)).toBe('replaced');
    expect(await registry().ownerOfName(tenant, 'ONE')).toBeUndefined();
    const two = connectorOf(tenant, 'two');
    const next = { ...two, connector: { ...two.connector, name: 'ONE' } };
    expect(await registry().create(next)).toBe('created');
    expect(await registry().ownerOfName(tenant, 'ONE')).toBe('two');
  });

  it('gives a name to one of many who want it at the same time', async () => {
    const tenant = newTenant();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => {
        const stored = connectorOf(tenant, `c${i}`);
        return registry().create({ ...stored, connector: { ...stored.connector, name: 'wanted' } });
      }),
    );
    expect(outcomes.toSorted()).toStrictEqual(['created', ...Array(7).fill('name_taken')]);
    expect(await registry().ownerOfName(tenant, 'wanted')).toBe(`c${outcomes.indexOf('created')}`);
  });
}
