import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { checkNames } from '../../../shared/connectivity/report.ts';
import { testConnectivity } from '../../../shared/connectivity/test-connectivity.ts';
import { contentType, contentTypeIds } from '../../../shared/content-types/registry.ts';
import { ConnectorError } from '../../../shared/errors.ts';
import type { ApiRequest, SentinelOneApi } from '../../../shared/ports.ts';
import { createConsoles } from '../../../shared/sentinelone/connect.ts';
import { tokenKey } from '../../../shared/sentinelone/pacing.ts';
import { scriptedServer } from '../../contract/sentinelone/scripted-server.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryPacing } from '../../support/memory/memory-pacing.ts';
import { checkOf, epoch, simulatorAt, test } from './support.ts';

const ignore = () => undefined;
const log = { info: ignore, warn: ignore, error: ignore };

describe('a connector that works', () => {
  it('is told so, check by check and in order', async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock);
    const report = await test({
      hostUrl: simulator.url,
      apiToken: simulator.tokens.admin,
      clock,
      functions: ['collect', 'respond'],
    });
    expect(report.ok).toBe(true);
    expect(report.checks.flatMap(({ contentType: id }) => id ?? [])).toEqual(contentTypeIds);
    const order = report.checks.map(({ name }) => checkNames.indexOf(name));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(checkNames.length);
    expect(report.token).toEqual({
      user: 'admin@simulator.example',
      role: 'Admin',
      scope: 'tenant: Global',
      createdAt: '2026-09-25T12:00:00.000Z',
      expiresAt: '2027-11-24T12:00:00.000Z',
      daysLeft: 365,
    });
    expect(report.console).toMatchObject({ version: 'S-25.1.2#117', build: '117' });
    expect(checkOf(report, 'threats').detail).toMatch(/^newest record \d+ (minutes?|hours?) old$/);
    expect(checkOf(report, 'respond').detail).toMatch(/^may contain, .*set-alert-verdict/);
    for (const check of report.checks) expect(check).not.toHaveProperty('recommendation');
  });

  it('starts and changes nothing at the console', async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock);
    const apiToken = simulator.tokens.admin;
    await test({ hostUrl: simulator.url, apiToken, clock, functions: ['collect', 'respond'] });
    const posts = simulator.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path);
    expect(posts.sort()).toEqual([
      '/web/api/v2.1/unifiedalerts/graphql',
      '/web/api/v2.1/users/api-token-details',
    ]);
  });

  it('keeps to the rate limits, and is done within ten seconds for all that', async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock, { rateLimitScale: 1 });
    const report = await test({
      hostUrl: simulator.url,
      apiToken: simulator.tokens.admin,
      clock,
      isPaced: true,
      functions: ['collect', 'respond'],
    });
    expect(report.ok).toBe(true);
    expect(simulator.requests.filter(({ status }) => status === 429)).toEqual([]);
    expect(clock.now() - Date.parse(epoch)).toBeLessThan(10_000);
  });

  it('is not asked for content types where it only responds', async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock);
    const report = await test({
      hostUrl: simulator.url,
      apiToken: simulator.tokens.admin,
      clock,
      functions: ['respond'],
    });
    expect(report.checks.map(({ name }) => name)).toEqual([
      'host',
      'authentication',
      'token',
      'console',
      'rate',
      'respond',
    ]);
  });

  it('is tested by the options and the scope of its own', async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock);
    const report = await test({
      hostUrl: simulator.url,
      apiToken: simulator.tokens.admin,
      clock,
      contentTypes: ['vulnerabilities', 'agents'],
      connector: {
        accountIds: ['5'],
        options: { vulnerabilities: { source: 'installed-applications' } },
      },
    });
    expect(checkOf(report, 'agents').detail).toBe('no record yet');
    const asked = simulator.requests.filter(({ path }) => /agents|applications|risks/.test(path));
    expect(asked.map(({ path, params }) => [path.split('/').at(-1), params['accountIds']]).sort()).toEqual([
      ['agents', '5'],
      ['installed-applications', '5'],
    ]);
  });

  it('is reached by the connections and the pacer that the worker has as well', async () => {
    const clock = { now: Date.now };
    const simulator = await simulatorAt(new ManualClock(epoch));
    const pacing = new MemoryPacing();
    const report = await testConnectivity(
      {
        connector: { contentTypes: ['threats'], siteIds: [], accountIds: [] },
        functions: ['collect'],
        credentials: { hostUrl: simulator.url, apiToken: simulator.tokens.admin },
      },
      {
        clock,
        sleep: () => new Promise(ignore),
        consoles: createConsoles({ clock, hostPolicy: { suffixes: [], loopback: true }, pacing, log }),
        pauses: pacing,
        findContentType: contentType,
      },
    );
    expect(report.ok).toBe(true);
    expect(pacing.calls.pause).toBeGreaterThan(0);
  });
});

