import { expect, it } from 'vitest';
import type { PolicyStore } from '../../../shared/actions/policy/policy-store.ts';
import {
  defaultSettings,
  noPolicy,
  type PolicySettings,
} from '../../../shared/actions/policy/response-policy.ts';

const first: PolicySettings = {
  ...defaultSettings,
  safelist: [{ name: 'Domain controllers', directoryGroups: ['Domain Controllers'], computerNames: ['DC*'] }],
  approvals: [{ name: 'Four eyes', dangers: ['isolating'], endpoints: { machineTypes: ['server'] } }],
  isolationsPerHour: 5,
  webhook: { url: 'https://hooks.example.com/in?key=ü' },
};

/** What every store of response policies must do. `policies` gives the implementation under test. */
export function definePolicyContract(policies: () => PolicyStore): void {
  let made = 0;
  const newTenant = () => `policies-${++made}`;
  const limited = (isolationsPerHour: number): PolicySettings => ({ ...first, isolationsPerHour });

  it('has the defaults for a tenant that has written nothing', async () => {
    expect(await policies().get(newTenant())).toStrictEqual(noPolicy);
  });

  it('keeps what was written, of one tenant, with the next version', async () => {
    const tenant = newTenant();
    expect(await policies().put(tenant, first, 0)).toBe(true);
    expect(await policies().get(tenant)).toStrictEqual({ ...first, version: 1 });
    expect(await policies().get(`${tenant}-2`)).toStrictEqual(noPolicy);
    expect(await policies().put(tenant, defaultSettings, 1)).toBe(true);
    expect(await policies().get(tenant)).toStrictEqual({ ...defaultSettings, version: 2 });
  });

  it('refuses what was made from an older version, and from one that is not there', async () => {
    const tenant = newTenant();
    expect(await policies().put(tenant, first, 1)).toBe(false);
    expect(await policies().get(tenant)).toStrictEqual(noPolicy);
    await policies().put(tenant, first, 0);
    expect(await policies().put(tenant, limited(6), 0)).toBe(false);
    expect(await policies().put(tenant, limited(7), 2)).toBe(false);
    expect(await policies().get(tenant)).toStrictEqual({ ...first, version: 1 });
  });

  it('takes one of several that come at once', async () => {
    const tenant = newTenant();
    for (const version of [0, 1]) {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, i) => policies().put(tenant, limited(100 * version + i + 1), version)),
      );
      expect(outcomes.filter((isWritten) => isWritten)).toHaveLength(1);
    }
  });

  it('recognises its own write whose answer was lost', async () => {
    const tenant = newTenant();
    for (const version of [0, 1]) {
      expect(await policies().put(tenant, limited(version + 1), version)).toBe(true);
      expect(await policies().put(tenant, limited(version + 1), version)).toBe(true);
    }
    expect((await policies().get(tenant)).version).toBe(2);
  });
}
