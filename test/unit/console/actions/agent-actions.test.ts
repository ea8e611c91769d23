import { describe, expect, it } from 'vitest';
import { epochMs, getPage, vendorError, walk } from '../support.ts';
import {
  act,
  activitiesOf,
  atOnce,
  consoleWithClock,
  first,
  hostOf,
  hosts,
  onlineHost,
  sendBody,
} from './support.ts';

const verbs = [
  ['disconnect', 'Endpoints.disconnectFromNetwork'],
  ['connect', 'Endpoints.reconnectToNetwork'],
  ['initiate-scan', 'Endpoints.initiateScan'],
  ['abort-scan', 'Endpoints.abortScan'],
  ['restart-machine', 'Endpoints.reboot'],
  ['fetch-logs', 'Endpoints.FetchLogs'],
  ['broadcast', 'Endpoints.sendMessage'],
] as const;
const dataOf = (verb: string) => (verb === 'broadcast' ? { message: 'Save your work.' } : {});
const path = (verb: string) => `/agents/actions/${verb}`;

describe('an action on agents', () => {
  it.each(verbs)('%s needs %s, and a role that may do more than look', async (verb, permission) => {
    const { console } = await consoleWithClock({ limits: { refused: [permission], mayAct: true } });
    const { limited, viewer, expired } = console.tokens;
    const ids = [await onlineHost(console)];
    const send = (token: string) =>
      sendBody(console, 'POST', path(verb), { filter: { ids }, data: dataOf(verb) }, token);
    for (const token of [limited, viewer]) {
      const refused = await send(token);
      expect([refused.status, vendorError(refused).code]).toEqual([403, 4_030_010]);
    }
    expect((await send(expired)).status).toBe(401);
    expect(console.deeds).toEqual([]);
    expect(console.actionRequests.map(({ status, token }) => [status, token])).toEqual([
      [403, 'limited'],
      [403, 'viewer'],
      [401, 'expired'],
    ]);
  });

  it.each(verbs)('%s with a permission besides is taken from a limited token', async (verb, permission) => {
    const refused = verbs.map(([, other]) => other).filter((other) => other !== permission);
    const { console } = await consoleWithClock({ limits: { refused, mayAct: true } });
    const reply = await sendBody(
      console,
      'POST',
      path(verb),
      { filter: { ids: [await onlineHost(console)] }, data: dataOf(verb) },
      console.tokens.limited,
    );
    expect(reply.status).toBe(200);
  });

  it.each(['connect', 'initiate-scan', 'abort-scan', 'fetch-logs', 'broadcast'])(
    '%s with an empty filter, or one that names nothing, goes to every agent that can',
    async (verb) => {
      const wanted = {
        connect: { networkStatuses: 'disconnected,disconnecting' },
        'abort-scan': {},
        'initiate-scan': {},
        'fetch-logs': {},
        broadcast: {},
      }[verb];
      for (const filter of [{}, { ids: [] }, { ids: '' }, { ids: null }, undefined]) {
        const { console } = await consoleWithClock();
        const can = (await hosts(console, wanted)).filter(({ scanStatus, osType }) => {
          if (verb === 'initiate-scan') return scanStatus !== 'started';
          if (verb === 'abort-scan') return scanStatus === 'started';
          return verb !== 'broadcast' || osType !== 'linux';
        });
        expect(can.length).toBeGreaterThan(0);
        const { affected } = await act(console, path(verb), filter, dataOf(verb));
        expect(affected).toBe(can.length);
        expect(console.deeds).toEqual([
          { time: epochMs, verb, ids: expect.arrayContaining(can.map(({ id }) => id)), token: 'admin' },
        ]);
        expect(console.actionRequests.at(-1)?.filter).toEqual(filter ?? null);
      }
    },
  );

  it.each(['disconnect', 'restart-machine'])(
    '%s must name ids, groups or a saved filter, and an empty list names none',
    async (verb) => {
      const { console } = await consoleWithClock();
      for (const filter of [{}, undefined, { ids: [] }, { ids: '' }, { isActive: true }, { siteIds: '1' }]) {
        const reply = await sendBody(console, 'POST', path(verb), { filter });
        expect([reply.status, vendorError(reply).code]).toEqual([400, 4_000_010]);
        expect(vendorError(reply).detail).toContain('filter: ');
      }
      expect(console.deeds).toEqual([]);
      expect(await act(console, path(verb), { filterId: '1234' })).toEqual({ affected: 0 });
      const [host] = await hosts(console, { networkStatuses: 'connected' });
      const { affected } = await act(console, path(verb), { groupIds: [String(host?.['groupId'])] });
      expect(affected).toBeGreaterThan(0);
    },
  );

  it('takes ids as a list, as a text with commas, and as one', async () => {
    const { console } = await consoleWithClock();
    const [a = '', b = '', c = '', d = ''] = (await hosts(console)).map(({ id }) => id);
    for (const [ids, affected] of [
      [[a], 1],
      [`${b},${c}`, 2],
      [d, 1],
    ] as const)
      expect(await act(console, path('fetch-logs'), { ids })).toEqual({ affected });
    expect(console.deeds.map(({ ids }) => ids.length)).toEqual([1, 2, 1]);
  });

  it('selects by scope and by whether hosts are online', async () => {
    const { console } = await consoleWithClock();
    const every = await hosts(console);
    const { siteId, accountId, groupId } = first(every);
    for (const [filter, matches] of [
      [{ siteIds: [siteId] }, (host: Record<string, unknown>) => host['siteId'] === siteId],
      [{ accountIds: accountId }, (host: Record<string, unknown>) => host['accountId'] === accountId],
      [{ groupIds: [groupId] }, (host: Record<string, unknown>) => host['groupId'] === groupId],
      [{ isActive: true }, (host: Record<string, unknown>) => host['isActive'] === true],
      [{ isActive: 'false' }, (host: Record<string, unknown>) => host['isActive'] === false],
    ] as const) {
      const { affected } = await act(console, path('fetch-logs'), filter);
      expect(affected).toBe(every.filter(matches).length);
      expect(affected).toBeGreaterThan(0);
    }
  });

  it.each([
    [{ filter: { idz: ['1'] } }, "dict_values(['idz']): Unknown field"],
    [{ filter: { ids: ['x'] } }, 'ids: '],
    [{ filter: { ids: [{}] } }, 'ids: '],
    [{ filter: { ids: Array.from({ length: 5_001 }, (_, index) => String(index)) } }, 'ids: '],
    [{ filter: [] }, 'filter: '],
    [{ filter: {}, data: 7 }, 'data: '],
    [{ filter: {}, limit: 1 }, "dict_values(['limit']): Unknown field"],
    ['{', 'body: '],
    ['[]', 'body: '],
  ])('refuses %j with 400', async (body, detail) => {
    const { console } = await consoleWithClock();
    const reply = await sendBody(console, 'POST', path('connect'), body);
    expect([reply.status, vendorError(reply).code]).toEqual([400, 4_000_010]);
    expect(vendorError(reply).detail).toContain(detail);
    expect(console.deeds).toEqual([]);
  });

  it('takes 5,000 ids at once, and counts those that it knows', async () => {
    const { console } = await consoleWithClock();
    const known = (await hosts(console)).map(({ id }) => id);
    const others = Array.from({ length: 5_000 - known.length }, (_, index) => String(1_000 + index));
    expect(await act(console, path('fetch-logs'), { ids: [...others, ...known] })).toEqual({
      affected: known.length,
    });
  });

  it('counts no host that is unknown, out of service, of another site, or done already', async () => {
    const { console } = await consoleWithClock({ agents: 200 });
    const every = await walk(console, '/agents', { limit: '1000' });
    const away = every.filter((host) => host['isDecommissioned'] === true || host['isUninstalled'] === true);
    expect(new Set(away.map((host) => host['isUninstalled'])).size).toBe(2);
    const offNetwork = every.filter((host) => host['networkStatus'] === 'disconnected');
    const disconnect = async (ids: readonly string[], token?: string) =>
      (await act(console, path('disconnect'), { ids }, {}, token)).affected;
    expect(await disconnect(['1', '99999999999999999999'])).toBe(0);
    expect(await disconnect(away.map(({ id }) => id))).toBe(0);
    expect(await disconnect(offNetwork.map(({ id }) => id))).toBe(0);

    const connected = (await hosts(console, { networkStatuses: 'connected' })).map(({ id }) => id);
    const own = await walk(console, '/agents', { limit: '1000' }, console.tokens.siteScoped);
    const mine = connected.filter((id) => own.some((host) => host.id === id));
    expect([mine.length > 0, mine.length < connected.length]).toEqual([true, true]);
    expect(await disconnect(connected, console.tokens.siteScoped)).toBe(mine.length);
    expect(await disconnect(mine)).toBe(0);
    expect(await disconnect(connected)).toBe(connected.length - mine.length);
    expect(console.actionRequests.every(({ status }) => status === 200)).toBe(true);
  });

  it('validates what is to be said and fetched', async () => {
    const { console } = await consoleWithClock();
    const id = await onlineHost(console);
    for (const [verb, data, field] of [
      ['broadcast', {}, 'message'],
      ['broadcast', { message: 'x'.repeat(141) }, 'message'],
      ['broadcast', { message: 'x', loud: true }, 'loud'],
      ['fetch-logs', { agentLogs: 'yes' }, 'agentLogs'],
      ['fetch-logs', { allLogs: true }, 'allLogs'],
    ] as const) {
      const reply = await sendBody(console, 'POST', path(verb), { filter: { ids: [id] }, data });
      expect([reply.status, vendorError(reply).detail?.includes(field)]).toEqual([400, true]);
    }
    const flags = { agentLogs: true, customerFacingLogs: false, platformLogs: true };
    expect(await act(console, path('fetch-logs'), { ids: id }, flags)).toEqual({ affected: 1 });
  });

  it('knows no verb that the console has not, and no other method', async () => {
    const { console } = await consoleWithClock();
    expect((await sendBody(console, 'POST', path('explode'), { filter: {} })).status).toBe(404);
    expect((await sendBody(console, 'DELETE', path('connect'), { filter: {} })).status).toBe(405);
  });
});

