import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestedTarget } from '../../../../shared/actions/targets/requested-target.ts';
import { resolveTargets } from '../../../../shared/actions/targets/resolve-targets.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { agent, alert, type SmallConsole, smallConsole, threat } from './support.ts';

const connector = { tenant: 'northwind', id: 'emea', siteIds: [], accountIds: [] };
const record = (threatId: string, agentId: string) => ({
  record: {
    msg_origin: { source: 'sentinelone_endpoint' },
    ...{ tenantid: 'northwind', connector: { id: 'emea' }, record_uid: `uid-${threatId}` },
    ...{ threatInfo: { threatId }, agentRealtimeInfo: { agentId } },
  },
});

/** In one line each: what was found, or the code of the reason. */
async function outcomes(
  console: SmallConsole,
  targets: readonly RequestedTarget[],
  kind: 'agent' | 'threat' | 'alert' = 'agent',
  scope: { siteIds?: readonly string[]; accountIds?: readonly string[] } = {},
): Promise<readonly string[]> {
  const resolved = await resolveTargets(targets, kind, { ...connector, ...scope }, console);
  return resolved.map((one) =>
    one.kind === 'found' ? `${one.subject.kind} ${one.subject.id}` : one.reason.code,
  );
}

async function messageOf(console: SmallConsole, target: RequestedTarget, siteIds: readonly string[] = []) {
  const [one] = await resolveTargets([target], 'agent', { ...connector, siteIds }, console);
  return one?.kind === 'refused' ? one.reason.message : undefined;
}

describe('targets of an action on endpoints', () => {
  it('are found in every way, in the order of the request', async () => {
    const console = smallConsole();
    console.agents = ['1', '2', '3', '4', '5', '6'].map((id) => agent(id));
    console.threats = [threat('10', '4')];
    console.alerts = [alert('20', '5')];
    const targets = [
      { hostName: 'host-3' },
      { alertId: '20' },
      { agentId: '1' },
      record('11', '6'),
      { threatId: '10' },
      { uuid: 'UUID-2' },
      { agentId: '99' },
    ];
    // The small console compares UUIDs as they are.
    console.agents[1] = agent('2', { uuid: 'UUID-2' });
    const resolved = await resolveTargets(targets, 'agent', connector, console);
    expect(resolved.map((one) => (one.kind === 'found' ? one.subject.id : one.reason.code))).toEqual([
      '3',
      '5',
      '1',
      '6',
      '4',
      '2',
      'not_found',
    ]);
    expect(resolved.map(({ asked }) => asked)).toEqual([
      { hostName: 'host-3' },
      { alertId: '20' },
      { agentId: '1' },
      { record: { record_uid: 'uid-11', agentId: '6' } },
      { threatId: '10' },
      { uuid: 'UUID-2' },
      { agentId: '99' },
    ]);
    for (const one of resolved) {
      if (one.kind === 'found')
        expect(one.subject).toMatchObject({ kind: 'agent', record: one.subject.agent });
    }
  });

  it('are each there once, by whatever they are named', async () => {
    const console = smallConsole();
    console.agents = [agent('1')];
    console.threats = [threat('10', '1'), threat('11', '1')];
    const targets = [
      { hostName: 'HOST-1' },
      { agentId: '1' },
      { threatId: '10' },
      { threatId: '11' },
      { hostName: 'gone' },
      { hostName: 'gone' },
      { record: { agentRealtimeInfo: {} } },
      { record: { agentRealtimeInfo: {} } },
    ];
    expect(await outcomes(console, targets)).toEqual([
      'agent 1',
      'not_found',
      'record_field_missing',
      'record_field_missing',
    ]);
    const [first] = await resolveTargets(targets, 'agent', connector, console);
    expect(first?.asked).toEqual({ hostName: 'HOST-1' });
  });

  it('are not there where the endpoint of the threat or alert is gone', async () => {
    const console = smallConsole();
    console.threats = [threat('10', '9'), threat('11', null)];
    console.alerts = [alert('20', '9')];
    const targets = [{ threatId: '10' }, { threatId: '11' }, { alertId: '20' }, { threatId: '12' }];
    expect(await outcomes(console, targets)).toEqual(['no_agent', 'no_agent', 'no_agent', 'not_found']);
    expect(await outcomes(console, targets, 'agent', { siteIds: ['52'] })).toEqual([
      'out_of_scope',
      'out_of_scope',
      'out_of_scope',
      'not_found',
    ]);
  });

  it('take few calls, however many they are', async () => {
    const console = smallConsole();
    console.agents = Array.from({ length: 100 }, (_, i) => agent(String(i + 1)));
    console.threats = Array.from({ length: 100 }, (_, i) => threat(String(i + 201), String(i + 1)));
    const names = (console.agents ?? []).map(({ computerName }) => ({ hostName: String(computerName) }));
    await resolveTargets(names, 'agent', connector, console);
    expect(console.calls).toHaveLength(1);
    console.calls.length = 0;
    const mixed = names.map((name, i) =>
      i % 3 === 0 ? name : i % 3 === 1 ? { agentId: String(i) } : { threatId: String(i + 201) },
    );
    await resolveTargets(mixed, 'agent', connector, console);
    expect(console.calls.map(({ path }) => path).sort()).toEqual([
      '/agents',
      '/agents',
      '/agents',
      '/threats',
    ]);
  });

  it('are not known where the console fails', async () => {
    const console = smallConsole();
    const failure = new ConnectorError({
      ...{ code: 'unavailable', message: 'The console is down.', health: 'unavailable' },
      ...{ retryable: true, recommendation: 'Wait.', httpStatus: 503 },
    });
    const api = { ...console.api, list: () => Promise.reject(failure) };
    await expect(resolveTargets([{ agentId: '1' }], 'agent', connector, { api })).rejects.toBe(failure);
  });
});

