import { describe, expect, it } from 'vitest';
import { getPage, vendorError, walk } from '../support.ts';
import { act, activitiesOf, consoleWithClock, sendBody, threatsOn } from './support.ts';

const sha1 = 'A1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0';
const item = { type: 'black_hash', osType: 'windows', value: sha1, description: 'seen in SEC-7' };

describe('the blocklist', () => {
  it('takes a hash for one system and scope, lists it, and lets it go', async () => {
    const { console, clock } = await consoleWithClock();
    expect(await walk(console, '/restrictions', {})).toEqual([]);
    const [site] = Object((await getPage(console, '/sites', { limit: '1' })).data).sites;
    const created = await act(console, '/restrictions', { siteIds: [site.id] }, item);
    expect(created).toMatchObject([
      {
        ...item,
        createdAt: '2026-11-24T12:00:00.000000Z',
        scope: { siteIds: [site.id], tenant: false },
        source: 'user',
        userName: 'Simulator admin',
      },
    ]);
    const [{ id }] = Object(created);
    for (const [params, count] of [
      [{ value: sha1 }, 1],
      [{ value: sha1.toLowerCase() }, 0],
      [{ value__contains: sha1.toLowerCase() }, 1],
      [{ type: 'black_hash' }, 1],
      [{ type: 'white_hash' }, 0],
      [{ siteIds: site.id }, 1],
      [{ siteIds: '1' }, 0],
      [{ accountIds: site.accountId }, 0],
      [{ ids: `${id},2` }, 1],
      [{ osTypes: 'linux,macos' }, 0],
    ] as const)
      expect((await getPage(console, '/restrictions', params)).pagination.totalItems).toBe(count);

    clock.nowMs += 3_000;
    expect(await activitiesOf(console, { activityTypes: '3002' })).toMatchObject([
      { activityType: 3002, data: { fileContentHash: sha1 }, accountId: site.accountId },
    ]);
    const remove = async (data: unknown) =>
      JSON.parse((await sendBody(console, 'DELETE', '/restrictions', { data })).text).data;
    expect(await remove({ ids: [id], type: 'white_hash' })).toEqual({ affected: 0 });
    expect(await remove({ ids: [id, '5'], type: 'black_hash' })).toEqual({ affected: 1 });
    expect(await remove({ ids: id, type: 'black_hash' })).toEqual({ affected: 0 });
    expect(await walk(console, '/restrictions', {})).toEqual([]);
    expect(console.deeds.map(({ verb, ids }) => [verb, ids])).toEqual([
      ['restrictions/create', [id]],
      ['restrictions/delete', [id]],
    ]);
  });

  it('shows what a scope has from those above it, and what those below it have, where that is asked for', async () => {
    const { console } = await consoleWithClock();
    const { sites } = Object((await getPage(console, '/sites', { limit: '10' })).data);
    const [site, other] = sites;
    const [group] = await walk(console, '/groups', { siteIds: site.id });
    const scopes = {
      everywhere: { tenant: true },
      account: { accountIds: [site.accountId] },
      site: { siteIds: [site.id] },
      group: { groupIds: [Object(group).id] },
      'another site': { siteIds: [other.id] },
    };
    for (const [description, scope] of Object.entries(scopes))
      await act(console, '/restrictions', scope, { ...item, description });
    const shown = async (params: Record<string, string>) =>
      (await walk(console, '/restrictions', params)).map((entry) => Object(entry).description);
    const above = { includeParents: 'true' };
    const below = { includeChildren: 'true' };
    expect(await shown({ siteIds: site.id })).toEqual(['site']);
    expect(await shown({ siteIds: site.id, ...above })).toEqual(['everywhere', 'account', 'site']);
    expect(await shown({ siteIds: site.id, ...below })).toEqual(['site', 'group']);
    expect(await shown({ siteIds: site.id, ...above, includeChildren: 'false' })).toEqual([
      ...['everywhere', 'account', 'site'],
    ]);
    expect(await shown({ groupIds: Object(group).id, ...above })).toEqual([
      ...['everywhere', 'account', 'site', 'group'],
    ]);
    expect(await shown({ accountIds: site.accountId, ...below })).toEqual(
      expect.arrayContaining(['account', 'site', 'group']),
    );
    expect(await shown({ accountIds: site.accountId, ...below })).not.toContain('everywhere');
  });

  it('refuses a hash that it has for that system and scope, in whatever case', async () => {
    const { console } = await consoleWithClock();
    await act(console, '/restrictions', { tenant: true }, item);
    const again = { ...item, value: sha1.toLowerCase() };
    const reply = await sendBody(console, 'POST', '/restrictions', { filter: { tenant: true }, data: again });
    expect([reply.status, vendorError(reply).code]).toEqual([400, 4_000_030]);
    await act(console, '/restrictions', { tenant: true }, { ...item, osType: 'linux' });
    expect((await walk(console, '/restrictions', {})).length).toBe(2);
  });

  it('makes an exclusion of what is no block, and says nothing', async () => {
    const { console } = await consoleWithClock();
    await act(console, '/restrictions', { tenant: true }, { ...item, type: 'white_hash' });
    expect(await walk(console, '/restrictions', { type: 'black_hash' })).toEqual([]);
  });

  it.each([
    [{ tenant: true }, { ...item, value: 'abc' }, 'value'],
    [{ tenant: true }, { ...item, value: undefined }, 'value'],
    [{ tenant: true }, { ...item, osType: 'beos' }, 'osType'],
    [{ tenant: true }, { ...item, osType: undefined }, 'osType'],
    [{ tenant: true }, { ...item, type: undefined }, 'type'],
    [{ tenant: true }, { ...item, kind: 1 }, 'kind'],
    [{}, item, 'filter'],
    [{ siteIds: ['1'] }, item, 'siteIds'],
    [{ tenants: true }, item, 'tenants'],
  ])('refuses the filter %j with %j', async (filter, data, field) => {
    const { console } = await consoleWithClock();
    const reply = await sendBody(console, 'POST', '/restrictions', { filter, data });
    expect([reply.status, vendorError(reply).detail?.includes(field)]).toEqual([400, true]);
  });

  it('has pages', async () => {
    const { console, clock } = await consoleWithClock();
    for (let index = 10; index < 17; index++) {
      clock.nowMs += 1;
      await act(console, '/restrictions', { tenant: true }, { ...item, value: `${index}`.repeat(20) });
    }
    const whole = await walk(console, '/restrictions', { limit: '1000' });
    expect(whole.length).toBe(7);
    expect(await walk(console, '/restrictions', { limit: '2' })).toEqual(whole);
    expect(await walk(console, '/restrictions', { limit: '3', sortOrder: 'desc' })).toEqual(
      whole.toReversed(),
    );
    expect(await walk(console, '/restrictions', { limit: '2', value__contains: '11,13,15' })).toHaveLength(3);
  });

  it('needs permissions, and lets a token of a site change that site only', async () => {
    const { console } = await consoleWithClock({
      limits: { refused: ['Blacklist.create', 'Blacklist.delete', 'Threats.addToBlacklist'], mayAct: true },
    });
    const { limited, viewer, siteScoped } = console.tokens;
    const body = { filter: { tenant: true }, data: item };
    const threats = { filter: { ids: ['1'] }, data: { targetScope: 'site' } };
    for (const token of [limited, viewer]) {
      for (const [method, path, sent] of [
        ['POST', '/restrictions', body],
        ['DELETE', '/restrictions', { data: { ids: ['1'], type: 'black_hash' } }],
        ['POST', '/threats/add-to-blacklist', threats],
      ] as const)
        expect((await sendBody(console, method, path, sent, token)).status).toBe(403);
    }
    expect((await sendBody(console, 'POST', '/restrictions', body, siteScoped)).status).toBe(403);
    const [site] = Object((await getPage(console, '/sites', {}, siteScoped)).data).sites;
    await act(console, '/restrictions', { siteIds: site.id }, item, siteScoped);
    await act(console, '/restrictions', { tenant: true }, item);
    expect((await walk(console, '/restrictions', {}, siteScoped)).length).toBe(1);
    expect((await walk(console, '/restrictions', {}, viewer)).length).toBe(2);
  });
});

