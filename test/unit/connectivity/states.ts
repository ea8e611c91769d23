import type { RequestListener } from 'node:http';
import type { ConsoleOptions, RunningConsole } from '../../../local/console/console.ts';
import type { ConnectivityReport } from '../../../shared/connectivity/report.ts';
import { tokenKey } from '../../../shared/sentinelone/pacing.ts';
import { timedOut } from '../../../shared/sentinelone/transport-errors.ts';
import { closedPort, scriptedServer } from '../../contract/sentinelone/scripted-server.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryPacing } from '../../support/memory/memory-pacing.ts';
import { epoch, simulatorAt, type Tested, test } from './support.ts';

/** A state that a connector may be in, and what the test has to say of it. */
export interface State {
  /** As the documentation calls it. */
  readonly state: string;
  /** The check that shows it: its name, or its content type. */
  readonly check: string;
  readonly ok?: boolean;
  readonly code: string;
  readonly status?: number;
  /** What the sentence has to say. */
  readonly says: RegExp;
  /** Runs the test against it. */
  readonly report: () => Promise<ConnectivityReport>;
}

/** Words of servers that must not come through. */
export const foreignWords = 'words of the server, and evil.example.org';
const apiToken = 'a-token-that-nobody-may-see';
const page = `<html><head><title>${foreignWords}</title></head></html>`;

/** A host at which something else than a console answers. */
function atHost(answer: RequestListener): () => Promise<ConnectivityReport> {
  return async () => {
    const { origin } = await scriptedServer(answer);
    return await test({ hostUrl: origin, apiToken });
  };
}

function answering(status: number, body: string, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => response.writeHead(status, headers).end(body);
}

/** A test against the simulator. */
function atConsole(
  token: keyof RunningConsole['tokens'],
  options: {
    readonly console?: Partial<ConsoleOptions>;
    readonly tested?: Partial<Tested>;
    readonly prepare?: (simulator: RunningConsole, clock: ManualClock) => void;
  } = {},
): () => Promise<ConnectivityReport> {
  return async () => {
    const clock = new ManualClock(epoch);
    const simulator = await simulatorAt(clock, options.console);
    options.prepare?.(simulator, clock);
    return await test({
      hostUrl: simulator.url,
      apiToken: simulator.tokens[token],
      clock,
      ...options.tested,
    });
  };
}

/** The next request to the path is answered like this; of those who ask there, one content type is tested. */
function scripted(path: string, status: number, body: unknown, headers: Record<string, string> = {}) {
  return atConsole('viewer', {
    tested: { contentTypes: ['agents', 'groups', 'device-control-events'] },
    prepare: (simulator) => simulator.script(path, [{ status, body, headers }]),
  });
}

const vendorBody = (code: number, detail: string) => ({
  errors: [{ code, title: 'Validation Error', detail: `${detail} ${foreignWords}` }],
});

/** A console that says who it is, and answers nothing else; the time is up as soon as it has been asked for threats. */
async function slowConsole(): Promise<ConnectivityReport> {
  const asked = Promise.withResolvers<void>();
  const { origin } = await scriptedServer((request, response) => {
    const { url = '' } = request;
    if (/\/(system|users?)(\/|$)/.test(url)) response.end('{"data": {"health": "ok", "version": "S-1"}}');
    if (url.includes('/threats')) asked.resolve();
  });
  return await test({
    hostUrl: origin,
    apiToken,
    contentTypes: ['threats'],
    dependencies: { sleep: () => asked.promise },
  });
}

async function pausedToken(): Promise<ConnectivityReport> {
  const clock = new ManualClock(epoch);
  const simulator = await simulatorAt(clock);
  const pacing = new MemoryPacing();
  const budget = { tokenKey: tokenKey(simulator.tokens.viewer), prefix: '/threats' };
  await pacing.announce(budget, { until: clock.now() + 60_000, httpStatus: 429 });
  return await test({
    hostUrl: simulator.url,
    apiToken: simulator.tokens.viewer,
    clock,
    pacing,
    contentTypes: ['threats'],
  });
}