describe('a host name', () => {
  const named = (id: string, computerName: string, change = {}) => agent(id, { computerName, ...change });

  it('is the whole name, whatever its capitals', async () => {
    const console = smallConsole();
    console.agents = [named('1', 'LAPTOP-7'), named('2', 'LAPTOP-71'), named('3', 'MY-LAPTOP-7')];
    expect(await outcomes(console, [{ hostName: 'Laptop-7' }, { hostName: 'LAPTOP' }])).toEqual([
      'agent 1',
      'not_found',
    ]);
  });

  it('may hold what separates the values of a filter', async () => {
    const console = smallConsole();
    console.agents = [named('1', "Anna's MacBook, old"), named('2', "Anna's MacBook"), named('3', 'A,B')];
    const names = ["anna's macbook, OLD", ',', 'a,b'].map((hostName) => ({ hostName }));
    expect(await outcomes(console, names)).toEqual(['agent 1', 'not_found', 'agent 3']);
    expect(await outcomes(console, [{ hostName: ',,' }])).toEqual(['not_found']);
  });

  it('of several endpoints is none, and says which they are', async () => {
    const console = smallConsole();
    console.agents = Array.from({ length: 7 }, (_, i) => named(String(i + 1), i % 2 === 0 ? 'DC01' : 'dc01'));
    expect(await outcomes(console, [{ hostName: 'DC01' }])).toEqual(['ambiguous_host_name']);
    expect(await messageOf(console, { hostName: 'DC01' })).toBe(
      '7 endpoints have the host name DC01: agent ids 1, 2, 3, 4, 5 and others.',
    );
  });

  it('belongs to the endpoint that is still there, and else to the one that was removed', async () => {
    const console = smallConsole();
    const removed = { isDecommissioned: true };
    console.agents = [named('1', 'A', removed), named('2', 'A'), named('3', 'A', { isUninstalled: true })];
    expect(await outcomes(console, [{ hostName: 'A' }])).toEqual(['agent 2']);
    console.agents = [named('1', 'A', removed)];
    expect(await outcomes(console, [{ hostName: 'A' }])).toEqual(['agent 1']);
    console.agents = [named('1', 'A', removed), named('3', 'A', { isUninstalled: true })];
    expect(await outcomes(console, [{ hostName: 'A' }])).toEqual(['ambiguous_host_name']);
  });

  it('of an endpoint that the list shows twice is one', async () => {
    const console = smallConsole();
    console.agents = [named('1', 'A'), named('1', 'A')];
    expect(await outcomes(console, [{ hostName: 'A' }])).toEqual(['agent 1']);
  });

  it('means the endpoint within the scope, and tells nothing of those outside', async () => {
    const console = smallConsole();
    console.agents = [named('1', 'DC01', { siteId: '51' }), named('2', 'DC01', { siteId: '52' })];
    expect(await outcomes(console, [{ hostName: 'DC01' }], 'agent', { siteIds: ['52'] })).toEqual([
      'agent 2',
    ]);
    const outside = await messageOf(console, { hostName: 'DC01' }, ['53']);
    expect(outside).not.toMatch(/\b(1|2|51|52)\b/);
    console.agents = [];
    expect(outside).toBe(await messageOf(console, { hostName: 'DC01' }, ['53']));
  });

  it('that is part of too many names is asked for alone', async () => {
    const console = smallConsole();
    console.agents = Array.from({ length: 5_001 }, (_, i) => named(String(i + 1), `LAPTOP-${i}`));
    console.agents.push(named('9000', 'LAPTOP'), named('9001', 'DC01'));
    const names = ['LAPTOP', 'DC01', 'gone'].map((hostName) => ({ hostName }));
    expect(await outcomes(console, names)).toEqual(['agent 9000', 'agent 9001', 'not_found']);
    expect(console.calls.map(({ params }) => params['computerName'] ?? 'all')).toEqual([
      'all',
      'LAPTOP',
      'DC01',
      'gone',
    ]);
  });

  it('of too many endpoints is none', async () => {
    const console = smallConsole();
    console.agents = Array.from({ length: 5_001 }, (_, i) => named(String(i + 1), 'LAPTOP'));
    expect(await outcomes(console, [{ hostName: 'LAPTOP' }])).toEqual(['host_name_too_common']);
  });
});

