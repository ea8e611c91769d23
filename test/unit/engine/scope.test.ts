import { describe, expect, it } from 'vitest';
import { scopeOf } from '../../../shared/engine/scope.ts';
import { engineWorld } from '../../support/engine-world.ts';

const settings = { tenantName: 'Acme', connectorName: 'EDR', intervalMs: 1, siteIds: [], accountIds: [] };

describe('scopeOf', () => {
  it('names sites and accounts where the connector does', () => {
    expect(scopeOf({ label: 'Items' }, settings)).toStrictEqual({});
    expect(
      scopeOf({ label: 'Items' }, { ...settings, siteIds: ['1', '2'], accountIds: ['3'] }),
    ).toStrictEqual({
      siteIds: '1,2',
      accountIds: '3',
    });
  });

  it('refuses sites that cannot be a limit, and nothing else', () => {
    const type = { label: 'Accounts', sitesRefused: 'an account is more than its sites.' };
    expect(scopeOf(type, { ...settings, accountIds: ['3'] })).toStrictEqual({ accountIds: '3' });
    expect(() => scopeOf(type, { ...settings, siteIds: ['1'] })).toThrow(
      "Accounts cannot be limited to the connector's sites: an account is more than its sites.",
    );
  });

  it('stops a content type that would show more than the sites, and asks the console nothing', async () => {
    const world = await engineWorld({ since: '2026-11-24T10:00:00Z', now: '2026-11-24T10:30:00Z' });
    const row = [...world.streams.rows.values()][0];
    if (row === undefined) throw new Error('There is no stream.');
    row.stream = { ...row.stream, settings: { ...row.stream.settings, siteIds: ['7'] } };
    const refusing = { ...world.contentType, sitesRefused: 'tests say so.' };
    const outcome = await world.slice({ findContentType: () => refusing });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'site_scope_not_possible' } });
    expect(world.stream().status).toMatchObject({ health: 'misconfigured', failures: 1 });
    expect(world.console.calls).toStrictEqual([]);
  });
});
