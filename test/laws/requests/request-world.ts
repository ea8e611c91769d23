import type { RunningConsole } from '../../../local/console/console.ts';
import { startConsole } from '../../../local/console/console.ts';
import type { FaultProfile } from '../../../local/console/server/faults/profiles.ts';
import type { Draws } from '../../../local/console/world/random.ts';
import { defaultSettings } from '../../../shared/actions/policy/response-policy.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { consolesOver } from '../../../shared/sentinelone/connect.ts';
import { createTransport } from '../../../shared/sentinelone/transport.ts';
import { apiWorld, goodConnector } from '../../support/api-world.ts';
import { type Census, census, type Records, readRecords, siteOf, text } from './census.ts';
import { Clones } from './clones.ts';
import type { AskedConnector } from './meaning.ts';
import { carefulness, OddConsole } from './odd-console.ts';
import type { CallerName } from './seeded-request.ts';

const hourMs = 3_600_000;
const hostPolicy = { suffixes: [], loopback: true };

export type RequestWorld = Awaited<ReturnType<typeof requestWorld>>;

/**
 * The control API over memory, and behind it the real client, which speaks HTTP to the real simulator: a few hundred endpoints,
 * threats and alerts, a blocklist, and two connectors that may act, one of them kept to a site. One clock for all, which only
 * the run moves. `close` ends the simulator.
 */
export async function requestWorld(seed: number, random: Draws) {
  const clones = new Clones();
  const between = new OddConsole(random.chance(0.75) ? 'careful' : random.pick(carefulness), clones, random);
  const world = apiWorld({}, between);
  const { clock } = world;
  const simulator = await startConsole({
    ...{ seed, clock, epochMs: clock.now(), historyMs: 24 * hourMs, rateLimitScale: 'off' },
    ...{ agents: 240, threats: 240, starAlerts: 120, activities: 100, rogues: 0, deviceEvents: 0 },
    ...{ unifiedAlerts: 0, installs: 1, endpointEvents: 0 },
  });
  const transport = createTransport({ policy: hostPolicy, clock });
  const pacer = { take: async () => undefined, heed: async () => undefined };
  const token = random.pick(tokens);
  between.client = consolesOver({ clock, hostPolicy, transport, pacer }).connect({
    hostUrl: simulator.url,
    apiToken: simulator.tokens[token],
  }).api;

  let records = await readRecords(simulator);
  clones.make(random.pick([0, 10, 40]), records.agents, random);
  await fillBlocklist(simulator, records, random);
  let known = await census(simulator, records, clones);
  // The larger the site, the likelier; there is something of everything on it.
  const siteId = text(random.pick(records.alerts), 'agentDetectionInfo', 'siteId');
  const connectors = await connect(world, siteId, await siteOf(simulator, token));
  await world.policies.put('northwind', seededPolicy(random, records), 0);
  const keys: Readonly<Record<CallerName, string>> = {
    soar: await world.key(['respond'], ['northwind']),
    analyst: await world.key(['respond', 'read'], ['northwind']),
    reader: await world.key(['read'], ['northwind']),
    stranger: await world.key(['respond'], ['contoso']),
    nobody: 'slk_nobody',
  };
  const profiles = random.chance(0.75) ? [] : [random.pick(hardships)];
  simulator.setProfiles(profiles);

  return {
    world,
    simulator,
    clones,
    connectors,
    keys,
    /** True where the console fails on purpose. */
    isTroubled: profiles.length > 0,
    get records(): Records {
      return records;
    },
    /** Those of the site that the second connector is kept to. */
    get own(): Records {
      return ofSite(records, siteId);
    },
    get census(): Census {
      return known;
    },
    /** Reads the simulator's lists anew, without its faults. */
    async lookAgain(): Promise<void> {
      simulator.setProfiles([]);
      records = await readRecords(simulator);
      known = await census(simulator, records, clones, known);
      simulator.setProfiles(profiles);
    },
    /** Reads the blocklist anew, which is much less. */
    async lookAtBlocklist(): Promise<void> {
      simulator.setProfiles([]);
      known = await census(simulator, records, clones, known);
      simulator.setProfiles(profiles);
    },
    close: async () => {
      transport.close();
      await simulator.close();
    },
  };
}