it('a UUID of two endpoints is none', async () => {
  const console = smallConsole();
  console.agents = [
    agent('1', { uuid: 'u' }),
    agent('2', { uuid: 'u' }),
    agent('3', { uuid: 'w', isDecommissioned: true }),
  ];
  expect(await outcomes(console, [{ uuid: 'u' }, { uuid: 'w' }, { uuid: 'x' }])).toEqual([
    'ambiguous_uuid',
    'agent 3',
    'not_found',
  ]);
});

describe('targets of an action on threats and alerts', () => {
  it('are found with their endpoints', async () => {
    const console = smallConsole();
    console.agents = [agent('1')];
    console.threats = [threat('10', '1'), threat('11', '9')];
    console.alerts = [alert('20', '1')];
    const threats = [record('11', '1'), { threatId: '10' }, { threatId: '11' }, { threatId: '13' }];
    expect(await outcomes(console, threats, 'threat')).toEqual(['threat 11', 'threat 10', 'not_found']);
    const alertRecord = { record: { alertInfo: { alertId: '20' } } };
    expect(await outcomes(console, [alertRecord, { alertId: '20' }], 'alert')).toEqual(['alert 20']);
    const [, found] = await resolveTargets(threats, 'threat', connector, console);
    expect(found).toMatchObject({ subject: { record: { id: '10' }, agent: { id: '1' } } });
  });

  it.each<[string, object, JsonObject, string]>([
    ['its site', { siteIds: ['51'] }, {}, 'found'],
    ['another site', { siteIds: ['52'] }, {}, 'out_of_scope'],
    ['its account', { accountIds: ['2', '1'] }, {}, 'found'],
    ['another account', { accountIds: ['2'] }, {}, 'out_of_scope'],
    ['its account and another site', { accountIds: ['1'], siteIds: ['52'] }, {}, 'out_of_scope'],
    [
      'its site, which it does not tell, though its endpoint does',
      { siteIds: ['51'] },
      { siteId: null },
      'found',
    ],
    ['its site, which nothing tells', { siteIds: ['51'] }, { siteId: null, agentId: '9' }, 'out_of_scope'],
  ])('are within a connector that is kept to %s, or refused', async (_, scope, change, outcome) => {
    const console = smallConsole();
    console.agents = [agent('1')];
    console.threats = [threat('10', '1', change)];
    // An alert does not tell its account.
    console.alerts = [
      { ...alert('20', '1', change), ...('agentId' in change ? { agentRealtimeInfo: { id: '9' } } : {}) },
    ];
    for (const [kind, target] of [
      ['threat', { threatId: '10' }],
      ['alert', { alertId: '20' }],
    ] as const) {
      const [resolved] = await resolveTargets([target], kind, { ...connector, ...scope }, console);
      expect(resolved?.kind === 'found' ? 'found' : resolved?.reason.code).toBe(outcome);
    }
  });
});

