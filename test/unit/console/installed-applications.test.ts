import { describe, expect, it } from 'vitest';
import { epochMs, get, type ListedRecord, openConsole, vendorError, walk } from './support.ts';
import { everywhere, ids, installed, small } from './vulnerability-support.ts';

describe(`GET ${installed}`, () => {
  it('leaves out hosts that are out of service, unless it is asked for them', async () => {
    const console = await openConsole({ ...small, agents: 60, installs: 200 });
    const all = await walk(console, installed, everywhere);
    const inService = await walk(console, installed, { limit: '1000' });
    expect(inService.length).toBeLessThan(all.length);
    expect(ids(inService)).toEqual(ids(all.filter((install) => install['agentIsDecommissioned'] === false)));
    const gone = await walk(console, installed, { limit: '1000', agentIsDecommissioned: 'True' });
    expect(gone.length).toBe(all.length - inService.length);
  });

  it.each(['id', 'createdAt', 'updatedAt', 'installedAt', 'name', 'riskLevel', 'size'])(
    'sorted by %s is the same backwards, page by page',
    async (sortBy) => {
      const console = await openConsole(small);
      const sorted = await walk(console, installed, { ...everywhere, sortBy });
      expect(ids(await walk(console, installed, { ...everywhere, sortBy, limit: '9' }))).toEqual(ids(sorted));
      const backwards = await walk(console, installed, {
        ...everywhere,
        sortBy,
        sortOrder: 'desc',
        limit: '7',
      });
      expect(ids(backwards)).toEqual(ids(sorted).reverse());
    },
  );

  it('filters by every enum, by names and by spans', async () => {
    const console = await openConsole({ ...small, agents: 60, installs: 300 });
    const all = await walk(console, installed, everywhere);
    const matching = async (params: Record<string, string>, test: (install: ListedRecord) => boolean) => {
      const expected = ids(all.filter(test));
      expect(expected.length, JSON.stringify(params)).toBeGreaterThan(0);
      expect(ids(await walk(console, installed, { ...everywhere, ...params }))).toEqual(expected);
    };
    await matching({ osTypes: 'linux,macos' }, ({ osType }) => osType === 'linux' || osType === 'macos');
    await matching({ osTypesNin: 'windows' }, ({ osType }) => osType !== 'windows');
    await matching(
      { types: 'kb,chromeExtension' },
      ({ type }) => type === 'kb' || type === 'chromeExtension',
    );
    await matching({ typesNin: 'app' }, ({ type }) => type !== 'app');
    await matching({ riskLevels: 'none' }, ({ riskLevel }) => riskLevel === 'none');
    await matching(
      { riskLevelsNin: 'none,low' },
      ({ riskLevel }) => riskLevel !== 'none' && riskLevel !== 'low',
    );
    await matching({ agentMachineTypes: 'laptop' }, (install) => install['agentMachineType'] === 'laptop');
    await matching({ publisher__contains: 'söhne,fjällsoft' }, ({ publisher }) =>
      /fjällsoft/i.test(String(publisher)),
    );
    await matching({ size__between: '0-400000000' }, ({ size }) => Number(size) <= 400_000_000);
    const uuid = String(all[0]?.['agentUuid']);
    await matching({ agentUuid__contains: uuid.slice(2, 20) }, (install) => install['agentUuid'] === uuid);
    const since = String(all.find((install) => install['installedAt'] !== null)?.['installedAt']);
    const found = await walk(console, installed, {
      ...everywhere,
      installedAt__between: `${Date.parse(since)}-${epochMs}`,
    });
    expect(found.length).toBeGreaterThan(10);
    for (const { installedAt } of found)
      if (installedAt !== null)
        expect(Date.parse(String(installedAt))).toBeGreaterThanOrEqual(Date.parse(since));
  });

  it.each([
    [{ updatedAt__gte: '2026-01-01T00:00:00Z' }, "dict_values(['updatedAt__gte']): Unknown field"],
    [{ agentIds: '1' }, "dict_values(['agentIds']): Unknown field"],
    [{ riskLevels: 'HIGH' }, 'riskLevels: '],
    [{ types: 'App' }, 'types: '],
    [{ sortBy: 'agentId' }, 'sortBy: '],
    [{ size__between: 'small' }, 'size__between: '],
  ])('refuses %o', async (params, detail) => {
    const reply = await get(await openConsole(small), installed, params);
    expect([reply.status, vendorError(reply).detail?.startsWith(detail)]).toEqual([400, true]);
  });
});
