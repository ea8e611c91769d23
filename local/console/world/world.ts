import { type Activities, activities } from './activities.ts';
import { type Agents, agents } from './agents.ts';
import { type Deeds, deeds, deedTraces } from './deeds/deeds.ts';
import type { DeedTiming } from './deeds/timing.ts';
import { deviceEvents } from './device-events.ts';
import { type EndpointEvents, endpointEvents } from './endpoint-events.ts';
import { micros } from './micro-time.ts';
import { type Organisation, organisation } from './organisation.ts';
import { hash, purpose } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { type Rogues, rogues } from './rogues.ts';
import { type Scopes, scopes } from './scopes.ts';
import { Shown } from './shown.ts';
import { type StarAlerts, starAlerts } from './star-alerts.ts';
import { type ThreatEvents, threatEvents } from './threat-events.ts';
import { type ThreatNotes, threatNotes } from './threat-notes.ts';
import { type Threats, threats } from './threats.ts';
import { type UnifiedAlerts, unifiedAlerts } from './unified-alerts.ts';
import { type Vulnerabilities, vulnerabilities } from './vulnerabilities.ts';

/** What the world is a function of, together with the time. */
export interface WorldOptions {
  /** 0 to 4294967295. */
  readonly seed: number;
  /** The history ends here and the present begins; epoch milliseconds. */
  readonly epochMs: number;
  /** Records at the epoch; more come later. With 0 there are none, ever. */
  readonly threats: number;
  readonly agents: number;
  /** One threat in so many is deleted after the epoch, some time after it was found; 50 where absent, 0 for none. */
  readonly deletedThreats?: number;
  /** As many as threats where absent, besides the ones that announce notes. */
  readonly activities?: number;
  /** Alerts of custom rules at the epoch; a quarter of the threats where absent. */
  readonly starAlerts?: number;
  /** Hosts without an agent at the epoch; a quarter of the agents where absent, but 2,000 at most. */
  readonly rogues?: number;
  /** True where every token must name an account to see rogues, and not only one of a site. */
  readonly roguesByAccount?: boolean;
  /** Events of device control at the epoch; as many as agents where absent, but 20,000 at most. */
  readonly deviceEvents?: number;
  /** Events of a threat in the mean, of which a few have a hundred times as many; 10 where absent, 0 for none. */
  readonly threatEventsPerThreat?: number;
  /** Different applications, and how many of them are installed on hosts at the epoch, all in all; 25 and 500 where absent. */
  readonly applications?: number;
  readonly installs?: number;
  /** Unified alerts at the epoch; 300 where absent. */
  readonly unifiedAlerts?: number;
  /** Nobody gets more of them at once; 100 where absent. */
  readonly unifiedAlertsPerPage?: number;
  /** How far the changes reach back before the epoch, milliseconds. */
  readonly historyMs: number;
  /** Size of the largest group of records with one and the same `updatedAt`; 5 where absent, 1 for none. */
  readonly burst?: number;
  /** A threat's body is padded to at least so many bytes. */
  readonly threatBytes?: number;
  /** What the agents saw per hour, all of them together; 600 where absent. Without agents there is nothing, ever. */
  readonly endpointEvents?: number;
  /** So many of such events on top, once an hour and within one second; 1, the default, for none. */
  readonly endpointEventBurst?: number;
  /** How far back Deep Visibility can be asked; 14 where absent. */
  readonly dvRetentionDays?: number;
  /** No query of Deep Visibility has more rows; 20,000 where absent. */
  readonly dvRowCap?: number;
  /** How long its results can be read after a query has finished; 15 where absent. */
  readonly dvResultMinutes?: number;
  /** From this time on, epoch milliseconds, there is no Deep Visibility below /dv any more; never where absent. */
  readonly dvSunset?: number;
  /** How long the consequences of commands take, where it is not the usual time. */
  readonly deedTiming?: Partial<DeedTiming>;
}

/** The simulated company: everything that happened and will happen to its hosts. */
export interface World extends Scopes, Vulnerabilities {
  readonly options: WorldOptions;
  readonly organisation: Organisation;
  readonly threats: Threats;
  readonly agents: Agents;
  readonly activities: Activities;
  readonly threatNotes: ThreatNotes;
  readonly rogues: Rogues;
  readonly deviceEvents: RecordSet;
  readonly threatEvents: ThreatEvents;
  readonly endpointEvents: EndpointEvents;
  readonly unifiedAlerts: UnifiedAlerts;
  /** What users do to all this. */
  readonly deeds: Deeds;
  /** The alerts of custom rules as they are at a time in microseconds. */
  starAlerts(nowUs: number): StarAlerts;
  /** The lists by the names that people know them by, for counting. */
  readonly recordSets: Readonly<Record<string, RecordSet>>;
  /** What is shown of a kind of record at a time in epoch milliseconds. */
  shown(records: RecordSet, nowMs: number): Shown;
  /** From this time on threats, agents, rogues, risks and unified alerts change several times a second, or no longer. */
  setMutation(on: boolean, atMs: number): void;
  /** Revisions from this time on become visible late, or no longer. */
  setLateness(on: boolean, atMs: number): void;
}