describe('the token', () => {
  it('is not sent where no console has answered without it', async () => {
    const server = await scriptedServer((_, response) => response.end('<html></html>'));
    const report = await test({ hostUrl: server.origin, apiToken: 'secret' });
    expect(report.checks.map(({ name }) => name)).toEqual(['host']);
    expect(server.requests).toHaveLength(1);
    for (const { headers, rawHeaders } of server.requests) {
      expect(headers.authorization).toBeUndefined();
      expect(rawHeaders.join()).not.toContain('secret');
    }
  });

  it('is not sent to where a redirect points', async () => {
    const target = await scriptedServer((_, response) => response.end('{"data": {}}'));
    const server = await scriptedServer((_, response) =>
      response.writeHead(307, { location: target.origin }).end(),
    );
    await test({ hostUrl: server.origin, apiToken: 'secret' });
    expect(target.requests).toHaveLength(0);
  });

  it('that is refused ends the test', async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock);
    const report = await test({ hostUrl: simulator.url, apiToken: simulator.tokens.expired, clock });
    expect(report).toMatchObject({
      ok: false,
      checks: [{ ok: true }, { name: 'authentication', ok: false }],
    });
    expect(report.checks).toHaveLength(2);
    expect(report).not.toHaveProperty('token');
  });

  it('may see nothing of itself, and is good all the same', async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock, { limits: { refused: ['Users.view'] } });
    simulator.script('/users/api-token-details', [{ status: 404 }]);
    const report = await test({
      hostUrl: simulator.url,
      apiToken: simulator.tokens.limited,
      clock,
      contentTypes: ['threats'],
      functions: ['collect', 'respond'],
    });
    expect(report.ok).toBe(true);
    expect(checkOf(report, 'token')).toMatchObject({
      ok: true,
      detail:
        'the owner is not visible to this token (Users.view); the day on which it expires is not visible to this token',
    });
    expect(checkOf(report, 'respond').detail).toMatch(/^what the role may do is not visible/);
    expect(report).not.toHaveProperty('token');
  });

  it.each([
    [null, 'does not expire', undefined],
    ['2026-12-08T11:59:59Z', 'expires on 2026-12-08, in 13 days', 'token_expires_soon'],
    ['2026-12-08T12:00:00Z', 'expires on 2026-12-08, in 14 days', undefined],
    ['2026-11-25T12:00:00Z', 'expires on 2026-11-25, in 1 day', 'token_expires_soon'],
    ['2026-11-01T12:00:00Z', 'expires on 2026-11-01, in 0 days', 'token_expires_soon'],
  ])('that expires at %s: %s', async (expiresAt, words, code) => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock);
    simulator.script('/users/api-token-details', [
      { status: 200, body: { data: { createdAt: '2026-06-01T00:00:00Z', expiresAt } } },
    ]);
    const report = await test({
      hostUrl: simulator.url,
      apiToken: simulator.tokens.viewer,
      clock,
      contentTypes: [],
    });
    const check = checkOf(report, 'token');
    expect(check.ok).toBe(true);
    expect(check.code).toBe(code);
    expect(check.detail.endsWith(words)).toBe(true);
  });

  it('is accepted where only one endpoint of two says 401', async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock);
    simulator.script('/system/info', [{ status: 401, body: { errors: [{ code: 4_010_010 }] } }]);
    const report = await test({
      hostUrl: simulator.url,
      apiToken: simulator.tokens.viewer,
      clock,
      contentTypes: ['threats'],
    });
    expect(report.ok).toBe(true);
    expect(checkOf(report, 'console').detail).toBe('the version is not visible to this token');
  });

  it.each([
    [503, 'console_unavailable'],
    [429, 'throttled'],
  ])('that nobody could ask for because of %i may be good: the rest is looked at', async (status, code) => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock);
    simulator.script('/system/info', [{ status }]);
    const report = await test({
      hostUrl: simulator.url,
      apiToken: simulator.tokens.viewer,
      clock,
      contentTypes: ['threats'],
    });
    expect(checkOf(report, 'authentication')).toMatchObject({ ok: false, status, code });
    expect(checkOf(report, 'console')).toMatchObject({ ok: false, status, code });
    expect(checkOf(report, 'threats').ok).toBe(true);
    expect(checkOf(report, 'rate').ok).toBe(status !== 429);
  });
});

