import { describe, expect, it } from 'vitest';
import { get, getPage, openConsole, vendorError, walk } from './support.ts';
import { cves, everywhere, ids, installed, joined, risks, small } from './vulnerability-support.ts';

describe(`GET ${cves}`, () => {
  it('answers a CVE once that several applications have, and no application', async () => {
    const console = await openConsole({ ...small, applications: 60, installs: 60 });
    const found = await walk(console, installed, everywhere);
    const own = new Map<string, readonly string[]>();
    for (const { id } of found)
      own.set(id, ids(await walk(console, cves, { applicationIds: id, limit: '1000' })));
    const [one, two] = [...own.values()].flatMap((list, place) =>
      [...own.values()].slice(place + 1).flatMap((other) => {
        const both = list.filter((id) => other.includes(id));
        return both.length > 0 && both.length < list.length ? [list, other] : [];
      }),
    );
    if (one === undefined || two === undefined) throw new Error('No two applications share a CVE.');
    const asked = [...own].flatMap(([id, list]) => (list === one || list === two ? [id] : []));
    const together = await walk(console, cves, { applicationIds: asked.join(','), limit: '3' });
    const expected = [...new Set([...one, ...two])].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    expect(ids(together)).toEqual(expected);
    for (const cve of together) expect(Object.keys(cve).join()).not.toMatch(/application|agent/i);
  });

  it('without applications answers those of everything that is installed', async () => {
    const console = await openConsole(small);
    const all = await walk(console, cves, { limit: '1000' });
    const wanted = new Set((await walk(console, risks, { limit: '1000' })).map((risk) => risk['cveId']));
    expect(new Set(all.map(({ cveId }) => cveId))).toEqual(wanted);
    expect(new Set(ids(all)).size).toBe(all.length);
    const some = all.slice(3, 5).map(({ cveId }) => String(cveId));
    expect(ids(await walk(console, cves, { cveIds: some.join(',') }))).toEqual(ids(all.slice(3, 5)));
    const since = String(all[Math.floor(all.length / 2)]?.['updatedAt']);
    expect(ids(await walk(console, cves, { updatedAt__gte: since, limit: '1000' }))).toEqual(
      ids(all.filter((cve) => String(cve['updatedAt']) >= since)),
    );
    for (const sortBy of ['publishedAt', 'agentId', 'applicationId'])
      expect((await walk(console, cves, { sortBy, limit: '50' })).length).toBe(all.length);
  });

  it('and everything else shows a token of a site what is on its site', async () => {
    const console = await openConsole({ ...small, installs: 200 });
    const { siteScoped } = console.tokens;
    const mine = await joined(console, siteScoped);
    expect(mine.length).toBeGreaterThan(10);
    const agents = new Set(
      ids(await walk(console, '/agents', { limit: '1000', isDecommissioned: 'True,False' }, siteScoped)),
    );
    const all = await joined(console);
    expect(mine).toEqual(all.filter((key) => agents.has(JSON.parse(key)[0])));
    const wanted = new Set(mine.map((key) => JSON.parse(key)[3]));
    const listed = await walk(console, cves, { limit: '1000' }, siteScoped);
    expect(new Set(listed.map(({ cveId }) => cveId))).toEqual(wanted);
    // An application of another site is none to it.
    const foreign = (await walk(console, installed, everywhere)).find(
      (install) => !agents.has(String(install['agentId'])) && install['riskLevel'] !== 'none',
    );
    const params = { applicationIds: foreign?.id ?? '' };
    expect((await getPage(console, cves, params)).pagination.totalItems).toBeGreaterThan(0);
    expect((await getPage(console, cves, params, siteScoped)).pagination.totalItems).toBe(0);
    const path = `/private/installed-applications/${foreign?.id}/cves`;
    expect((await get(console, path)).status).toBe(200);
    expect((await get(console, path, {}, siteScoped)).status).toBe(404);
  });
});

describe('GET /private/installed-applications/{applicationId}/cves', () => {
  it('answers the application with the CVEs that the public list has of it', async () => {
    const console = await openConsole(small);
    for (const install of (await walk(console, installed, everywhere)).slice(0, 12)) {
      const reply = await get(console, `/private/installed-applications/${install.id}/cves`);
      const { cves: own, ...rest } = JSON.parse(reply.text).data;
      expect(rest).toEqual(install);
      const public_ = await walk(console, cves, { applicationIds: install.id, limit: '1000' });
      expect(ids(own).sort()).toEqual(ids(public_).sort());
      expect(own.length === 0).toBe(install['riskLevel'] === 'none');
    }
  });

  it.each(['1', 'abc', '99999999999999999999'])('knows no application %s', async (id) => {
    const reply = await get(await openConsole(small), `/private/installed-applications/${id}/cves`);
    expect([reply.status, vendorError(reply).code]).toEqual([404, 4_040_010]);
  });
});
