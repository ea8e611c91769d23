import { describe, expect, it } from 'vitest';
import {
  epochMs,
  get,
  getPage,
  hourMs,
  type ListedRecord,
  openConsole,
  stoppedClock,
  vendorError,
  walk,
} from './support.ts';
import { ids, installed, risks, small } from './vulnerability-support.ts';

describe(`GET ${risks}`, () => {
  it('shows removals to those who ask for them', async () => {
    const console = await openConsole({
      ...small,
      installs: 300,
      clock: stoppedClock(epochMs + 24 * hourMs),
    });
    const present = await walk(console, risks, { limit: '1000' });
    const all = await walk(console, risks, { limit: '1000', includeRemovals: 'true' });
    expect(new Set(present.map(({ status }) => status))).toEqual(new Set(['Detected']));
    expect(ids(all.filter(({ status }) => status !== 'Removed'))).toEqual(ids(present));
    expect(all.length).toBeGreaterThan(present.length);
    expect(all.filter(({ status }) => status === 'Removed').length).toBe(all.length - present.length);
  });

  it('tells what has changed in a time that stands in no record', async () => {
    const clock = stoppedClock(epochMs + hourMs);
    const console = await openConsole({ ...small, clock });
    const lines = [...console.truth('vulnerabilities', epochMs - 2 * hourMs, epochMs)];
    const current = lines.filter((line) => line.current).map(({ id }) => id);
    expect(current.length).toBeGreaterThan(10);
    const span = {
      riskUpdatedDate__gte: new Date(epochMs - 2 * hourMs).toISOString(),
      riskUpdatedDate__lt: new Date(epochMs).toISOString(),
      includeRemovals: 'true',
    };
    const found = await walk(console, risks, { ...span, sortBy: 'id', limit: '7' });
    expect(ids(found)).toEqual([...current].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)));
    const between = `${epochMs - 2 * hourMs}-${epochMs - 1}`;
    const same = await getPage(console, risks, {
      riskUpdatedDate__between: between,
      includeRemovals: 'true',
      countOnly: 'true',
    });
    expect(same.pagination.totalItems).toBe(found.length);
    for (const record of found) expect(Object.keys(record)).not.toContain('riskUpdatedDate');
  });

  it('filters by the times that records have, by severity, status and names', async () => {
    const console = await openConsole(small);
    const all = await walk(console, risks, { limit: '1000' });
    const matching = async (params: Record<string, string>, test: (risk: ListedRecord) => boolean) => {
      const expected = ids(all.filter(test));
      expect(expected.length, JSON.stringify(params)).toBeGreaterThan(0);
      expect(expected.length, JSON.stringify(params)).toBeLessThan(all.length);
      expect(ids(await walk(console, risks, { ...params, limit: '1000' }))).toEqual(expected);
    };
    const middle = String(all[Math.floor(all.length / 2)]?.['detectionDate']);
    await matching({ detectionDate__gte: middle }, (risk) => String(risk['detectionDate']) >= middle);
    await matching({ detectionDate__lt: middle }, (risk) => String(risk['detectionDate']) < middle);
    const published =
      all.map((risk) => String(risk['publishedDate'])).sort()[Math.floor(all.length / 2)] ?? '';
    await matching({ publishedDate__lte: published }, (risk) => String(risk['publishedDate']) <= published);
    await matching({ publishedDate__gt: published }, (risk) => String(risk['publishedDate']) > published);
    const fromMs = Date.parse(published);
    await matching(
      { publishedDate__between: `${fromMs}-${epochMs}` },
      (risk) => Date.parse(String(risk['publishedDate'])) >= fromMs,
    );
    await matching(
      { severities: 'HIGH,CRITICAL' },
      ({ severity }) => severity === 'HIGH' || severity === 'CRITICAL',
    );
    await matching(
      { mitigationStatus: 'To be patched' },
      (risk) => risk['mitigationStatus'] === 'To be patched',
    );
    await matching(
      { exploitCodeMaturity: 'PROOF_OF_CONCEPT' },
      (risk) => risk['exploitCodeMaturity'] === 'Proof of Concept',
    );
    const cveId = String(all[0]?.['cveId']);
    await matching({ cveId__contains: cveId.toLowerCase() }, (risk) => risk['cveId'] === cveId);
  });

  it('takes one account, one site or one group', async () => {
    const console = await openConsole(small);
    const all = await walk(console, risks, { limit: '1000' });
    const agents = await walk(console, '/agents', { limit: '1000' });
    const [site, other] =
      (await getPage(console, '/groups', { limit: '1000' })).data?.map(({ siteId }) => String(siteId)) ?? [];
    const agent = agents.find(({ siteId }) => siteId === site);
    for (const [name, field, id] of [
      ['siteIds', 'siteId', site],
      ['accountIds', 'accountId', agent?.['accountId']],
      ['groupIds', 'groupId', agent?.['groupId']],
    ] as const) {
      const own = new Set(agents.filter((agent) => agent[field] === id).map((agent) => agent.id));
      const found = await walk(console, risks, { [name]: String(id), limit: '1000' });
      expect(ids(found)).toEqual(ids(all.filter((risk) => own.has(String(risk['endpointId'])))));
      expect(found.length).toBeGreaterThan(0);
    }
    for (const params of [
      { siteIds: `${site},${other ?? site}1` },
      { siteIds: String(site), accountIds: String(agent?.['accountId']) },
    ]) {
      const reply = await get(console, risks, params);
      expect([reply.status, vendorError(reply).code]).toEqual([400, 4_000_010]);
    }
  });

  it.each([
    [{ updatedAt__gte: '2026-01-01T00:00:00Z' }, "dict_values(['updatedAt__gte']): Unknown field"],
    [{ ids: '1' }, "dict_values(['ids']): Unknown field"],
    [{ severities: 'high' }, 'severities: '],
    [{ sortBy: 'riskUpdatedDate' }, 'sortBy: '],
    [{ includeRemovals: 'yes' }, 'includeRemovals: '],
    [{ riskUpdatedDate__between: '2026-01-01' }, 'riskUpdatedDate__between: '],
    [{ exploitCodeMaturity: 'Proof of Concept' }, 'exploitCodeMaturity: '],
  ])('refuses %o', async (params, detail) => {
    const reply = await get(await openConsole(small), risks, params);
    expect([reply.status, vendorError(reply).detail?.startsWith(detail)]).toEqual([400, true]);
  });

  it('is not for tokens of a site, nor for those without the permission', async () => {
    const console = await openConsole({ ...small, limits: { refused: ['Applications Page.viewRisks'] } });
    for (const token of [console.tokens.siteScoped, console.tokens.limited]) {
      const reply = await get(console, risks, {}, token);
      expect([reply.status, vendorError(reply).code]).toEqual([403, 4_030_010]);
    }
    expect((await get(console, installed, {}, console.tokens.limited)).status).toBe(200);
  });
});