/** One revision in three is late, by up to 45 seconds. */
const lateOneIn = 3;
const mostDelayUs = 45 * micros.second;
/** However large a world is: neither is what large worlds are made for. */
const mostRogues = 2_000;
const mostDeviceEvents = 20_000;

function quarter(count: number): number {
  return Math.ceil(count / 4);
}

/** Builds the world as it is from before the epoch on; what comes later is added when it is asked for. */
export function build(options: WorldOptions): World {
  const { seed } = options;
  const epochUs = options.epochMs * micros.millisecond;
  const historyUs = options.historyMs * micros.millisecond;
  const burst = options.burst ?? 5;
  const company = organisation(seed, epochUs - historyUs - 400 * micros.day);
  const shared = { seed, epochUs, historyUs, burst, organisation: company, hostCount: options.agents };
  const traces = deedTraces();
  const hosts = agents({ ...shared, count: options.agents, deeds: traces.agents });
  const detections = threats({
    ...shared,
    count: options.threats,
    bytes: options.threatBytes ?? 0,
    agents: hosts,
    deletedOneIn: options.deletedThreats ?? 50,
    deeds: traces.threats,
  });
  const notes = threatNotes({ ...shared, threats: detections, written: traces.notes });
  const events = activities({
    ...shared,
    count: options.activities ?? options.threats,
    agents: hosts,
    threats: detections,
    noteChanges: notes.changes,
    deeds: traces.activities,
  });
  const unmanaged = rogues({
    ...shared,
    count: options.rogues ?? Math.min(mostRogues, quarter(options.agents)),
  });
  const withHosts = { ...shared, agents: hosts };
  const alertsAt = starAlerts({
    ...withHosts,
    count: options.starAlerts ?? quarter(options.threats),
    deeds: traces.alerts,
  });
  const devices = deviceEvents({
    ...withHosts,
    count: options.deviceEvents ?? Math.min(mostDeviceEvents, options.agents),
  });
  const vulnerable = vulnerabilities({
    ...withHosts,
    applications: options.applications ?? 25,
    installs: options.installs ?? 500,
  });
  const ofAllSources = unifiedAlerts({
    ...withHosts,
    count: options.agents === 0 ? 0 : (options.unifiedAlerts ?? 300),
  });
  const done = deeds({
    traces,
    agents: hosts,
    threats: detections,
    activities: events,
    organisation: company,
    timing: options.deedTiming ?? {},
  });
  let lateFromUs = Number.POSITIVE_INFINITY;

  function delayUs(record: number, us: number): number {
    if (us < lateFromUs) return 0;
    const bits = hash(seed, purpose.lateness, record, us % 0x1_0000_0000);
    return bits % lateOneIn === 0 ? bits % mostDelayUs : 0;
  }

  return {
    ...scopes(company, epochUs, options.agents),
    ...vulnerable,
    options,
    organisation: company,
    threats: detections,
    agents: hosts,
    activities: events,
    threatNotes: notes,
    rogues: unmanaged,
    deviceEvents: devices,
    starAlerts: alertsAt,
    unifiedAlerts: ofAllSources,
    deeds: done,
    threatEvents: threatEvents({
      seed,
      threats: detections,
      perThreat: options.threatEventsPerThreat ?? 10,
    }),
    endpointEvents: endpointEvents({
      ...shared,
      perHour: options.endpointEvents ?? 600,
      burst: options.endpointEventBurst ?? 1,
      agents: hosts,
      isLate: (us) => us >= lateFromUs,
    }),
    recordSets: {
      threats: detections,
      agents: hosts,
      activities: events,
      alerts: alertsAt(epochUs),
      rogues: unmanaged,
      deviceControlEvents: devices,
      installedApplications: vulnerable.installs,
      risks: vulnerable.risks,
      unifiedAlerts: ofAllSources,
    },
    shown: (records, nowMs) => {
      done.advance(nowMs * micros.millisecond);
      const delay = (record: number, us: number) => (records.delayUs?.(record) ?? 0) + delayUs(record, us);
      return new Shown(records.timeline, nowMs * micros.millisecond, delay);
    },
    setMutation(on, atMs) {
      detections.timeline.setMutation(on, atMs * micros.millisecond);
      hosts.timeline.setMutation(on, atMs * micros.millisecond);
      unmanaged.timeline.setMutation(on, atMs * micros.millisecond);
      vulnerable.risks.timeline.setMutation(on, atMs * micros.millisecond);
      ofAllSources.timeline.setMutation(on, atMs * micros.millisecond);
    },
    setLateness(on, atMs) {
      if (!on) lateFromUs = Number.POSITIVE_INFINITY;
      else lateFromUs = Math.min(lateFromUs, atMs * micros.millisecond);
    },
  };
}
