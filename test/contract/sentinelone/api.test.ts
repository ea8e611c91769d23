import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConnectorError } from '../../../shared/errors.ts';
import { createSentinelOneApi, type RequestReport } from '../../../shared/sentinelone/api.ts';
import { ConsoleClock } from '../../../shared/sentinelone/console-clock.ts';
import { createPacer, tokenKey } from '../../../shared/sentinelone/pacing.ts';
import { createSharedPacer, type SharedPacer } from '../../../shared/sentinelone/shared-pacer.ts';
import { createTransport } from '../../../shared/sentinelone/transport.ts';
import { userAgent } from '../../../shared/sentinelone/user-agent.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryPacing } from '../../support/memory/memory-pacing.ts';
import { closedPort, scriptedServer } from './scripted-server.ts';

const clock = { now: Date.now };
/** As a console's tokens are, and short enough to slip through a mask that only goes by the look. */
const apiToken = 'tok3n-Of.The_api';

const unpaced: SharedPacer = { take: async () => {}, heed: async () => {} };

function apiFor(origin: string, options: Partial<Parameters<typeof createSentinelOneApi>[0]> = {}) {
  const policy = { suffixes: ['.sentinelone.net'], loopback: true };
  const transport = createTransport({ policy, clock, maxBodyBytes: 100_000 });
  onTestFinished(() => transport.close());
  const consoleClock = new ConsoleClock(clock);
  return createSentinelOneApi({
    origin,
    apiToken,
    transport,
    pacer: unpaced,
    clock,
    consoleClock,
    ...options,
  });
}