describe('what becomes of an action on an agent', () => {
  it('cuts it off from the network within seconds, and tells of it later', async () => {
    const { console, clock } = await consoleWithClock();
    const id = await onlineHost(console);
    const seen = async () => {
      const { networkStatus, isActive, updatedAt } = await hostOf(console, id);
      return [networkStatus, isActive, updatedAt];
    };
    await act(console, path('disconnect'), { ids: [id] });
    expect(await seen()).toEqual(['disconnecting', true, '2026-11-24T12:00:00.000000Z']);
    expect(await activitiesOf(console, { agentIds: id })).toEqual([]);
    clock.nowMs += 3_999;
    expect(await seen()).toEqual(['disconnecting', true, '2026-11-24T12:00:00.000000Z']);
    clock.nowMs += 1;
    expect(await seen()).toEqual(['disconnected', true, '2026-11-24T12:00:04.000000Z']);
    expect((await activitiesOf(console, { agentIds: id })).map((told) => told['activityType'])).toEqual([61]);
    clock.nowMs += 3_000;
    const told = await activitiesOf(console, { agentIds: id });
    expect(told.map(({ activityType, createdAt }) => [activityType, createdAt])).toEqual([
      [61, '2026-11-24T12:00:03.000000Z'],
      [1001, '2026-11-24T12:00:07.000000Z'],
    ]);
    const { computerName } = await hostOf(console, id);
    for (const { agentId, data } of told)
      expect([agentId, Reflect.get(Object(data), 'computerName')]).toEqual([id, computerName]);
    expect(told.map(({ userId }) => userId !== null)).toEqual([true, false]);
    expect(told[0]?.['primaryDescription']).toContain('Simulator admin');

    await act(console, path('connect'), { ids: [id] });
    expect((await seen())[0]).toBe('connecting');
    clock.nowMs += 4_000;
    expect((await seen())[0]).toBe('connected');
    clock.nowMs += 3_000;
    expect((await activitiesOf(console, { agentIds: id })).map((one) => one['activityType'])).toEqual([
      61, 1001, 62, 1002,
    ]);
  });

  it('can fail to cut it off', async () => {
    const { console, clock } = await consoleWithClock();
    const id = await onlineHost(console);
    console.setAgents([id], { nextDisconnect: 'failed' });
    await act(console, path('disconnect'), { ids: [id] });
    clock.nowMs += 10_000;
    expect(await hostOf(console, id)).toMatchObject({ networkStatus: 'connected' });
    expect((await activitiesOf(console, { agentIds: id })).map((told) => told['activityType'])).toEqual([
      61, 2010,
    ]);
    await act(console, path('disconnect'), { ids: [id] });
    clock.nowMs += 10_000;
    expect(await hostOf(console, id)).toMatchObject({ networkStatus: 'disconnected' });
  });

  it('scans it, and knows the times of the scan from then on', async () => {
    const { console, clock } = await consoleWithClock();
    const [host] = (await hosts(console, { isActive: 'true' })).filter((one) => one['scanStatus'] === 'none');
    const id = host?.id ?? '';
    await act(console, path('initiate-scan'), { ids: [id] });
    expect(await act(console, path('initiate-scan'), { ids: [id] })).toEqual({ affected: 0 });
    clock.nowMs += 1_000;
    const started = { scanStartedAt: '2026-11-24T12:00:01.000000Z' };
    expect(await hostOf(console, id)).toMatchObject({
      ...started,
      scanStatus: 'started',
      scanFinishedAt: null,
    });
    clock.nowMs += 30_000;
    const finished = { ...started, scanStatus: 'finished', scanFinishedAt: '2026-11-24T12:00:31.000000Z' };
    expect(await hostOf(console, id)).toMatchObject(finished);
    clock.nowMs += 3_000;
    expect((await activitiesOf(console, { agentIds: id })).map((told) => told['activityType'])).toEqual([
      71, 90, 92,
    ]);
    clock.nowMs += 3_600_000;
    expect(await hostOf(console, id)).toMatchObject(finished);
  });

  it('aborts a scan that runs, and none that does not', async () => {
    const { console, clock } = await consoleWithClock();
    const id = await onlineHost(console);
    const idle = (await hosts(console)).filter((one) => one['scanStatus'] !== 'started').map((one) => one.id);
    expect(await act(console, path('abort-scan'), { ids: idle })).toEqual({ affected: 0 });
    await act(console, path('initiate-scan'), { ids: [id] });
    clock.nowMs += 5_000;
    expect(await act(console, path('abort-scan'), { ids: [id] })).toEqual({ affected: 1 });
    clock.nowMs += 60_000;
    expect(await hostOf(console, id)).toMatchObject({
      scanStatus: 'aborted',
      scanStartedAt: '2026-11-24T12:00:01.000000Z',
      scanAbortedAt: '2026-11-24T12:00:06.000000Z',
      scanFinishedAt: null,
    });
    expect((await activitiesOf(console, { agentIds: id })).map((told) => told['activityType'])).toEqual([
      71, 90, 72, 91,
    ]);
  });

  it('restarts it: it is away for a while, and its system has started anew', async () => {
    const { console, clock } = await consoleWithClock();
    const id = await onlineHost(console);
    const { osStartTime } = await hostOf(console, id);
    await act(console, path('restart-machine'), { ids: [id] });
    expect(await act(console, path('restart-machine'), { ids: [id] })).toEqual({ affected: 0 });
    clock.nowMs += 1_000;
    expect(await hostOf(console, id)).toMatchObject({ isActive: false, osStartTime });
    clock.nowMs += 20_000;
    expect(await hostOf(console, id)).toMatchObject({
      isActive: true,
      osStartTime: '2026-11-24T12:00:21Z',
    });
    expect((await activitiesOf(console, { agentIds: id })).map((told) => told['activityType'])).toEqual([74]);
  });

  it('uploads logs, with a link below the root of the API', async () => {
    const { console } = await consoleWithClock({ deedTiming: atOnce });
    const id = await onlineHost(console);
    await act(console, path('fetch-logs'), { ids: [id] });
    const told = await activitiesOf(console, { agentIds: id });
    expect(told.map((one) => one['activityType'])).toEqual([65, 66]);
    expect(told[1]?.['data']).toMatchObject({ downloadUrl: `/agents/${id}/uploads/${told[1]?.id}` });
  });
});

