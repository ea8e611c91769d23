import { describe, expect, it } from 'vitest';
import { axisBetween } from '../../../local/console/server/filters.ts';
import { parseMicros } from '../../../local/console/world/micro-time.ts';
import { get, getPage, type ListedRecord, openConsole, vendorError, walk } from './support.ts';

const field = (record: ListedRecord, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      record,
    );

/** The same time, one microsecond later. */
function later(time: string): string {
  const [, head = '', digits = ''] = /^(.*\.)(\d{6})Z$/.exec(time) ?? [];
  return `${head}${String(Number(digits) + 1).padStart(6, '0')}Z`;
}

describe.each([
  ['/threats', 'updatedAt', 'threatInfo.updatedAt'],
  ['/threats', 'createdAt', 'threatInfo.createdAt'],
  ['/agents', 'updatedAt', 'updatedAt'],
  ['/agents', 'registeredAt', 'registeredAt'],
  ['/agents', 'lastActiveDate', 'lastActiveDate'],
  ['/activities', 'createdAt', 'createdAt'],
])('%s: the bounds of %s', (path, param, where) => {
  it('are exact to the microsecond, each as its name says', async () => {
    // Given a record in the middle of the list and its time
    const console = await openConsole();
    const records = await walk(console, path, { limit: '1000' });
    const times = records.map((record) => String(field(record, where))).sort();
    const time = times.find((candidate, index) => index > 20 && !candidate.endsWith('999999Z')) ?? '';
    const total = async (filters: Record<string, string>) =>
      (await getPage(console, path, { ...filters, countOnly: 'true' })).pagination.totalItems;
    const expected = (test: (candidate: string) => boolean) => times.filter(test).length;

    // Then each comparison counts what it names
    expect(await total({ [`${param}__gte`]: time })).toBe(expected((candidate) => candidate >= time));
    expect(await total({ [`${param}__gt`]: time })).toBe(expected((candidate) => candidate > time));
    expect(await total({ [`${param}__lte`]: time })).toBe(expected((candidate) => candidate <= time));
    expect(await total({ [`${param}__lt`]: time })).toBe(expected((candidate) => candidate < time));
    // And one microsecond makes the difference
    expect(await total({ [`${param}__gte`]: time, [`${param}__lt`]: later(time) })).toBe(
      expected((candidate) => candidate === time),
    );
    expect(await total({ [`${param}__gt`]: time, [`${param}__lt`]: later(time) })).toBe(0);
    expect(expected((candidate) => candidate === time)).toBeGreaterThan(0);
  });
});

describe('filters', () => {
  it.each([
    [
      '/threats',
      'incidentStatuses',
      'threatInfo.incidentStatus',
      'resolved',
      (value: unknown) => value === 'resolved',
    ],
    [
      '/threats',
      'incidentStatuses',
      'threatInfo.incidentStatus',
      'unresolved,in_progress',
      (value: unknown) => value !== 'resolved',
    ],
    [
      '/threats',
      'analystVerdicts',
      'threatInfo.analystVerdict',
      'suspicious',
      (value: unknown) => value === 'suspicious',
    ],
    ['/threats', 'resolved', 'threatInfo.incidentStatus', 'false', (value: unknown) => value !== 'resolved'],
    [
      '/threats',
      'computerName__contains',
      'agentRealtimeInfo.agentComputerName',
      'LAPTOP,ノート',
      (value: unknown) => /laptop|ノート/i.test(String(value)),
    ],
    ['/agents', 'isDecommissioned', 'isDecommissioned', 'True', (value: unknown) => value === true],
    ['/agents', 'isDecommissioned', 'isDecommissioned', 'True,False', () => true],
    ['/agents', 'isUninstalled', 'isUninstalled', 'false', (value: unknown) => value === false],
    ['/agents', 'isActive', 'isActive', 'true', (value: unknown) => value === true],
    [
      '/agents',
      'networkStatuses',
      'networkStatus',
      'connecting,disconnected',
      (value: unknown) => value !== 'connected',
    ],
    [
      '/agents',
      'computerName__contains',
      'computerName',
      'srv',
      (value: unknown) => String(value).includes('srv'),
    ],
    [
      '/activities',
      'activityTypes',
      'activityType',
      '27,3608',
      (value: unknown) => value === 27 || value === 3608,
    ],
  ])('%s %s selects by %s: %s', async (path, param, where, value, test) => {
    const console = await openConsole({ agents: 200 });
    const every = await walk(console, path, { limit: '1000' });
    const expected = every.filter((record) => test(field(record, where))).map((record) => record.id);
    const page = await getPage(console, path, { [param]: value, limit: '1000' });
    expect(page.data?.map((record) => record.id)).toEqual(expected);
    expect(page.pagination.totalItems).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(0);
  });

  it.each([
    ['/threats', 'ids', 'id'],
    ['/threats', 'siteIds', 'agentRealtimeInfo.siteId'],
    ['/threats', 'accountIds', 'agentRealtimeInfo.accountId'],
    ['/threats', 'groupIds', 'agentRealtimeInfo.groupId'],
    ['/threats', 'contentHashes', 'threatInfo.sha1'],
    ['/agents', 'ids', 'id'],
    ['/agents', 'siteIds', 'siteId'],
    ['/agents', 'uuid', 'uuid'],
    ['/agents', 'uuids', 'uuid'],
    ['/agents', 'computerName', 'computerName'],
    ['/activities', 'groupIds', 'groupId'],
  ])('%s %s selects by exactly %s', async (path, param, where) => {
    const console = await openConsole();
    const every = await walk(console, path, { limit: '1000' });
    const values = [...new Set(every.map((record) => field(record, where)))]
      .filter((value) => typeof value === 'string' && value !== '')
      .slice(0, 1);
    const expected = every
      .filter((record) => values.includes(field(record, where)))
      .map((record) => record.id);
    const found = await walk(console, path, { [param]: values.join(','), limit: '1000' });
    expect(found.map((record) => record.id)).toEqual(expected);
    expect(expected.length).toBeLessThan(every.length);
  });

  it('/activities createdAt__between holds both of its milliseconds', async () => {
    // Given two records; the bounds are the millisecond in which the first lies and the one after the second's
    const console = await openConsole();
    const every = await walk(console, '/activities', { limit: '1000', sortBy: 'createdAt' });
    const us = (record: ListedRecord | undefined) => parseMicros(String(record?.['createdAt'])) ?? Number.NaN;
    const fromMs = Math.ceil(us(every[10]) / 1_000);
    const toMs = Math.ceil(us(every[20]) / 1_000);
    const found = await walk(console, '/activities', {
      createdAt__between: `${fromMs}-${toMs}`,
      limit: '1000',
    });
    expect(found.map(({ id }) => id)).toEqual(
      every
        .filter((record) => us(record) >= fromMs * 1_000 && us(record) <= toMs * 1_000)
        .map(({ id }) => id),
    );
    expect(found.length).toBeGreaterThan(5);
  });

  it.each([
    [0, 0, 1],
    [-1, -1, 0],
    [1, 1, 0],
    [-1, 0, 1],
    [0, 1, 1],
  ])(
    '/activities createdAt__between from %i to %i ms around a record of a whole millisecond: %i',
    (from, to, expected) => {
      const ms = 1_797_206_400_123;
      const filter = axisBetween('createdAt')['createdAt__between']?.(
        'createdAt__between',
        `${ms + from}-${ms + to}`,
      );
      if (filter === undefined || !('bounds' in filter)) throw new Error('It has no bounds.');
      const { fromUs, toUs } = filter.bounds;
      expect(ms * 1_000 >= fromUs && ms * 1_000 < toUs ? 1 : 0).toBe(expected);
    },
  );

  it('count agents like the list does', async () => {
    const console = await openConsole();
    const { data } = JSON.parse((await get(console, '/agents/count', { isActive: 'true' })).text);
    expect(data.total).toBe(
      (await getPage(console, '/agents', { isActive: 'true', countOnly: 'true' })).pagination.totalItems,
    );
  });
});

