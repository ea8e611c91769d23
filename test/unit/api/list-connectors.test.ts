import { beforeEach, describe, expect, it } from 'vitest';
import { apiWorld, goodConnector } from '../../support/api-world.ts';

let world: ReturnType<typeof apiWorld>;
let key: string;

beforeEach(async () => {
  world = apiWorld();
  key = await world.key();
  for (const tenant of ['contoso', 'fabrikam', 'northwind']) {
    for (let n = 1; n <= 3; n++) {
      const functions = n === 3 ? ['respond'] : ['collect'];
      const body = { ...goodConnector, tenant, name: `c${n}`, functions };
      expect((await world.call('POST', '/v1/connectors', { key, body })).status).toBe(201);
    }
  }
  await world.call('POST', '/v1/connectors/fabrikam.c2/pause', { key });
  await world.call('DELETE', '/v1/connectors/fabrikam.c1', { key });
});

/** The ids of all pages, and the cursors between them. */
async function all(query: string, as = key) {
  const ids: string[] = [];
  const cursors: string[] = [];
  for (let cursor = ''; ; ) {
    const { status, json } = await world.call('GET', `/v1/connectors?${query}${cursor}`, { key: as });
    expect(status).toBe(200);
    const page = Object(json['connectors']).map(({ id }: { id: string }) => id);
    const limit = Number(/limit=(\d+)/.exec(query)?.[1] ?? 100);
    expect(page.length).toBeLessThanOrEqual(limit);
    ids.push(...page);
    const next = json['nextCursor'];
    if (next === undefined) return { ids, cursors };
    cursors.push(String(next));
    expect(cursors.length).toBeLessThan(30);
    cursor = `&cursor=${String(next)}`;
  }
}

const everything = [
  ...['contoso.c1', 'contoso.c2', 'contoso.c3'],
  ...['fabrikam.c2', 'fabrikam.c3'],
  ...['northwind.c1', 'northwind.c2', 'northwind.c3'],
];

describe('GET /v1/connectors', () => {
  it.each([1, 2, 3, 8, 9, 100, 1000])('lists every connector once, in pages of %d', async (limit) => {
    expect((await all(`limit=${limit}`)).ids).toStrictEqual(everything);
  });

  it.each([
    ['tenant=fabrikam', ['fabrikam.c2', 'fabrikam.c3']],
    ['state=paused', ['fabrikam.c2']],
    ['function=respond', ['contoso.c3', 'fabrikam.c3', 'northwind.c3']],
    ['tenant=contoso&function=collect&state=active', ['contoso.c1', 'contoso.c2']],
    ['tenant=nobody', []],
  ])('filters by %s', async (query, ids) => {
    for (const limit of [1, 2, 100]) expect((await all(`limit=${limit}&${query}`)).ids).toStrictEqual(ids);
  });

  it.each([
    [['northwind'], ['northwind.c1', 'northwind.c2', 'northwind.c3']],
    [
      ['northwind', 'contoso'],
      ['contoso.c1', 'contoso.c2', 'contoso.c3', 'northwind.c1', 'northwind.c2', 'northwind.c3'],
    ],
  ])('shows a key of %j its own, and no cursor tells of others', async (tenants, ids) => {
    const own = await world.key(['read'], tenants);
    for (const limit of [1, 2, 3, 4, 100]) {
      const listed = await all(`limit=${limit}`, own);
      expect(listed.ids).toStrictEqual(ids);
      for (const cursor of listed.cursors)
        expect(Buffer.from(cursor, 'base64url').toString()).not.toContain('fabrikam');
    }
  });

  it('does not say that a tenant of others is there', async () => {
    const own = await world.key(['read'], ['northwind']);
    const { status, json } = await world.call('GET', '/v1/connectors?tenant=fabrikam', { key: own });
    const none = await world.call('GET', '/v1/connectors?tenant=nobody', { key: own });
    expect([status, json['code']]).toEqual([404, 'not_found']);
    expect({ ...none.json, instance: '' }).toStrictEqual({ ...json, instance: '' });
  });

  it('takes a cursor of another tenant for what it is: behind or before', async () => {
    const { cursors } = await all('limit=8');
    const [last = ''] = cursors.length > 0 ? cursors : (await all('limit=7')).cursors;
    const { status, json } = await world.call('GET', `/v1/connectors?tenant=contoso&cursor=${last}`, { key });
    expect([status, json['connectors']]).toEqual([200, []]);
  });

  it.each([
    'x',
    'e30',
    'eyJ4IjoieSJ9',
    Buffer.from('{"tenant":"A B","id":"c"}').toString('base64url'),
    'bnVsbA',
  ])('refuses the cursor %j', async (cursor) => {
    for (const path of ['/v1/connectors', '/v1/status']) {
      const { status, json } = await world.call('GET', `${path}?cursor=${cursor}`, { key });
      expect([path, status, json['field']]).toEqual([path, 422, 'cursor']);
    }
  });

  it.each([
    'limit=0',
    'limit=-1',
    'limit=1.5',
    'limit=x',
    'limit=1001',
    'limit=',
    'state=deleted',
    'function=sing',
    'colour=red',
    'tenant=',
    'limit=1&limit=2',
  ])('refuses %s and names it', async (query) => {
    const { status, json } = await world.call('GET', `/v1/connectors?${query}`, { key });
    expect([status, json['field']]).toEqual([422, query.split('=')[0]]);
  });
});