describe('an agent that is offline', () => {
  it('keeps the command until it is back', async () => {
    const { console, clock } = await consoleWithClock();
    const id = await onlineHost(console);
    console.setAgents([id], { online: false });
    expect(await hostOf(console, id)).toMatchObject({ isActive: false });
    expect(await act(console, path('disconnect'), { ids: [id] })).toEqual({ affected: 1 });
    clock.nowMs += 3_600_000;
    expect(await hostOf(console, id)).toMatchObject({ isActive: false, networkStatus: 'disconnecting' });
    console.setAgents([id], { online: true });
    clock.nowMs += 4_000;
    expect(await hostOf(console, id)).toMatchObject({ isActive: true, networkStatus: 'disconnected' });
  });

  it('shows nothing of a scan that has not begun, whatever else changes', async () => {
    const { console, clock } = await consoleWithClock({ profiles: ['mutation'] });
    const ids = (await hosts(console)).filter((one) => one['scanStatus'] !== 'started').map(({ id }) => id);
    console.setAgents(ids, { online: false });
    const seen = async () => {
      const { scanStatus, scanStartedAt, scanFinishedAt, networkStatus, updatedAt } = await hostOf(
        console,
        first(ids),
      );
      return { updatedAt, rest: [scanStatus, scanStartedAt, scanFinishedAt, networkStatus] };
    };
    const before = await seen();
    await act(console, path('initiate-scan'), { ids });
    const times = new Set<unknown>();
    for (let minute = 0; minute < 10; minute++) {
      clock.nowMs += 60_000;
      const now = await seen();
      expect(now.rest).toEqual(before.rest);
      times.add(now.updatedAt);
    }
    expect(times.size).toBeGreaterThan(3);
  });

  it('begins anew where it went off in the middle', async () => {
    const { console, clock } = await consoleWithClock();
    const id = await onlineHost(console);
    console.setAgents([id], { online: false, atMs: epochMs + 2_000 });
    console.setAgents([id], { online: true, atMs: epochMs + 60_000 });
    await act(console, path('disconnect'), { ids: [id] });
    const seen: unknown[] = [];
    for (const seconds of [0, 2, 59, 60, 63, 64]) {
      clock.nowMs = epochMs + seconds * 1_000;
      const { networkStatus, isActive } = await hostOf(console, id);
      seen.push([seconds, networkStatus, isActive]);
    }
    expect(seen).toEqual([
      [0, 'disconnecting', true],
      [2, 'disconnecting', false],
      [59, 'disconnecting', false],
      [60, 'disconnecting', true],
      [63, 'disconnecting', true],
      [64, 'disconnected', true],
    ]);
  });

  it('comes back by itself where nobody decides', async () => {
    const { console, clock } = await consoleWithClock();
    const [host] = await hosts(console, { isActive: 'false', networkStatuses: 'connected' });
    const id = host?.id ?? '';
    await act(console, path('disconnect'), { ids: [id] });
    for (let hour = 0; hour < 24 && (await hostOf(console, id))['isActive'] === false; hour++)
      clock.nowMs += 3_600_000;
    clock.nowMs += 60_000;
    const { networkStatus, isActive } = await hostOf(console, id);
    expect([networkStatus, isActive]).toEqual(['disconnected', true]);
  });
});

