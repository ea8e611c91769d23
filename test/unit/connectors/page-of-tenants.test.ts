import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ConnectorPlace } from '../../../shared/connectors/connector-registry.ts';
import { pageOfTenants } from '../../../shared/connectors/page-of-tenants.ts';
import { MemoryRegistry } from '../../support/memory/memory-registry.ts';

const tenantIds = ['a', 'a-1', 'b', 'c', 'd'];

async function registryOf(connectors: readonly (readonly [tenant: string, isDeleted: boolean])[]) {
  const registry = new MemoryRegistry();
  for (const [n, [tenant, isDeleted]] of connectors.entries()) {
    const settings = { tenantName: '', hostUrl: '', contentTypes: [], siteIds: [], accountIds: [] };
    await registry.create({
      connector: { ...settings, tenant, id: `c${n}`, name: `c${n}`, since: 0, createdAt: 0 },
      functions: ['collect'],
      state: isDeleted ? 'deleted' : 'active',
      version: 1,
      updatedAt: 0,
    });
  }
  return registry;
}

it('ends with every connector of the tenants once, in order, in pages that are not too large and tell of no other', async () => {
  const some = fc.array(fc.tuple(fc.constantFrom(...tenantIds), fc.boolean()), { maxLength: 20 });
  const asked = fc.array(fc.constantFrom(...tenantIds, 'nobody'), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(some, asked, fc.integer({ min: 1, max: 5 }), async (connectors, tenants, limit) => {
      const registry = await registryOf(connectors);
      const seen: string[] = [];
      let after: ConnectorPlace | undefined;
      do {
        const page = await pageOfTenants(registry, {
          tenants,
          limit,
          ...(after === undefined ? {} : { after }),
        });
        expect(page.connectors.length).toBeLessThanOrEqual(limit);
        seen.push(...page.connectors.map(({ connector }) => `${connector.tenant}/${connector.id}`));
        after = page.after;
        if (after !== undefined) expect(tenants).toContain(after.tenant);
      } while (after !== undefined);
      const expected = connectors.flatMap(([tenant, isDeleted], n) =>
        isDeleted || !tenants.includes(tenant) ? [] : [`${tenant}/c${n}`],
      );
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.toSorted()).toStrictEqual(expected.toSorted());
    }),
  );
});
