import { describe, expect, it } from 'vitest';
import { epochMs, get, hourMs, openConsole, worldDefaults } from './support.ts';

describe('GET /simulator', () => {
  it('says what it plays, and no token', async () => {
    const console = await openConsole({ profiles: ['nulls'] });
    const text = await (await fetch(`${console.url}/simulator`)).text();
    expect(JSON.parse(text)).toMatchObject({
      seed: worldDefaults.seed,
      epoch: new Date(epochMs).toISOString(),
      tokens: ['admin', 'viewer', 'siteScoped', 'withoutDeepVisibility', 'withoutStar', 'limited', 'expired'],
      profiles: ['nulls'],
      counts: { threats: 120, agents: 40, alerts: 30, rogues: 10, deviceControlEvents: 40 },
    });
    expect(JSON.parse(text).endpoints).toEqual(
      expect.arrayContaining([
        'GET /web/api/v2.1/cloud-detection/alerts',
        'GET /web/api/v2.1/rogues/table-view',
        'GET /web/api/v2.1/device-control/events',
        'GET /web/api/v2.1/threats/{threatId}/notes',
      ]),
    );
    for (const token of Object.values(console.tokens)) expect(text).not.toContain(token);
  });
});

describe('GET /simulator/truth', () => {
  it.each(['threats', 'agents', 'activities', 'alerts', 'rogues', 'device-control-events', 'threat-notes'])(
    'streams the revisions of a span as lines: %s',
    async (type) => {
      const console = await openConsole();
      const [fromMs, toMs] = [epochMs - 3 * hourMs, epochMs - hourMs];
      const at = new Date(epochMs - hourMs / 2).toISOString();
      const query = new URLSearchParams({
        type,
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        at,
      });
      const reply = await fetch(`${console.url}/simulator/truth?${query}`);
      expect(reply.headers.get('content-type')).toBe('application/x-ndjson');
      const expected = [...console.truth(type, fromMs, toMs, Date.parse(at))].map(
        (line) => `${JSON.stringify(line)}\n`,
      );
      expect(await reply.text()).toBe(expected.join(''));
      expect(expected.length).toBeGreaterThan(5);
    },
  );

  it.each([
    ['type=site&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z', 'type: '],
    ['type=threats&to=2026-01-02T00:00:00Z', 'from: '],
    ['type=threats&from=2026-01-01T00:00:00Z&to=soon', 'to: '],
    ['type=threats&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&at=now', 'at: '],
  ])('refuses %s and names the parameter', async (query, problem) => {
    const console = await openConsole();
    const reply = await fetch(`${console.url}/simulator/truth?${query}`);
    const { error } = JSON.parse(await reply.text());
    expect([reply.status, error.startsWith(problem)]).toEqual([400, true]);
  });
});

describe('/simulator/profiles', () => {
  it('switches faults on and off at run time', async () => {
    const console = await openConsole();
    const set = (profiles: unknown) =>
      fetch(`${console.url}/simulator/profiles`, { method: 'POST', body: JSON.stringify({ profiles }) });
    const on = await set(['throttle-storm']);
    expect([on.status, JSON.parse(await on.text()).active]).toEqual([200, ['throttle-storm']]);
    const statuses = new Set<number>();
    for (let request = 0; request < 30; request++) statuses.add((await get(console, '/agents')).status);
    expect(statuses).toEqual(new Set([200, 429]));
    await set([]);
    for (let request = 0; request < 30; request++) expect((await get(console, '/agents')).status).toBe(200);
    for (const wrong of [['storm'], 'mutation', undefined]) expect((await set(wrong)).status).toBe(400);
  });
});

describe('/simulator/requests and the request log', () => {
  it('remember what was asked, with which label, and never a token', async () => {
    const console = await openConsole();
    await get(console, '/threats', { limit: '3' }, console.tokens.viewer);
    await get(console, '/threats', {}, 'wrong');
    await fetch(`${console.url}/web/api/v2.1/system/status`);
    const entry = { time: epochMs, method: 'GET', path: '/web/api/v2.1/threats', params: {} };
    const expected = [
      { ...entry, params: { limit: '3' }, status: 200, token: 'viewer' },
      { ...entry, status: 401, token: 'unknown' },
      { ...entry, path: '/web/api/v2.1/system/status', status: 200, token: 'none' },
    ];
    expect(console.requests).toEqual(expected);
    expect(JSON.parse(await (await fetch(`${console.url}/simulator/requests`)).text())).toEqual({
      requests: expected,
    });
  });

  it('are bounded', async () => {
    const { requestLog } = await import('../../../local/console/server/request-log.ts');
    const log = requestLog();
    const entry = { method: 'GET', path: '/', params: {}, status: 200, token: 'none' };
    for (let time = 0; time < 25_000; time++) log.add({ ...entry, time });
    expect(log.entries.length).toBeLessThanOrEqual(10_000);
    expect(log.entries.length).toBeGreaterThanOrEqual(5_000);
    expect(log.entries.at(-1)?.time).toBe(24_999);
  });
});

describe('script', () => {
  it('answers the next requests of a path as told, and then the truth again', async () => {
    const console = await openConsole();
    console.script('/threats', [
      { status: 401, body: { errors: [{ code: 4_010_010, detail: null, title: 'Authentication Failed' }] } },
      { status: 503, body: 'Service Unavailable', headers: { 'content-type': 'text/plain' } },
      { status: 429, body: '<html></html>', headers: { 'content-type': 'text/html', 'retry-after': '7' } },
    ]);
    const replies = [];
    for (let request = 0; request < 4; request++) replies.push(await get(console, '/threats'));
    expect(replies.map(({ status }) => status)).toEqual([401, 503, 429, 200]);
    expect(replies.map(({ headers }) => headers.get('content-type'))).toEqual([
      'application/json',
      'text/plain',
      'text/html',
      'application/json',
    ]);
    expect(replies[2]?.headers.get('retry-after')).toBe('7');
    expect((await get(console, '/agents')).status).toBe(200);
  });
});