/** Mostly one that may do everything, so that it is for the connector's scope alone to keep something out. */
const tokens = ['admin', 'admin', 'admin', 'admin', 'admin', 'admin', 'siteScoped', 'viewer'] as const;

const hardships: readonly FaultProfile[] = [
  ...(['deeds-unanswered', 'deeds-unanswered', 'server-errors', 'throttle-storm'] as const),
  ...(['nulls', 'refused-cursors', 'late-records'] as const),
];

function ofSite({ agents, threats, alerts }: Records, siteId: string): Records {
  return {
    agents: agents.filter((agent) => text(agent, 'siteId') === siteId),
    threats: threats.filter((threat) => text(threat, 'agentRealtimeInfo', 'siteId') === siteId),
    alerts: alerts.filter((alert) => text(alert, 'agentDetectionInfo', 'siteId') === siteId),
  };
}

async function connect(
  world: ReturnType<typeof apiWorld>,
  siteId: string,
  seenSiteId: string | undefined,
): Promise<Readonly<Record<'own' | 'foreign', readonly AskedConnector[]>>> {
  const admin = await world.key();
  const functions = ['collect', 'respond'];
  const bodies: readonly JsonObject[] = [
    { ...goodConnector, functions },
    { ...goodConnector, name: 'Rotterdam', functions, siteIds: [siteId] },
    { ...goodConnector, name: 'Collector' },
    { ...goodConnector, tenant: 'contoso', functions },
  ];
  for (const body of bodies) {
    const { status, body: answer } = await world.call('POST', '/v1/connectors', { key: admin, body });
    if (status !== 201) throw new Error(`A connector was not created: ${answer}`);
  }
  return {
    own: [
      { tenant: 'northwind', id: 'emea-servers', siteId: undefined, seenSiteId },
      { tenant: 'northwind', id: 'rotterdam', siteId, seenSiteId },
    ],
    // Only whoever has a key of that tenant may ask it.
    foreign: [{ tenant: 'contoso', id: 'emea-servers', siteId: undefined, seenSiteId }],
  };
}

function seededPolicy(random: Draws, { agents }: Records) {
  const machineTypes = [random.pick(['server', 'laptop', 'desktop'])];
  return {
    ...defaultSettings,
    isolationsPerHour: random.pick([5, 1_000, 1_000]),
    mostTargets: random.pick([100, 100, 20]),
    safelist: random.chance(0.3) ? [{ name: 'protected', machineTypes }] : [],
    approvals: random.chance(0.4)
      ? [
          {
            name: 'two pairs of eyes',
            ...random.pick([
              { dangers: ['isolating' as const] },
              { actions: ['restart', 'kill', 'set-incident-status'] },
              { endpoints: { siteIds: [text(random.pick(agents), 'siteId')] } },
            ]),
          },
        ]
      : [],
  };
}

/** Blocks files of some threats on lists of all levels, of their own scopes and of others. */
async function fillBlocklist(simulator: RunningConsole, { threats }: Records, random: Draws): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const threat = random.pick(threats);
    const place = random.chance(0.7) ? threat : random.pick(threats);
    const level = random.pick(['site', 'account', 'group'] as const);
    const value = text(threat, 'threatInfo', 'sha1');
    if (value === '') continue;
    const filter = random.chance(0.9)
      ? { [`${level}Ids`]: [text(place, 'agentRealtimeInfo', `${level}Id`)] }
      : { tenant: true };
    const osType = text(threat, 'agentRealtimeInfo', 'agentOsType');
    const answer = await fetch(`${simulator.url}/web/api/v2.1/restrictions`, {
      method: 'POST',
      headers: {
        authorization: `ApiToken ${simulator.tokens.admin}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        filter,
        data: { type: 'black_hash', osType, value: random.pick([value, value.toUpperCase()]) },
      }),
    });
    const told = await answer.text();
    // One that is there already is refused.
    if (!answer.ok && answer.status !== 400) throw new Error(`POST /restrictions: ${told}`);
  }
}