/** In the order of the documentation. */
export const states: readonly State[] = [
  {
    state: 'The host URL is none of a console',
    check: 'host',
    code: 'host_refused',
    says: /"acme.example.com" is not below \.sentinelone\.net/,
    report: () => test({ hostUrl: 'https://acme.example.com', apiToken }),
  },
  {
    state: 'The host name does not exist',
    check: 'host',
    code: 'name_not_resolved',
    says: /the host name does not exist/,
    report: () =>
      test({
        hostUrl: 'https://acme.sentinelone.net',
        apiToken,
        transport: {
          resolve: () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
        },
      }),
  },
  {
    state: 'The host has a private address',
    check: 'host',
    code: 'host_refused',
    says: /has the address 10\.1\.2\.3, which is private/,
    report: () =>
      test({
        hostUrl: 'https://acme.sentinelone.net',
        apiToken,
        transport: { resolve: async () => [{ address: '10.1.2.3', family: 4 }] },
      }),
  },
  {
    state: 'The certificate is not to be trusted',
    check: 'host',
    code: 'certificate_refused',
    says: /the certificate of the host cannot be trusted/,
    report: async () => {
      const { origin } = await scriptedServer((_, response) => response.end(), 'https');
      return await test({ hostUrl: origin, apiToken });
    },
  },
  {
    state: 'Nobody listens at the host',
    check: 'host',
    code: 'connection_refused',
    says: /the connection was refused/,
    report: async () => test({ hostUrl: `http://127.0.0.1:${await closedPort()}`, apiToken }),
  },
  {
    state: 'The host does not answer',
    check: 'host',
    code: 'timeout',
    says: /no complete answer within 6000 ms/,
    report: () =>
      test({
        hostUrl: 'https://acme.sentinelone.net',
        apiToken,
        dependencies: {
          consoles: {
            connect: () => {
              throw new Error('The token is not needed here.');
            },
            probeHost: () =>
              Promise.reject(timedOut('GET https://acme.sentinelone.net/web/api/v2.1/system/status', 6_000)),
          },
        },
      }),
  },
  {
    state: 'Another server answers, with a web page',
    check: 'host',
    code: 'not_a_console',
    status: 200,
    says: /not as a SentinelOne console does: it answered with a web page/,
    report: atHost(answering(200, page, { 'content-type': 'text/html' })),
  },
  {
    state: 'Another server answers, with JSON of its own',
    check: 'host',
    code: 'not_a_console',
    status: 200,
    says: /with other JSON/,
    report: atHost(answering(200, JSON.stringify({ status: foreignWords }))),
  },
  {
    state: 'Another server does not know the path',
    check: 'host',
    code: 'not_a_console',
    status: 404,
    says: /with a web page \(HTTP 404\)/,
    report: atHost(answering(404, page)),
  },
  {
    state: 'The host redirects',
    check: 'host',
    code: 'redirect_refused',
    status: 302,
    says: /redirects to another address \(HTTP 302\)/,
    report: atHost(answering(302, '', { location: 'https://evil.example.org/login' })),
  },
  {
    state: 'The console is down for maintenance',
    check: 'host',
    code: 'console_unavailable',
    status: 503,
    says: /unavailable, as during maintenance/,
    report: atHost(answering(503, page)),
  },
  {
    state: 'A gateway in front of the console forbids the way',
    check: 'host',
    code: 'access_blocked',
    status: 403,
    says: /something in front of the console forbade/,
    report: atHost(answering(403, page)),
  },
  {
    state: 'The token has expired or was revoked',
    check: 'authentication',
    code: 'token_refused',
    status: 401,
    says: /refused the API token: expired, revoked, or of another console/,
    report: atConsole('expired'),
  },
  {
    state: 'What was stored cannot be a token',
    check: 'authentication',
    code: 'token_malformed',
    says: /holds a space/,
    report: atConsole('viewer', { tested: { apiToken: `ApiToken ${apiToken}` } }),
  },
  {
    state: 'The token expires within two weeks',
    check: 'token',
    ok: true,
    code: 'token_expires_soon',
    says: /expires on 2026-12-04, in 10 days/,
    report: scripted('/users/api-token-details', 200, {
      data: { createdAt: '2026-06-04T12:00:00.000000Z', expiresAt: '2026-12-04T13:00:00.000000Z' },
    }),
  },
  {
    state: 'The role lacks a permission',
    check: 'rogues',
    code: 'permission_missing',
    status: 403,
    says: /the role of the token's user may not do this/,
    report: atConsole('limited', { console: { limits: { refused: ['Rogues.view'] } } }),
  },
  {
    state: 'The scope is not licensed for STAR',
    check: 'alerts',
    code: 'custom_rules_disabled',
    status: 403,
    says: /does not have custom detection rules/,
    report: atConsole('withoutStar'),
  },
  {
    state: 'The scope is not licensed for something else',
    check: 'device-control-events',
    code: 'licence_missing',
    status: 403,
    says: /licence does not include/,
    report: scripted(
      '/device-control',
      403,
      vendorBody(4_030_010, 'Feature device control is not available for the scope.'),
    ),
  },
  {
    state: 'A token of a site asks for accounts',
    check: 'accounts',
    code: 'site_scope_refused',
    status: 403,
    says: /a token of site scope may not read this/,
    report: atConsole('siteScoped'),
  },
  {
    state: 'The connector is bound to sites, and accounts cannot be',
    check: 'accounts',
    code: 'site_scope_not_possible',
    says: /Accounts cannot be limited to the connector's sites/,
    report: atConsole('viewer', { tested: { connector: { siteIds: ['1'] } } }),
  },
  {
    state: 'Rogues want an account to be named, and the token cannot find one',
    check: 'rogues',
    code: 'scope_filter_missing',
    status: 400,
    says: /wants an account or a site to be named/,
    report: atConsole('limited', { console: { limits: { refused: ['Sites.view'], isSiteScoped: true } } }),
  },
  {
    state: 'The console does not know a parameter',
    check: 'agents',
    code: 'unknown_parameter',
    status: 400,
    says: /does not know a parameter/,
    report: scripted('/agents', 400, vendorBody(4_000_010, "dict_values(['skipCount']): Unknown field")),
  },
  {
    state: 'The console does not have the endpoint',
    check: 'device-control-events',
    code: 'endpoint_missing',
    status: 404,
    says: /does not have the endpoint/,
    report: atConsole('viewer', { console: { missing: { '/device-control/events': 404 } } }),
  },
  {
    state: 'The console does not support the feature',
    check: 'unified-alerts',
    code: 'not_supported',
    status: 501,
    says: /does not support the request/,
    report: atConsole('viewer', { console: { missing: { '/unifiedalerts/graphql': 501 } } }),
  },
  {
    state: 'The token may read Deep Visibility in neither way',
    check: 'deep-visibility',
    code: 'permission_missing',
    status: 403,
    says: /the role of the token's user may not do this/,
    report: atConsole('withoutDeepVisibility'),
  },
  {
    state: 'The console is asked too often',
    check: 'groups',
    code: 'throttled',
    status: 429,
    says: /asked to send fewer requests/,
    report: scripted('/groups', 429, page, { 'retry-after': '30' }),
  },
  {
    state: 'A part of the console is unavailable',
    check: 'groups',
    code: 'console_unavailable',
    status: 503,
    says: /unavailable, as during maintenance \(HTTP 503\)/,
    report: scripted('/groups', 503, page),
  },
  {
    state: 'A part of the console fails',
    check: 'groups',
    code: 'console_error',
    status: 500,
    says: /failed on its side/,
    report: scripted('/groups', 500, page),
  },
  {
    state: 'A web page comes in the place of data',
    check: 'groups',
    code: 'response_malformed',
    status: 200,
    says: /its body is no JSON/,
    report: scripted('/groups', 200, page),
  },
  {
    state: 'The console is slow',
    check: 'threats',
    code: 'no_answer_in_time',
    says: /not answered before the time of the test was up/,
    report: slowConsole,
  },
  {
    state: 'The test itself was throttled',
    check: 'rate',
    code: 'throttled',
    status: 429,
    says: /asked to send fewer requests/,
    report: scripted('/groups', 429, page, { 'retry-after': '30' }),
  },
  {
    state: 'Another worker with the token was told to wait',
    check: 'rate',
    code: 'paused',
    status: 429,
    says: /\/threats: nothing was sent, because the console asked another worker .* until 2026-11-24T12:01:00/,
    report: pausedToken,
  },
  {
    state: 'The role may not act',
    check: 'respond',
    code: 'respond_not_permitted',
    says: /may not act on endpoints or threats/,
    report: atConsole('viewer', { tested: { functions: ['respond'] } }),
  },
  {
    state: 'The role may act in part',
    check: 'respond',
    ok: true,
    code: 'respond_partly_permitted',
    says: /may .*contain.*; may not .*kill/,
    report: scriptedRole,
  },
];

async function scriptedRole(): Promise<ConnectivityReport> {
  const title = { groupName: null, type: 'boolean' };
  const pages = [
    {
      name: 'Endpoints',
      identifier: 'endpoints',
      permissions: [
        { ...title, identifier: 'disconnectFromNetwork', title: 'Disconnect from network', value: true },
        { ...title, identifier: 'reconnectToNetwork', title: 'Reconnect to network', value: true },
        { ...title, identifier: 'initiateScan', title: 'Initiate scan', value: true },
      ],
    },
    {
      name: 'Threats',
      identifier: 'threats',
      permissions: ['Kill', 'Quarantine', 'Unquarantine', 'Remediate', 'Rollback'].map((name) => ({
        ...title,
        title: name,
        value: name !== 'Kill',
      })),
    },
  ];
  const report = atConsole('viewer', {
    tested: { functions: ['respond'] },
    prepare: (simulator) =>
      simulator.script('/rbac', [{ status: 200, body: { data: { name: 'IR', pages } } }]),
  });
  return await report();
}