it('never finds what was not named, nor what lies outside of the scope', async () => {
  const names = ['DC01', 'dc01', 'DC011', 'LAPTOP', 'LAPTOP-1', 'a,b', 'a'];
  const uuids = ['u1', 'u2'];
  const few = (most: number) => fc.integer({ min: 1, max: most }).map(String);
  const endpoint = fc
    .record({
      id: few(9),
      computerName: fc.constantFrom(...names),
      uuid: fc.constantFrom(...uuids),
      siteId: fc.constantFrom('51', '52', null),
      isDecommissioned: fc.boolean(),
    })
    .map(({ id, ...change }) => agent(id, change));
  const target = fc.oneof(
    fc.record({ agentId: few(12) }),
    fc.record({ uuid: fc.constantFrom(...uuids, 'u3') }),
    fc.record({ hostName: fc.constantFrom(...names, 'nobody') }),
    fc.record({ threatId: few(4) }),
  );
  let found = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(endpoint, { selector: ({ id }) => id, minLength: 3, maxLength: 8 }),
      fc.array(few(12), { minLength: 4, maxLength: 4 }),
      fc.array(target, { minLength: 3, maxLength: 8 }),
      fc.subarray(['51', '52']),
      async (agents, agentsOfThreats, targets, siteIds) => {
        const console = smallConsole();
        console.agents = agents;
        console.threats = agentsOfThreats.map((agentId, i) => threat(String(i + 1), agentId));
        const resolved = await resolveTargets(targets, 'agent', { ...connector, siteIds }, console);
        const isMeant = (asked: object, id: string) => {
          const own = agents.find((one) => one['id'] === id);
          const [[way, value] = []] = Object.entries(asked);
          switch (way) {
            case 'agentId':
              return value === id;
            case 'uuid':
              return own?.['uuid'] === value;
            case 'hostName':
              return String(own?.['computerName']).toLowerCase() === String(value).toLowerCase();
            default:
              return agentsOfThreats[Number(value) - 1] === id;
          }
        };
        const ids: string[] = [];
        for (const one of resolved) {
          expect(targets).toContainEqual(one.asked);
          if (one.kind === 'refused') {
            const own = agents.find(({ id }) => id === one.asked['agentId']);
            if ('agentId' in one.asked)
              expect(one.reason.code).toBe(own === undefined ? 'not_found' : 'out_of_scope');
            continue;
          }
          found += 1;
          const { id, record: own } = one.subject;
          ids.push(id);
          expect(isMeant(one.asked, id)).toBe(true);
          if (siteIds.length > 0) expect(siteIds).toContain(own['siteId']);
          if ('hostName' in one.asked) {
            const rivals = agents.filter(
              (rival) =>
                rival['id'] !== id &&
                isMeant(one.asked, String(rival['id'])) &&
                (siteIds.length === 0 || siteIds.includes(String(rival['siteId']))) &&
                rival['isDecommissioned'] === own['isDecommissioned'],
            );
            expect(rivals).toEqual([]);
          }
        }
        expect(new Set(ids).size).toBe(ids.length);
        expect(console.calls.length).toBeLessThanOrEqual(5);
      },
    ),
    { numRuns: 500 },
  );
  expect(found).toBeGreaterThan(500);
});
