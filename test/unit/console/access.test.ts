import { describe, expect, it } from 'vitest';
import { endpoints } from '../../../local/console/server/registry.ts';
import { epochMs, get, getPage, hourMs, openConsole, stoppedClock, vendorError, walk } from './support.ts';

const day = 24 * hourMs;

describe('authentication', () => {
  it.each(['ApiToken', 'APIToken', 'apitoken', 'Token'])('takes the scheme %s', async (scheme) => {
    const console = await openConsole();
    const reply = await fetch(`${console.url}/web/api/v2.1/threats`, {
      headers: { authorization: `${scheme} ${console.tokens.admin}` },
    });
    expect(reply.status).toBe(200);
  });

  it.each([
    ['no header', () => undefined],
    ['Bearer', (token: string) => `Bearer ${token}`],
    ['no scheme', (token: string) => token],
    ['an unknown token', (token: string) => `ApiToken ${token}x`],
  ])('refuses %s with 401 in the form of the vendor', async (_, header) => {
    const console = await openConsole();
    const authorization = header(console.tokens.admin);
    const reply = await fetch(
      `${console.url}/web/api/v2.1/threats`,
      authorization === undefined ? {} : { headers: { authorization } },
    );
    expect(reply.status).toBe(401);
    expect(await reply.json()).toEqual({
      errors: [{ code: 4_010_010, detail: null, title: 'Authentication Failed' }],
    });
  });

  it('refuses an expired token, and a good one from the day on which it expires', async () => {
    const clock = stoppedClock();
    const console = await openConsole({ clock });
    expect((await get(console, '/threats', {}, console.tokens.expired)).status).toBe(401);
    expect((await get(console, '/threats', {}, console.tokens.viewer)).status).toBe(200);
    clock.nowMs = epochMs + 180 * day;
    expect((await get(console, '/threats', {}, console.tokens.viewer)).status).toBe(401);
  });

  it('refuses a token in the URL, even beside a good header, and does not log it', async () => {
    const console = await openConsole();
    const reply = await get(console, '/threats', { APIToken: console.tokens.admin });
    expect(reply.status).toBe(400);
    expect(reply.text).not.toContain(console.tokens.admin);
    expect(JSON.stringify(console.requests)).not.toContain(console.tokens.admin);
    expect(console.requests.at(-1)).toMatchObject({
      status: 400,
      token: 'admin',
      params: { APIToken: '(not logged)' },
    });
  });

  it('takes one more token where one is given', async () => {
    const console = await openConsole({ token: 'my-own' });
    expect((await get(console, '/threats', {}, 'my-own')).status).toBe(200);
    expect(console.requests.at(-1)).toMatchObject({ token: 'extra' });
  });

  it('lets everybody ask for the system status, and nobody for the rest', async () => {
    const console = await openConsole();
    const reply = await fetch(`${console.url}/web/api/v2.1/system/status`);
    expect([reply.status, await reply.json()]).toEqual([200, { data: { health: 'ok' } }]);
    expect((await fetch(`${console.url}/web/api/v2.1/system/info`)).status).toBe(401);
  });
});

describe('a token that is bound to a site', () => {
  it.each([
    [
      '/threats',
      (record: Record<string, unknown>) => Reflect.get(Object(record['agentRealtimeInfo']), 'siteId'),
    ],
    ['/agents', (record: Record<string, unknown>) => record['siteId']],
    ['/activities', (record: Record<string, unknown>) => record['siteId']],
    ['/groups', (record: Record<string, unknown>) => record['siteId']],
    [
      '/cloud-detection/alerts',
      (record: Record<string, unknown>) => Reflect.get(Object(record['agentDetectionInfo']), 'siteId'),
    ],
  ])('sees of %s only what belongs to its site, the total too', async (path, siteOf) => {
    const console = await openConsole();
    const all = await walk(console, path, { limit: '1000' });
    const own = await walk(console, path, { limit: '1000' }, console.tokens.siteScoped);
    const sites = new Set(own.map(siteOf));
    expect(sites.size).toBe(1);
    expect(own).toEqual(all.filter((record) => sites.has(siteOf(record))));
    expect(own.length).toBeLessThan(all.length);
    expect(
      (await getPage(console, path, { limit: '1' }, console.tokens.siteScoped)).pagination.totalItems,
    ).toBe(own.length);
  });

  it('sees its own site and is told that accounts are not for it', async () => {
    const console = await openConsole();
    const sites: unknown = await getPage(console, '/sites', {}, console.tokens.siteScoped);
    expect(sites).toMatchObject({ data: { sites: [{ name: 'Rotterdam' }] }, pagination: { totalItems: 1 } });
    const reply = await get(console, '/accounts', {}, console.tokens.siteScoped);
    expect(reply.status).toBe(403);
    expect(vendorError(reply)).toMatchObject({
      code: 4_030_010,
      detail: 'Action is not allowed to site users',
    });
    expect((await getPage(console, '/accounts', {}, console.tokens.viewer)).data).toHaveLength(2);
  });
});