describe('the time of a test', () => {
  /** A console whose answers a test gives one by one. */
  function consolesWith(api: Partial<SentinelOneApi>, probeHost = async () => undefined) {
    const request = async (asked: ApiRequest) => {
      if (asked.path === '/system/info') return { json: { data: { version: 'S-1' } } };
      throw new ConnectorError({
        code: 'permission_missing',
        message: 'no',
        health: 'permission',
        retryable: false,
        recommendation: 'Ask.',
        httpStatus: 403,
      });
    };
    const list = () => Promise.reject(new Error('not listed in this test'));
    return {
      probeHost,
      connect: () => ({
        hostUrl: 'https://acme.sentinelone.net',
        now: () => 0,
        api: { list, request, ...api },
      }),
    };
  }
  const hostUrl = 'https://acme.sentinelone.net';

  it('is up also for a host that does not answer', async () => {
    const asked = Promise.withResolvers<void>();
    const consoles = consolesWith({}, () => {
      asked.resolve();
      return new Promise(ignore);
    });
    const report = await test({
      hostUrl,
      apiToken: 't',
      dependencies: { consoles, sleep: () => asked.promise },
    });
    expect(report).toMatchObject({ ok: false, checks: [{ name: 'host', code: 'no_answer_in_time' }] });
  });

  it('lets stand what was answered, and gives up what was not', async () => {
    const asked = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const consoles = consolesWith({
      list: (path, _, signal) => {
        if (path === '/agents') return Promise.resolve({ data: [] });
        if (signal !== undefined) signals.push(signal);
        asked.resolve();
        return new Promise(ignore);
      },
    });
    const clock = new ManualClock(0);
    const report = await test({
      hostUrl,
      apiToken: 't',
      clock,
      contentTypes: ['agents', 'threats'],
      dependencies: {
        consoles,
        sleep: async (ms) => {
          expect(ms).toBe(9_000);
          await asked.promise;
          // What is answered at once is answered before.
          await setImmediate();
          clock.advance(ms);
        },
      },
    });
    expect(checkOf(report, 'agents')).toMatchObject({ ok: true, detail: 'no record yet' });
    expect(checkOf(report, 'threats')).toMatchObject({
      ok: false,
      code: 'no_answer_in_time',
      durationMs: 9_000,
    });
    expect(checkOf(report, 'authentication').ok).toBe(true);
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  });

  it('is given up as soon as all is answered', async () => {
    const over: AbortSignal[] = [];
    await test({
      hostUrl,
      apiToken: 't',
      contentTypes: [],
      dependencies: {
        consoles: consolesWith({}),
        sleep: (_, signal) => {
          over.push(signal);
          return new Promise(ignore);
        },
      },
    });
    expect(over.map((signal) => signal.aborted)).toEqual([true]);
  });

  it('does not turn a bug into a finding', async () => {
    const consoles = consolesWith({ list: () => Promise.reject(new TypeError('a bug')) });
    await expect(
      test({ hostUrl, apiToken: 't', contentTypes: ['threats'], dependencies: { consoles } }),
    ).rejects.toThrow('a bug');
    await expect(
      test({ hostUrl, apiToken: 't', contentTypes: ['no-such-type'], dependencies: { consoles } }),
    ).rejects.toThrow('no-such-type');
  });
});

describe('the rate limits', () => {
  it('are of no interest where a pause is over, or is of another token', async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock);
    const pacing = new MemoryPacing();
    const pause = { until: clock.now(), httpStatus: 429 } as const;
    const own = tokenKey(simulator.tokens.viewer);
    await pacing.announce({ tokenKey: own, prefix: '/threats' }, pause);
    await pacing.announce({ tokenKey: own, prefix: '/rogues' }, { ...pause, until: clock.now() + 9_000 });
    await pacing.announce({ tokenKey: 'x', prefix: '/threats' }, { ...pause, until: clock.now() + 9_000 });
    const tested = {
      hostUrl: simulator.url,
      apiToken: simulator.tokens.viewer,
      clock,
      pacing,
      contentTypes: ['threats'],
    };
    expect(checkOf(await test(tested), 'rate').ok).toBe(true);
    const both = await test({ ...tested, contentTypes: ['threats', 'rogues'] });
    expect(checkOf(both, 'rate')).toMatchObject({ ok: false, code: 'paused', status: 429 });
  });
});