describe('blocking the files of threats', () => {
  it.each(['group', 'site', 'account', 'tenant'])('in the scope of each, its %s', async (targetScope) => {
    const { console, clock } = await consoleWithClock({ threats: 300 });
    const ids = await threatsOn(console);
    const data = { targetScope, description: 'seen', note: 'n', externalTicketId: 'SEC-1' };
    const { affected, details = [] } = await act(console, '/threats/add-to-blacklist', { ids }, data);
    const results = new Map(details.map(({ threatId, result }) => [threatId, result]));
    expect(new Set(results.values())).toEqual(new Set(['created', 'already_exists', 'threat_has_no_hash']));
    for (const threat of await walk(console, '/threats', { limit: '1000', ids: ids.join(',') })) {
      const hasHash = Reflect.get(Object(threat['threatInfo']), 'sha1') !== '';
      expect(results.get(threat.id) === 'threat_has_no_hash').toBe(!hasHash);
    }
    const listed = await walk(console, '/restrictions', { limit: '1000', type: 'black_hash' });
    expect([affected, listed.length]).toEqual([listed.length, affected]);
    expect(new Set(listed.map(({ source }) => source))).toEqual(new Set(['action_from_threat']));
    const again = await act(console, '/threats/add-to-blacklist', { ids }, data);
    expect(again.affected).toBe(0);
    clock.nowMs += 3_000;
    const told = await activitiesOf(console, { activityTypes: '3002' });
    expect(told.length).toBe(affected);
    expect(told.every(({ threatId, hash }) => results.get(threatId) === 'created' && hash !== null)).toBe(
      true,
    );
  });

  it('names its scope', async () => {
    const { console } = await consoleWithClock();
    for (const data of [{}, { targetScope: 'world' }, { targetScope: 'site', text: 'x' }]) {
      const reply = await sendBody(console, 'POST', '/threats/add-to-blacklist', { filter: {}, data });
      expect(reply.status).toBe(400);
    }
  });
});