describe('a token that may not do everything', () => {
  const refusable = endpoints.filter(
    ({ method, surface, permission }) =>
      method === 'GET' && surface === undefined && permission !== undefined,
  );

  it('is refused whatever needs a permission that it lacks, and nothing else', async () => {
    expect(refusable.length).toBeGreaterThan(10);
    for (const { path, permission = '' } of refusable) {
      const console = await openConsole({ limits: { refused: [permission] } });
      const { limited, viewer } = console.tokens;
      const reply = await get(console, path, {}, limited);
      expect([path, reply.status, vendorError(reply)]).toEqual([
        path,
        403,
        {
          code: 4_030_010,
          detail: 'User does not have required permissions',
          title: 'Insufficient permissions',
        },
      ]);
      expect((await get(console, path, {}, viewer)).status, path).not.toBe(403);
      expect((await get(console, '/users/viewer-auth-check', {}, limited)).status).toBe(200);
    }
  });

  it('is refused by every list, for each names the permission that it needs', () => {
    const open = endpoints.filter(
      ({ authentication, permission }) => authentication === 'token' && permission === undefined,
    );
    expect(open.map(({ path }) => path).sort()).toEqual([
      '/system/info',
      '/users/api-token-details',
      '/users/tenant-admin-auth-check',
      '/users/viewer-auth-check',
    ]);
  });

  it('may be bound to a site besides', async () => {
    const console = await openConsole({ limits: { isSiteScoped: true } });
    const { limited, siteScoped } = console.tokens;
    expect((await getPage(console, '/agents', {}, limited)).data).toEqual(
      (await getPage(console, '/agents', {}, siteScoped)).data,
    );
    expect((await get(console, '/accounts', {}, limited)).status).toBe(403);
  });
});

describe('a console that does not have an endpoint', () => {
  it('answers 404 as for any path that it does not know, or 501 in the form of the vendor', async () => {
    const console = await openConsole({
      missing: { '/cloud-detection/alerts': 501, '/threats/{threatId}/notes': 404 },
    });
    const alerts = await get(console, '/cloud-detection/alerts');
    expect([alerts.status, vendorError(alerts)]).toEqual([
      501,
      { code: 5_010_010, detail: null, title: 'Not supported' },
    ]);
    const [threat] = (await getPage(console, '/threats')).data ?? [];
    const notes = await get(console, `/threats/${threat?.id}/notes`);
    expect([notes.status, notes.text]).toEqual([404, '404 page not found']);
  });

  it('is none where nobody knows the endpoint', async () => {
    await expect(openConsole({ missing: { '/cloud-detection/alert': 501 } })).rejects.toThrow(
      'no endpoint /cloud-detection/alert',
    );
  });
});

describe('a token tells about itself', () => {
  it('who it is', async () => {
    const console = await openConsole();
    const { data } = JSON.parse((await get(console, '/user', {}, console.tokens.siteScoped)).text);
    expect(data).toMatchObject({ scope: 'site', scopeRoles: [{ roleName: 'Viewer' }] });
    expect(JSON.parse((await get(console, '/users/viewer-auth-check')).text)).toEqual({
      data: { success: true },
    });
  });

  it.each([
    ['its life time', (token: string) => JSON.stringify({ data: { apiToken: token } }), 200],
    ['nothing of an unknown token', () => JSON.stringify({ data: { apiToken: 'nobody' } }), 404],
    ['what is missing', () => '{"data":{}}', 400],
    ['what is no JSON', () => '{', 400],
  ])('%s', async (_, body, status) => {
    const console = await openConsole();
    const reply = await fetch(`${console.url}/web/api/v2.1/users/api-token-details`, {
      method: 'POST',
      headers: { authorization: `ApiToken ${console.tokens.admin}`, 'content-type': 'application/json' },
      body: body(console.tokens.viewer),
    });
    expect(reply.status).toBe(status);
    const text = await reply.text();
    if (status === 200)
      expect(JSON.parse(text).data.expiresAt).toBe(
        `${new Date(epochMs + 180 * day).toISOString().slice(0, -1)}000Z`,
      );
    else expect(JSON.parse(text).errors[0].code).toBe(status * 10_000 + 10);
  });
});

describe('other paths', () => {
  it('are 404 in the form of the vendor below its prefix, and 405 for another verb', async () => {
    const console = await openConsole();
    const reply = await get(console, '/private/nothing');
    expect([reply.status, vendorError(reply)]).toEqual([
      404,
      { code: 4_040_010, detail: null, title: 'Requested resource was not found' },
    ]);
    expect((await get(console, '/threats/')).status).toBe(404);
    expect((await fetch(`${console.url}/web/api/v2.1/threats`, { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(`${console.url}/dashboard`)).status).toBe(404);
  });
});