describe('a request is refused with 400 for', () => {
  it.each([
    ['/threats', { createdAt__between: '1-2' }, "dict_values(['createdAt__between']): Unknown field"],
    ['/threats', { limit: '5', foo: '1', bar: '2' }, "dict_values(['foo', 'bar']): Unknown field"],
    ['/agents/count', { limit: '5' }, "dict_values(['limit']): Unknown field"],
    ['/sites', { updatedAt__gte: '2026-01-01T00:00:00Z' }, "dict_values(['updatedAt__gte']): Unknown field"],
    ['/system/info', { x: '' }, "dict_values(['x']): Unknown field"],
    ['/threats', { constructor: '1' }, "dict_values(['constructor']): Unknown field"],
    ['/threats', { limit: '0' }, 'limit: '],
    ['/threats', { limit: '1001' }, 'limit: '],
    ['/threats', { limit: 'ten' }, 'limit: '],
    ['/threats', { skip: '1001' }, 'skip: '],
    ['/threats', { skip: '1', cursor: 'x' }, 'skip: '],
    ['/threats', { sortBy: 'threatName' }, 'sortBy: '],
    ['/threats', { sortBy: 'toString' }, 'sortBy: '],
    ['/threats', { sortOrder: 'up' }, 'sortOrder: '],
    ['/threats', { updatedAt__gte: 'yesterday' }, 'updatedAt__gte: '],
    ['/threats', { updatedAt__gte: '1797206400000' }, 'updatedAt__gte: '],
    ['/threats', { ids: 'abc' }, 'ids: '],
    ['/threats', { ids: '1,,2' }, 'ids: '],
    ['/threats', { incidentStatuses: 'IN_PROGRESS' }, 'incidentStatuses: '],
    ['/threats', { noteExists: 'yes' }, 'noteExists: '],
    ['/threats', { countOnly: '1' }, 'countOnly: '],
    ['/agents', { isDecommissioned: 'all' }, 'isDecommissioned: '],
    ['/activities', { activityTypes: 'login' }, 'activityTypes: '],
    ['/activities', { createdAt__between: '2026-01-01T00:00:00Z' }, 'createdAt__between: '],
  ])('%s %o', async (path, params, detail) => {
    const console = await openConsole();
    const reply = await get(console, path, params);
    expect(reply.status).toBe(400);
    expect(vendorError(reply)).toMatchObject({ code: 4_000_010, title: 'Validation Error' });
    expect(vendorError(reply).detail?.startsWith(detail)).toBe(true);
  });

  it('a parameter that comes twice', async () => {
    const console = await openConsole();
    const reply = await fetch(`${console.url}/web/api/v2.1/threats?limit=1&limit=2`, {
      headers: { authorization: `ApiToken ${console.tokens.admin}` },
    });
    expect(reply.status).toBe(400);
  });
});
