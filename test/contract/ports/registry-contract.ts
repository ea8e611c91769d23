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
    expect(await registry().create(stored)).toBe(true);
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
    expect(await registry().create(connectorOf(tenant, 'edr', { version: 7 }))).toBe(false);
    expect(await registry().get(tenant, 'edr')).toStrictEqual(stored);
  });

  it('is created by one of many at the same time', async () => {
    const tenant = newTenant();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => registry().create(connectorOf(tenant, 'edr', { updatedAt: i }))),
    );
    expect(outcomes.filter((isMine) => isMine)).toHaveLength(1);
    expect((await registry().get(tenant, 'edr'))?.updatedAt).toBe(outcomes.indexOf(true));
  });

  it('replaces what is still as it was seen, and nothing else', async () => {
    const tenant = newTenant();
    const stored = await create(tenant, 'edr');
    const next = { ...stored, state: 'paused', version: 2 } as const;
    expect(await registry().replace(next, 2)).toBe(false);
    expect(await registry().get(tenant, 'edr')).toStrictEqual(stored);
    expect(await registry().replace(next, 1)).toBe(true);
    expect(await registry().replace({ ...stored, version: 2 }, 1)).toBe(false);
    expect(await registry().get(tenant, 'edr')).toStrictEqual(next);
    expect(await registry().replace(connectorOf(tenant, 'nobody'), 1)).toBe(false);
    expect(await registry().get(tenant, 'nobody')).toBeUndefined();
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

  it('gives a name to one connector, whatever its capitals', async () => {
    const tenant = newTenant();
    expect(await registry().ownerOfName(tenant, 'EDR')).toBeUndefined();
    expect(await registry().moveName(tenant, 'Edr', undefined, 'one')).toBe(true);
    expect(await registry().moveName(tenant, 'EDR', undefined, 'two')).toBe(false);
    expect(await registry().moveName(tenant, 'edr', 'two', 'three')).toBe(false);
    expect(await registry().ownerOfName(tenant, 'eDR')).toBe('one');
    expect(await registry().moveName(newTenant(), 'EDR', undefined, 'two')).toBe(true);
    expect(await registry().moveName(tenant, 'EDR', 'one', 'two')).toBe(true);
    expect(await registry().ownerOfName(tenant, 'EDR')).toBe('two');
  });

  it('takes a name away from whoever has it, and from nobody else', async () => {
    const tenant = newTenant();
    await registry().moveName(tenant, 'EDR', undefined, 'one');
    expect(await registry().moveName(tenant, 'EDR', 'two', undefined)).toBe(false);
    expect(await registry().ownerOfName(tenant, 'EDR')).toBe('one');
    expect(await registry().moveName(tenant, 'EDR', 'one', undefined)).toBe(true);
    expect(await registry().ownerOfName(tenant, 'EDR')).toBeUndefined();
    expect(await registry().moveName(tenant, 'EDR', 'one', undefined)).toBe(false);
    expect(await registry().moveName(tenant, 'EDR', undefined, undefined)).toBe(true);
  });
}
