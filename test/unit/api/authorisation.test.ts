import { beforeEach, describe, expect, it } from 'vitest';
import { hasRight, type Right, rights } from '../../../shared/access/rights.ts';
import { actionIdOf, actionIdText } from '../../../shared/actions/run/action-id.ts';
import { routes } from '../../../shared/api/registry.ts';
import type { Route } from '../../../shared/api/route.ts';
import { apiWorld } from '../../support/api-world.ts';
import { responding } from './action-support.ts';

const place = { tenant: 'northwind', connector: 'emea-servers' };

/** What the parts of paths in braces stand for: something of the tenant `northwind`. */
const parts: Readonly<Record<string, string>> = {
  tenant: 'northwind',
  connectorId: 'northwind.emea-servers',
  keyId: '0000000000000000',
  jobId: 'northwind.emea-servers.j1',
  actionId: actionIdText({ ...place, id: actionIdOf(place, 'key k') }),
};
/** What a route must be asked with. */
const queries: Readonly<Record<string, string>> = {
  exportActions: '?from=2026-11-01T00:00:00Z&to=2026-11-27T00:00:00Z',
};

const closed = routes.filter(({ right }) => right !== 'open');
const dayMs = 86_400_000;

let world: ReturnType<typeof apiWorld>;
beforeEach(async () => {
  world = apiWorld();
  const key = await world.key();
  const { json } = await world.call('POST', '/v1/connectors', { key, body: responding });
  expect(json['id']).toBe(parts['connectorId']);
  const action = await world.call('POST', '/v1/actions', {
    key,
    body: { connector: parts['connectorId'], action: 'contain', targets: [{ agentId: '1001' }] },
    headers: { 'Idempotency-Key': 'k' },
  });
  expect(action.json['id']).toBe(parts['actionId']);
});

function pathOf({ id, path }: Route): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`Say in this test what {${name}} of ${path} stands for.`);
    return part;
  });
  return `${filled}${queries[id] ?? ''}`;
}

/** The example of a route is a body that its schema takes. */
function call(route: Route, key: string | undefined) {
  const { body, example } = route;
  return world.call(route.method, pathOf(route), {
    key,
    ...(body === undefined ? {} : { body: example ?? {} }),
  });
}

describe.each(closed.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  it('wants a key', async () => {
    const { status, json, headers } = await call(route, undefined);
    expect([status, json['code']]).toEqual([401, 'key_missing']);
    expect(headers['WWW-Authenticate']).toContain('Bearer');
  });

  it.each([
    ['wrong', `sl_${'0'.repeat(16)}_${'A'.repeat(43)}`, 'key_unknown'],
    ['none', 'Bearer of nothing', 'key_malformed'],
  ])('refuses a key that is %s', async (__, key, code) => {
    const { status, json } = await call(route, key);
    expect([status, json['code']]).toEqual([401, code]);
  });

  it('refuses an expired key and a revoked one', async () => {
    const expiring = await world.key(['admin'], 'all', world.clock.now() + dayMs);
    const revoked = await world.key();
    await world.keys.revoke(revoked.split('_')[1] ?? '', world.clock.now());
    world.clock.advance(dayMs);
    for (const [key, code] of [
      [expiring, 'key_expired'],
      [revoked, 'key_revoked'],
    ] as const) {
      const { status, json } = await call(route, key);
      expect([status, json['code']]).toEqual([401, code]);
    }
  });

  it.each(rights)(
    'lets a key with the right %s in, or names the right that it lacks',
    async (right: Right) => {
      const { status, json } = await call(route, await world.key([right]));
      if (hasRight({ rights: [right] }, route.right as Right)) expect(json['code']).not.toBe('right_missing');
      else {
        expect([status, json['code']]).toEqual([403, 'right_missing']);
        expect(json['detail']).toContain(route.right);
      }
    },
  );

  it('shows nothing of another tenant, and does not say that it is there', async () => {
    const key = await world.key(['admin'], ['contoso']);
    const { status, body = '' } = await call(route, key);
    // The document has examples, of a tenant that is called so.
    if (route.id !== 'getOpenApi') expect(body.includes('orthwind')).toBe(false);
    const { tenant, connector } = Object(route.example);
    if (route.path.includes('{') || (tenant ?? connector) !== undefined) expect(status).toBe(404);
    else if (route.id === 'createKey') expect(status).toBe(422);
    else expect(status).toBe(200);
  });
});

it('lets nobody but the check of health in without a key', async () => {
  expect(routes.filter(({ right }) => right === 'open').map(({ id }) => id)).toEqual(['getHealth']);
  expect((await world.call('GET', '/v1/health')).json).toEqual({ status: 'ok' });
});

it('refuses what is no path and no method with the form of every other problem', async () => {
  expect((await world.call('GET', '/v1/nothing')).json).toMatchObject({ status: 404, code: 'unknown_path' });
  expect((await world.call('PURGE', '/v1/connectors')).json).toMatchObject({
    status: 405,
    code: 'method_not_allowed',
    detail: 'The path does not take PURGE; it takes GET, POST.',
  });
});