async function thrownBy(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const page =
  '{"data":[{"id":"1","data":{"ruleId":1392053568582758390}}],"pagination":{"nextCursor":"YTox=","totalItems":2}}';

describe('SentinelOneApi.list', () => {
  it('asks as the console wants to be asked, and reads the page without loss', async () => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(page));
    });
    const answer = await apiFor(server.origin).list('/activities', { limit: '1000', sortBy: 'createdAt' });
    expect(answer).toMatchObject({ nextCursor: 'YTox=', totalItems: 2 });
    expect(JSON.stringify(answer.data)).toBe('[{"id":"1","data":{"ruleId":1392053568582758390}}]');
    const [request] = server.requests;
    expect(request).toMatchObject({
      method: 'GET',
      url: '/web/api/v2.1/activities?limit=1000&sortBy=createdAt',
    });
    expect(request?.headers).toMatchObject({
      authorization: `ApiToken ${apiToken}`,
      accept: 'application/json',
      'user-agent': userAgent,
    });
  });

  it.each([
    [200, 10],
    [503, 0],
  ])(
    "learns the console's clock from an answer with HTTP %i: ours is %i minutes ahead",
    async (status, minutes) => {
      const ours = new ManualClock(1_800_000_000_000);
      const server = await scriptedServer((_, response) => {
        response.writeHead(status, { date: new Date(ours.now() - 600_000).toUTCString() }).end(page);
      });
      const consoleClock = new ConsoleClock(ours);
      const api = apiFor(server.origin, { clock: ours, consoleClock });
      await api.list('/threats', {}).catch(() => undefined);
      expect(Math.round((ours.now() - consoleClock.now()) / 60_000)).toBe(minutes);
    },
  );

  it.each([
    ['YWdlbnRfaWQ6NTgwMjkzODE=', 'cursor=YWdlbnRfaWQ6NTgwMjkzODE%3D'],
    ['YWdlbnRfaWQ6NTgwMjkzODE%3D', 'cursor=YWdlbnRfaWQ6NTgwMjkzODE%3D'],
    ['a+b/c==', 'cursor=a%2Bb%2Fc%3D%3D'],
    ['a%2Bb%2Fc%3d%3d', 'cursor=a%2Bb%2Fc%3D%3D'],
    ['100%', 'cursor=100%25'],
  ])('encodes the cursor %s exactly once', async (cursor, query) => {
    const server = await scriptedServer((_, response) => response.end('{"data":[]}'));
    await apiFor(server.origin).list('/agents', { cursor });
    expect(server.requests[0]?.url).toBe(`/web/api/v2.1/agents?${query}`);
  });

  it('encodes the other parameters once too, and decodes none of them', async () => {
    const server = await scriptedServer((_, response) => response.end('{"data":[]}'));
    const params = { updatedAt__gte: '2026-11-24T00:00:00.000Z', siteIds: '1,2', query: 'a&b=c%20d+é #?' };
    await apiFor(server.origin).list('/agents', params);
    const url = new URL(server.requests[0]?.url ?? '', server.origin);
    expect(Object.fromEntries(url.searchParams)).toEqual(params);
    expect(url.hash).toBe('');
  });

  it('sends no question mark without parameters', async () => {
    const server = await scriptedServer((_, response) => response.end('{"data":[]}'));
    await apiFor(server.origin).list('/threats/1392053568582758390/notes', {});
    expect(server.requests[0]?.url).toBe('/web/api/v2.1/threats/1392053568582758390/notes');
  });

  it.each([
    '/threats/../users',
    '/threats/..',
    '/threats/%2e%2E/users',
    '/./x',
    '//evil.com',
    '/a?b=c',
    '/a#b',
    '/a b',
    '/a\r\nb',
    'threats',
    '',
    '/',
    '/threats/',
    '/a/%zz',
  ])('does not ask for the path %j', async (path) => {
    const server = await scriptedServer((_, response) => response.end('{"data":[]}'));
    const error = await thrownBy(() => apiFor(server.origin).list(path, {}));
    expect(error).toMatchObject({ code: 'path_refused', health: 'internal', retryable: false });
    expect(server.requests).toHaveLength(0);
  });

  it('takes the token as it was pasted, but no line break in it', async () => {
    const server = await scriptedServer((_, response) => response.end('{"data":[]}'));
    await apiFor(server.origin, { apiToken: `  ${apiToken}\n` }).list('/agents', {});
    expect(server.requests[0]?.headers.authorization).toBe(`ApiToken ${apiToken}`);
    for (const wrong of ['', ' ', `${apiToken}\r\nx-evil: 1`, `ApiToken ${apiToken}`, `${apiToken}é`]) {
      const error = await thrownBy(async () => apiFor(server.origin, { apiToken: wrong }));
      expect(error).toMatchObject({ code: 'token_malformed', health: 'credentials' });
    }
  });

  it('asks the pacer first, for the path and a key that is not the token', async () => {
    const taken: string[][] = [];
    const server = await scriptedServer((_, response) => response.end('{"data":[]}'));
    const pacer: SharedPacer = {
      ...unpaced,
      take: async (key, path) => {
        expect(server.requests).toHaveLength(taken.length);
        taken.push([key, path]);
      },
    };
    const api = apiFor(server.origin, { pacer });
    await api.list('/agents', {});
    await api.list('/threats', {});
    expect(taken.map(([, path]) => path)).toEqual(['/agents', '/threats']);
    expect(taken.flat().join()).not.toContain(apiToken);
  });

  it('stops waiting for the pacer when it is told to, and sends nothing', async () => {
    const server = await scriptedServer((_, response) => response.end('{"data":[]}'));
    const abort = new AbortController();
    const local = createPacer({
      clock: { now: () => 0 },
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          abort.abort(new Error('deadline'));
        }),
    });
    const api = apiFor(server.origin, { pacer: { ...unpaced, take: local.take } });
    await api.list('/dv/query-status', {});
    await expect(api.list('/dv/query-status', {}, abort.signal)).rejects.toThrow('deadline');
    expect(server.requests).toHaveLength(1);
  });

  it('repeats nothing: a failure is one request', async () => {
    const server = await scriptedServer((_, response) => response.writeHead(503).end('<html>busy</html>'));
    const error = await thrownBy(() => apiFor(server.origin).list('/agents', {}));
    expect(error).toMatchObject({ code: 'console_unavailable', health: 'unavailable', httpStatus: 503 });
    expect(server.requests).toHaveLength(1);
  });

  it('passes on how long the console asks to wait', async () => {
    const server = await scriptedServer((_, response) =>
      response.writeHead(429, { 'retry-after': '3' }).end(),
    );
    const error = await thrownBy(() => apiFor(server.origin).list('/agents', {}));
    expect(error).toMatchObject({ code: 'throttled', health: 'throttled', retryAfterMs: 3000 });
  });

  it('tells the pacer of a failed answer before it fails', async () => {
    const heeded: unknown[][] = [];
    const server = await scriptedServer((_, response) => {
      if (server.requests.length === 1) response.writeHead(503, { 'retry-after': '7' }).end();
      else if (server.requests.length === 2) response.writeHead(429).end('<html>slow</html>');
      else response.end(page);
    });
    const pacer: SharedPacer = { ...unpaced, heed: async (...told) => void heeded.push(told) };
    const api = apiFor(server.origin, { pacer });
    const unavailable = await thrownBy(() => api.list('/agents', {}));
    expect(unavailable).toMatchObject({ code: 'console_unavailable', retryAfterMs: 7000 });
    const key = tokenKey(apiToken);
    expect(heeded).toStrictEqual([[key, '/agents', { status: 503, retryAfterMs: 7000 }]]);
    await thrownBy(() => api.list('/agents', {}));
    await api.list('/agents', {});
    expect(heeded.slice(1)).toStrictEqual([[key, '/agents', { status: 429, retryAfterMs: undefined }]]);
  });

  it('sends nothing while another process was asked to wait, and says so', async () => {
    const server = await scriptedServer((_, response) =>
      response.writeHead(429, { 'retry-after': '30' }).end('<html>slow</html>'),
    );
    const store = new MemoryPacing();
    const still = new ManualClock('2026-11-24T10:00:00Z');
    const neverCalled = async () => Promise.reject(new Error('nobody waits here'));
    const ignore = () => undefined;
    const process = () => {
      const given = { clock: still, sleep: neverCalled };
      const log = { info: ignore, warn: ignore, error: ignore };
      const pacer = createSharedPacer({ ...given, store, local: createPacer(given), log });
      return apiFor(server.origin, { pacer, clock: still });
    };
    const [one, another] = [process(), process()];
    expect(await thrownBy(() => one.list('/agents', {}))).toMatchObject({ code: 'throttled' });
    still.advance(10_000);
    expect(await thrownBy(() => another.list('/agents', {}))).toMatchObject({
      code: 'paused',
      health: 'throttled',
      httpStatus: 429,
      retryAfterMs: 20_000,
    });
    expect(server.requests).toHaveLength(1);
    expect(JSON.stringify([...store.pauses])).not.toContain(apiToken);
  });

  it('reports every request, also those without an answer', async () => {
    const reports: RequestReport[] = [];
    const server = await scriptedServer((request, response) => {
      if (server.requests.length === 1) response.end(page);
      else if (server.requests.length === 2) response.writeHead(429).end('slow');
      else request.socket.destroy();
    });
    let now = 0;
    const ticking = { now: () => (now += 10) };
    const api = apiFor(server.origin, { onRequest: (report) => reports.push(report), clock: ticking });
    await api.list('/agents', {});
    await thrownBy(() => api.list('/agents', {}));
    await thrownBy(() =>
      apiFor(server.origin, { onRequest: (report) => reports.push(report) }).list('/sites', {}),
    );
    expect(reports).toMatchObject([
      { path: '/agents', status: 200, pacedMs: 10, durationMs: 10, bodyBytes: page.length },
      { path: '/agents', status: 429, bodyBytes: 4 },
      { path: '/sites', bodyBytes: 0 },
    ]);
    expect(reports[2]).not.toHaveProperty('status');
  });
});

