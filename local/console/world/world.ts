import { type Activities, activities } from './activities.ts';
import { type Agents, agents } from './agents.ts';
import { type EndpointEvents, endpointEvents } from './endpoint-events.ts';
import { micros } from './micro-time.ts';
import { type Organisation, organisation } from './organisation.ts';
import { hash, purpose } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { type Scopes, scopes } from './scopes.ts';
import { Shown } from './shown.ts';
import { type Threats, threats } from './threats.ts';

/** What the world is a function of, together with the time. */
export interface WorldOptions {
  /** 0 to 4294967295. */
  readonly seed: number;
  /** The history ends here and the present begins; epoch milliseconds. */
  readonly epochMs: number;
  /** Records at the epoch; more come later. With 0 there are none, ever. */
  readonly threats: number;
  readonly agents: number;
  /** As many as threats where absent. */
  readonly activities?: number;
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
}

/** The simulated company: everything that happened and will happen to its hosts. */
export interface World extends Scopes {
  readonly options: WorldOptions;
  readonly organisation: Organisation;
  readonly threats: Threats;
  readonly agents: Agents;
  readonly activities: Activities;
  readonly endpointEvents: EndpointEvents;
  /** The lists by the names that people know them by, for counting. */
  readonly recordSets: Readonly<Record<string, RecordSet>>;
  /** What is shown of a kind of record at a time in epoch milliseconds. */
  shown(records: RecordSet, nowMs: number): Shown;
  /** From this time on threats and agents change several times a second, or no longer. */
  setMutation(on: boolean, atMs: number): void;
  /** Revisions from this time on become visible late, or no longer. */
  setLateness(on: boolean, atMs: number): void;
}

/** One revision in three is late, by up to 45 seconds. */
const lateOneIn = 3;
const mostDelayUs = 45 * micros.second;

/** Builds the world as it is from before the epoch on; what comes later is added when it is asked for. */
export function build(options: WorldOptions): World {
  const { seed } = options;
  const epochUs = options.epochMs * micros.millisecond;
  const historyUs = options.historyMs * micros.millisecond;
  const burst = options.burst ?? 5;
  const company = organisation(seed, epochUs - historyUs - 400 * micros.day);
  const shared = { seed, epochUs, historyUs, burst, organisation: company, hostCount: options.agents };
  const hosts = agents({ ...shared, count: options.agents });
  const detections = threats({
    ...shared,
    count: options.threats,
    bytes: options.threatBytes ?? 0,
    agents: hosts,
  });
  const events = activities({
    ...shared,
    count: options.activities ?? options.threats,
    agents: hosts,
    threats: detections,
  });
  let lateFromUs = Number.POSITIVE_INFINITY;

  function delayUs(record: number, us: number): number {
    if (us < lateFromUs) return 0;
    const bits = hash(seed, purpose.lateness, record, us % 0x1_0000_0000);
    return bits % lateOneIn === 0 ? bits % mostDelayUs : 0;
  }

  return {
    ...scopes(company, epochUs, options.agents),
    options,
    organisation: company,
    threats: detections,
    agents: hosts,
    activities: events,
    endpointEvents: endpointEvents({
      ...shared,
      perHour: options.endpointEvents ?? 600,
      burst: options.endpointEventBurst ?? 1,
      agents: hosts,
      isLate: (us) => us >= lateFromUs,
    }),
    recordSets: { threats: detections, agents: hosts, activities: events },
    shown: (records, nowMs) => new Shown(records.timeline, nowMs * micros.millisecond, delayUs),
    setMutation(on, atMs) {
      detections.timeline.setMutation(on, atMs * micros.millisecond);
      hosts.timeline.setMutation(on, atMs * micros.millisecond);
    },
    setLateness(on, atMs) {
      if (!on) lateFromUs = Number.POSITIVE_INFINITY;
      else lateFromUs = Math.min(lateFromUs, atMs * micros.millisecond);
    },
  };
}