describe('lookups by id', () => {
  it('take a thousand of them at once, and no more', async () => {
    const { console } = await consoleWithClock({ agents: 1_200, threats: 1_200 });
    for (const list of ['/agents', '/threats']) {
      const ids = (await walk(console, list, { limit: '1000' })).map(({ id }) => id);
      const [thousand, rest] = [ids.slice(0, 1_000), ids.slice(1_000)];
      const { data, pagination } = await getPage(console, list, { ids: thousand.join(','), limit: '1000' });
      expect(data?.map(({ id }) => id)).toEqual(thousand);
      expect(pagination.totalItems).toBe(1_000);
      const tooMany = [...thousand, ...rest].slice(0, 1_001).join(',');
      await expect(getPage(console, list, { ids: tooMany })).rejects.toThrow('400');
    }
  });

  it('keep to the other filters, and to the order that is asked for', async () => {
    const { console } = await consoleWithClock();
    const every = await walk(console, '/agents', { limit: '1000', sortBy: 'updatedAt' });
    const [middle] = every.slice(every.length / 2);
    const since = String(middle?.['updatedAt']);
    const ids = every.filter((_, index) => index % 2 === 0).map(({ id }) => id);
    for (const [sortOrder, inOrder] of [
      ['asc', every],
      ['desc', every.toReversed()],
    ] as const) {
      const params = {
        ids: ids.join(','),
        updatedAt__gte: since,
        sortBy: 'updatedAt',
        sortOrder,
        limit: '3',
      };
      const found = await walk(console, '/agents', params);
      expect(found.map(({ id }) => id)).toEqual(
        inOrder
          .filter(({ id, updatedAt }) => ids.includes(id) && String(updatedAt) >= since)
          .map(({ id }) => id),
      );
    }
    const { siteScoped } = console.tokens;
    const own = (await walk(console, '/agents', { limit: '1000' }, siteScoped)).map(({ id }) => id);
    const mine = await walk(console, '/agents', { ids: ids.join(','), siteIds: '1' }, siteScoped);
    expect(mine).toEqual([]);
    const seen = await walk(console, '/agents', { ids: ids.join(',') }, siteScoped);
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(ids.filter((id) => own.includes(id))));
  });

  it('find hosts by UUID and by name, whole or in part', async () => {
    const { console } = await consoleWithClock();
    const host = first(await hosts(console));
    const [uuid, name] = [String(host['uuid']), String(host['computerName'])];
    for (const params of [{ uuids: uuid }, { computerName: name }, { computerName__contains: name.slice(2) }])
      expect((await walk(console, '/agents', params)).map(({ id }) => id)).toContain(host.id);
    expect(await walk(console, '/agents', { computerName: name.slice(2) })).toEqual([]);
  });
});