describe('SentinelOneApi: the token stays in the Authorization header', () => {
  const echo = `refused ${apiToken} of ApiToken ${apiToken}`;
  const failures: Record<string, (response: import('node:http').ServerResponse) => unknown> = {
    'envelope that echoes it': (response) =>
      response.writeHead(401).end(JSON.stringify({ errors: [{ code: 4010010, title: echo, detail: echo }] })),
    'bare error that echoes it': (response) => response.writeHead(400).end(JSON.stringify({ error: echo })),
    'text that echoes it': (response) => response.writeHead(400).end(echo),
    'HTML that echoes it': (response) => response.writeHead(403).end(`<html>${echo}</html>`),
    'success with errors that echo it': (response) =>
      response.end(JSON.stringify({ data: [], errors: [{ message: echo }] })),
    'success that is no JSON': (response) => response.end(echo),
    'success of another shape': (response) => response.end(JSON.stringify({ data: echo })),
    'cut success': (response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(echo, () => response.destroy());
    },
    'too large success': (response) => response.end(echo.repeat(10_000)),
    'wrong encoding': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(echo),
    redirect: (response) =>
      response.writeHead(302, { location: `https://evil.com/${apiToken}?t=${apiToken}` }).end(),
    'throttled, with its echo as a wait': (response) =>
      response.writeHead(429, { 'retry-after': echo }).end(echo),
    'no HTTP': (response) => response.socket?.end(`${echo}\r\n\r\n`),
    reset: (response) => response.socket?.resetAndDestroy(),
    'no answer': () => {},
    ...Object.fromEntries(
      [500, 501, 502, 503, 504, 404, 409].map((status) => [
        String(status),
        (response: import('node:http').ServerResponse) =>
          response.writeHead(status).end(JSON.stringify({ message: echo })),
      ]),
    ),
  };

  function expectNoToken(error: unknown): void {
    expect(error).toBeInstanceOf(ConnectorError);
    if (!(error instanceof ConnectorError)) return;
    const everything = [
      error.message,
      error.recommendation,
      String(error.stack),
      JSON.stringify(error),
      inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    ].join('\n');
    expect(everything).not.toContain(apiToken);
    // How bytes of an answer look when an error holds them.
    expect(everything).not.toContain(
      Buffer.from(apiToken)
        .toString('hex')
        .replace(/(..)(?!$)/g, '$1 '),
    );
    expect(everything.toLowerCase()).not.toContain('authorization');
  }

  it.each(Object.keys(failures))('%s', async (name) => {
    const server = await scriptedServer((_, response) => void failures[name]?.(response));
    const reports: RequestReport[] = [];
    const timeoutMs = name === 'no answer' ? 1 : 30_000;
    const api = apiFor(server.origin, { timeoutMs, onRequest: (report) => reports.push(report) });
    expectNoToken(await thrownBy(() => api.list('/threats', { limit: '1' })));
    expect(JSON.stringify(reports)).not.toContain(apiToken);
    expect(server.requests.map(({ url }) => url).join()).not.toContain(apiToken);
  });

  it('no connection, a refused host, a refused path, a refused token', async () => {
    expectNoToken(
      await thrownBy(async () => apiFor(`http://127.0.0.1:${await closedPort()}`).list('/agents', {})),
    );
    expectNoToken(await thrownBy(() => apiFor('https://evil.com').list('/agents', {})));
    expectNoToken(await thrownBy(() => apiFor('https://acme.sentinelone.net').list(`/${apiToken}/..`, {})));
    expectNoToken(
      await thrownBy(async () => apiFor('https://acme.sentinelone.net', { apiToken: `${apiToken} x` })),
    );
  });
});
