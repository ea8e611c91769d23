import type { Draws } from '../../../local/console/world/random.ts';
import type { Fate } from '../../support/memory/endpoints/commands.ts';
import { MemoryEndpoints } from '../../support/memory/endpoints/memory-endpoints.ts';
import type { Endpoint } from '../../support/memory/endpoints/things.ts';
import type { Things } from './plan.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** How long commands take on an endpoint that is online, at most. */
const longestWorkMs: Readonly<Record<string, number>> = {
  '/agents/actions/initiate-scan': 5 * hourMs,
  '/agents/actions/restart-machine': 10 * minuteMs,
  '/agents/actions/fetch-logs': 20 * minuteMs,
};

/** The console's log has been seen so late. */
const latestActivityMs = 2 * minuteMs;

/** A console as a seed has it: what is there, who is online when, and what commands come to. */
export function seededConsole(
  random: Draws,
  now: () => number,
): { readonly endpoints: MemoryEndpoints; readonly things: Things } {
  const isLate = random.chance(0.6);
  const isHard = random.chance(0.3);
  const isSlow = random.chance(0.3);
  const unhappy = new Set<string>();
  const endpoints = new MemoryEndpoints({
    now,
    // Seconds, which nobody notices, or minutes, which the `Date` headers show.
    skewMs: random.pick([0, 0, 2_000, 4_000, -2_000, -4_900, -600_000, 600_000]),
    activityLateMs: () => (isLate ? random.below(latestActivityMs) : random.below(3_000)),
    refuses: (path, id) => unhappy.has(`${path} ${id}`),
    showsSent: random.chance(0.5),
    tellsDetails: random.chance(0.5),
    fateOf: (path) => fateOf(path, random, { isHard, longestBeginMs: isSlow ? 4 * minuteMs : 20 * secondMs }),
  });
  const agents = Array.from({ length: 1 + random.below(5) }, (_, i) => String(1_001 + i));
  for (const id of agents) endpoints.addEndpoint(endpointOf(id, random, now()));
  for (const id of agents) planOutages(endpoints, id, random, now());
  const threats = Array.from({ length: random.below(5) }, (_, i) => String(2_001 + i));
  for (const id of threats) {
    endpoints.addThreat({
      ...{ id, agentId: random.pick(agents), detectionType: random.pick(['dynamic', 'static']) },
      ...{ incidentStatus: 'unresolved', analystVerdict: 'undefined', mitigations: [], notes: [] },
    });
  }
  const alerts = Array.from({ length: random.below(3) }, (_, i) => String(3_001 + i));
  for (const id of alerts)
    endpoints.addAlert({ id, agentId: random.pick(agents), incidentStatus: 'unresolved' });
  if (random.chance(0.2)) {
    const verb = random.pick([
      '/agents/actions/disconnect',
      '/threats/mitigate/quarantine',
      '/threats/incident',
    ]);
    unhappy.add(`${verb} ${random.pick([...agents, ...threats])}`);
  }
  return { endpoints, things: { agents, threats, alerts } };
}

function fateOf(
  path: string,
  random: Draws,
  { isHard, longestBeginMs }: { readonly isHard: boolean; readonly longestBeginMs: number },
): Fate {
  const isUnlucky = random.chance(isHard ? 0.3 : 0.03);
  return {
    beginMs: random.below(longestBeginMs),
    workMs: secondMs + random.below(longestWorkMs[path] ?? 90 * secondMs),
    end: isUnlucky ? random.pick(['failed', 'never']) : 'done',
  };
}

function endpointOf(id: string, random: Draws, now: number): Endpoint {
  const time = (agoMs: number) => new Date(now - agoMs).toISOString();
  const isIsolated = random.chance(0.15);
  return {
    ...{ id, computerName: `LAPTOP-${id}`, accountId: '1', siteId: random.chance(0.9) ? '51' : '52' },
    osType: random.pick(['windows', 'windows', 'macos', 'linux']),
    ...{ isActive: true, isDecommissioned: random.chance(0.05), lastActiveDate: time(minuteMs) },
    networkStatus: isIsolated ? 'disconnected' : 'connected',
    ...(random.chance(0.1)
      ? { scanStatus: 'started', scanStartedAt: time(hourMs) }
      : { scanStatus: 'none', scanStartedAt: null }),
    ...{ scanFinishedAt: null, scanAbortedAt: null, osStartTime: time(100 * hourMs) },
  };
}

/** When the endpoint is offline: never, mostly. */
function planOutages(endpoints: MemoryEndpoints, id: string, random: Draws, begin: number): void {
  if (random.chance(0.5)) return;
  let at = begin;
  let isActive = random.chance(0.5);
  for (let i = 0; i < 8; i++) {
    const next = isActive;
    endpoints.timeline.plan(at, () => endpoints.setActive(id, next));
    at += random.pick([30 * secondMs, 5 * minuteMs, 40 * minuteMs, 9 * hourMs]) * (0.5 + random.next());
    isActive = !isActive;
  }
  if (random.chance(0.8)) endpoints.timeline.plan(at, () => endpoints.setActive(id, true));
}
