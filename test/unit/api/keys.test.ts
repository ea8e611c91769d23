import { beforeEach, describe, expect, it } from 'vitest';
import { apiWorld } from '../../support/api-world.ts';

let world: ReturnType<typeof apiWorld>;
let admin: string;
const draft = { name: 'soar', tenants: ['northwind'], rights: ['read', 'test'] };

beforeEach(async () => {
  world = apiWorld();
  admin = await world.key();
});

describe('POST /v1/keys', () => {
  it('shows the key once; it works at once, and only what it may', async () => {
    const body = { ...draft, expiresAt: '2026-12-01T00:00:00+01:00' };
    const { status, json } = await world.call('POST', '/v1/keys', { key: admin, body });
    expect(status).toBe(201);
    expect(json['apiKey']).toMatchObject({
      ...draft,
      createdAt: '2026-11-26T09:30:00.000Z',
      expiresAt: '2026-11-30T23:00:00.000Z',
    });
    const key = String(json['key']);
    const { json: me } = await world.call('GET', '/v1/whoami', { key });
    expect(me).toStrictEqual({ kind: 'key', id: key.split('_')[1], ...draft });
    expect((await world.call('GET', '/v1/keys', { key })).status).toBe(403);
    const { body: list } = await world.call('GET', '/v1/keys', { key: admin });
    expect(list).toContain('"soar"');
    expect(list).not.toContain(key.split('_')[2]);
  });

  it.each([
    ['name', { name: 'ü' }],
    ['tenants', { tenants: [] }],
    ['tenants[0]', { tenants: ['North Wind'] }],
    ['rights', { rights: [] }],
    ['rights[0]', { rights: ['all'] }],
    ['expiresAt', { expiresAt: '2026-11-26T09:30:00Z' }],
    ['expiresAt', { expiresAt: '2029-01-01T00:00:00Z' }],
    ['expiresAt', { expiresAt: '2026-99-01T00:00:00Z' }],
    ['expiresAt', { expiresAt: 'tomorrow' }],
    ['secret', { secret: 'x' }],
  ])('refuses a bad %s: %j', async (field, changes) => {
    const { status, json } = await world.call('POST', '/v1/keys', {
      key: admin,
      body: { ...draft, ...changes },
    });
    expect([status, json['field']]).toEqual([422, field]);
    expect(world.keys.rows.size).toBe(1);
  });

  it('makes none for tenants that the admin may not see', async () => {
    const own = await world.key(['admin'], ['contoso']);
    for (const tenants of ['all', ['northwind'], ['contoso', 'northwind']]) {
      const { status, json } = await world.call('POST', '/v1/keys', {
        key: own,
        body: { ...draft, tenants },
      });
      expect([status, json['field']]).toEqual([422, 'tenants']);
    }
  });
});

describe('GET /v1/keys', () => {
  it('lists all keys once, page by page, and to an admin of some tenants theirs only', async () => {
    for (let n = 0; n < 7; n++) await world.key(['read'], n % 2 === 0 ? ['northwind'] : ['contoso']);
    const own = await world.key(['admin'], ['contoso']);
    for (const [key, count] of [
      [admin, 9],
      [own, 4],
    ] as const) {
      const ids: string[] = [];
      for (let cursor = ''; ; ) {
        const { json } = await world.call('GET', `/v1/keys?limit=2${cursor}`, { key });
        ids.push(...Object(json['keys']).map(({ id }: { id: string }) => id));
        if (json['nextCursor'] === undefined) break;
        cursor = `&cursor=${String(json['nextCursor'])}`;
      }
      expect([ids.length, new Set(ids).size]).toEqual([count, count]);
    }
  });

  it.each(['limit=0', 'limit=101', 'cursor=x'])('refuses %s', async (query) => {
    const { status, json } = await world.call('GET', `/v1/keys?${query}`, { key: admin });
    expect([status, json['field']]).toEqual([422, query.split('=')[0]]);
  });
});

describe('DELETE /v1/keys/{keyId}', () => {
  it('ends the key at once; again it is the same', async () => {
    const key = await world.key(['read']);
    const id = key.split('_')[1];
    const first = await world.call('DELETE', `/v1/keys/${id}`, { key: admin });
    expect([first.status, first.json['revokedAt']]).toEqual([200, '2026-11-26T09:30:00.000Z']);
    const refused = await world.call('GET', '/v1/whoami', { key });
    expect([refused.status, refused.json['code']]).toEqual([401, 'key_revoked']);
    world.clock.advance(60_000);
    const second = await world.call('DELETE', `/v1/keys/${id}`, { key: admin });
    expect(second.json['revokedAt']).toBe('2026-11-26T09:30:00.000Z');
  });

  it('does not say whether a key of others is there', async () => {
    const own = await world.key(['admin'], ['contoso']);
    const other = (await world.key(['read'], ['northwind'])).split('_')[1];
    for (const id of [other, '0000000000000000', 'x'])
      expect((await world.call('DELETE', `/v1/keys/${id}`, { key: own })).status).toBe(404);
    expect(world.keys.rows.get(other ?? '')?.revokedAt).toBeUndefined();
  });
});

it('a key that has made its requests of a minute waits for the next', async () => {
  world = apiWorld();
  const key = await world.key(['read']);
  for (let n = 0; n < 600; n++) expect((await world.call('GET', '/v1/whoami', { key })).status).toBe(200);
  const { status, headers, json } = await world.call('GET', '/v1/whoami', { key });
  expect([status, json['code'], headers['Retry-After']]).toEqual([429, 'rate_limited', '60']);
  world.clock.advance(60_000);
  expect((await world.call('GET', '/v1/whoami', { key })).status).toBe(200);
});
