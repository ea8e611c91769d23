import { describe, expect, it } from 'vitest';
import { agents } from '../../../shared/content-types/agents.ts';
import type { ContentType } from '../../../shared/content-types/content-type.ts';
import { threats } from '../../../shared/content-types/threats.ts';
import type { Json } from '../../../shared/json.ts';
import type { ListParams } from '../../../shared/ports.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';
import { listOnly } from '../../support/list-only.ts';
import { pageRequest } from '../../support/page-request.ts';

const window = { from: Date.UTC(2026, 10, 20, 10), to: Date.UTC(2026, 10, 20, 11) };

/** What a content type asks the console for at the start of a window. */
async function firstRequestOf(contentType: ContentType) {
  const requests: { readonly path: string; readonly params: ListParams }[] = [];
  const api = listOnly(async (path, params) => {
    requests.push({ path, params });
    return { data: [] };
  });
  await contentType.reading.readPage(pageRequest(api, window, { scope: { siteIds: '5,6' } }));
  return requests;
}

const updatedInWindow = {
  updatedAt__gte: '2026-11-20T10:00:00.000Z',
  updatedAt__lt: '2026-11-20T11:00:00.000Z',
  sortBy: 'updatedAt',
  sortOrder: 'asc',
  limit: '1000',
  siteIds: '5,6',
};

describe('threats', () => {
  it('are asked for by the time of their last change', async () => {
    expect(await firstRequestOf(threats)).toEqual([{ path: '/threats', params: updatedInWindow }]);
  });

  it.each<[string, Json, number | undefined]>([
    [
      'when the agent found it',
      { identifiedAt: '2026-11-20T10:00:00Z', createdAt: '2026-11-20T10:00:01Z' },
      10,
    ],
    [
      'else when the console knew',
      { identifiedAt: null, createdAt: '2026-11-20T11:00:00.5Z', updatedAt: 'x' },
      11,
    ],
    [
      'else when it changed',
      { identifiedAt: '', createdAt: 'None', updatedAt: '2026-11-20T12:00:00.123456Z' },
      12,
    ],
    ['never', { identifiedAt: 0 }, undefined],
    ['never', null, undefined],
  ])('happened %s', (_name, threatInfo, hour) => {
    const time = threats.eventTime({ threatInfo, createdAt: '2026-11-20T01:00:00Z' });
    expect(time === undefined ? undefined : new Date(time).getUTCHours()).toBe(hour);
  });

  it('are sorted by their own change, not by a field of the same name at the top', () => {
    const threat = {
      updatedAt: '2020-01-01T00:00:00Z',
      threatInfo: { updatedAt: '2026-11-20T10:00:00.123999Z' },
    };
    expect(threats.reading.sortKey(threat)).toBe(Date.UTC(2026, 10, 20, 10, 0, 0, 123));
  });

  it('are identified by id and change, as the console wrote them', () => {
    const threat = { id: '007', threatInfo: { updatedAt: '2026-11-20T10:00:00.120000Z' } };
    expect(threats.identity(threat, window)).toEqual({ id: '007', revision: '2026-11-20T10:00:00.120000Z' });
  });

  it.each<[string, Json]>([
    ['id', { threatInfo: { updatedAt: 'x' } }],
    ['id', { id: '', threatInfo: { updatedAt: 'x' } }],
    ['id', { id: 'None', threatInfo: { updatedAt: 'x' } }],
    ['id', { id: { a: 1 }, threatInfo: { updatedAt: 'x' } }],
    ['threatInfo.updatedAt', { id: '7' }],
    ['threatInfo.updatedAt', { id: '7', threatInfo: null, updatedAt: 'x' }],
    ['threatInfo.updatedAt', { id: '7', threatInfo: { updatedAt: null } }],
  ])('have no identity without %s: %j', (field, threat) => {
    expect(() => threats.identity(Object(threat), window)).toThrow(`The field ${field} is missing or blank.`);
  });
});

describe('agents', () => {
  it('are asked for by the time of their last change, with those that were removed', async () => {
    expect(await firstRequestOf(agents)).toEqual([
      {
        path: '/agents',
        params: { ...updatedInWindow, isDecommissioned: 'True,False', isUninstalled: 'True,False' },
      },
    ]);
  });

  it('have the time of their last change', () => {
    const agent = { updatedAt: '2026-11-20T10:00:00Z', lastActiveDate: '2026-11-20T12:00:00Z' };
    expect(agents.eventTime(agent)).toBe(Date.UTC(2026, 10, 20, 10));
    expect(agents.reading.sortKey(agent)).toBe(Date.UTC(2026, 10, 20, 10));
  });

  it('are identified by every digit of an id that comes as a number', () => {
    const agent = parseLossless('{"id": 1873645091827364505, "updatedAt": "2026-11-20T10:00:00Z"}');
    expect(agents.identity(Object(agent), window)).toEqual({
      id: '1873645091827364505',
      revision: '2026-11-20T10:00:00Z',
    });
  });

  it('have no identity without id or change', () => {
    expect(() => agents.identity({ updatedAt: 'x' }, window)).toThrow('The field id is missing or blank.');
    expect(() => agents.identity({ id: '7', updatedAt: null }, window)).toThrow(
      'The field updatedAt is missing or blank.',
    );
  });
});
