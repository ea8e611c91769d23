import type { JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import { type EventType, eventFamilies } from './endpoint-event-types.ts';
import { micros } from './micro-time.ts';
import { draws, hash, purpose, unit } from './random.ts';
import { type Arrival, arrivals } from './threat-event-growth.ts';
import { threatEventRecord } from './threat-event-record.ts';
import type { Threats } from './threats.ts';

/**
 * The events of one threat's story as they are with one revision of the threat. They are numbered in the order of their ids,
 * which is that of their arrival, but for a few that arrive with the revision after the one that brings their neighbours.
 */
export interface Story {
  /** Events that can be read. */
  readonly count: number;
  /** The number of the event in this place of the list, which is sorted by id. */
  event(place: number): number;
  /** True where the list has the event of this number. */
  has(event: number): boolean;
  /** As the API answers it. */
  record(event: number): JsonObject;
}

/** What the agents saw of the threats. */
export interface ThreatEvents {
  /** A threat's events with the revision in this row of the threats' timeline. */
  story(row: number): Story;
  id(event: number): string;
  /** The number of the event with this id, or -1. */
  find(id: string): number;
  /** From when on a deleted threat's events are gone, microseconds: some minutes before the threat leaves the list. */
  goneUs(threat: number): number;
}

export interface ThreatEventsOptions {
  readonly seed: number;
  readonly threats: Threats;
  /** In the mean; a few threats have a hundred times as many. */
  readonly perThreat: number;
}

/** Ids are the same from threat to threat, and soon have a digit more. */
const firstId = 999_999_999_999_999_800n;
const idStep = 3n;
/** One event in so many comes late. */
const lateOneIn = 300;
/** What a story begins with happened up to so long before the threat was found; what is added is younger. */
const mostBeforeUs = 10 * micros.minute;
const mostLaterUs = 90 * micros.second;
const leastLagUs = micros.minute;
const mostLagUs = 8 * micros.minute;

export function threatEvents({ seed, threats, perThreat }: ThreatEventsOptions): ThreatEvents {
  const isLate = (threat: number, event: number) =>
    hash(hash(seed, purpose.threatEventPlan, threat, 4), purpose.threatEventPlan, event) % lateOneIn === 0;

  function story(row: number): Story {
    const { revisions } = threats.timeline;
    const threat = revisions.record(row);
    const grown = arrivals(revisions, seed, perThreat, row);
    const total = grown.at(-1)?.total ?? 0;
    const before = grown.at(-2)?.total ?? 0;
    const missing: number[] = [];
    for (let event = before; event < total; event++) if (isLate(threat, event)) missing.push(event);
    const host = threats.host(threat);
    return {
      count: total - missing.length,
      event(place) {
        // Ascending: each one that is missing before it moves the event by one.
        let event = place;
        for (const late of missing) if (late <= event) event++;
        return event;
      },
      has: (event) => event >= 0 && event < total && !missing.includes(event),
      record(event) {
        const number = hash(hash(seed, purpose.threatEventBody, threat), purpose.threatEventBody, event);
        return threatEventRecord({
          seed,
          event: number,
          id: id(event),
          us: happenedUs(grown, threat, event),
          type: typeOf(number, host),
          host,
          threat,
        });
      },
    };
  }

  function typeOf(number: number, host: AgentIdentity): EventType {
    const draw = draws(seed, purpose.threatEventBody, number);
    return draw.pick(draw.pick(eventFamilies(host.os.type)));
  }

  /** Before the revision that brought the event and its neighbours. */
  function happenedUs(grown: readonly Arrival[], threat: number, event: number): number {
    const index = grown.findIndex(({ total }) => event < total);
    const arrivedUs = grown[index]?.us ?? 0;
    const share = unit(hash(seed, purpose.threatEventPlan, threat, 5), purpose.threatEventPlan, event);
    const us = arrivedUs - Math.floor(share * (index === 0 ? mostBeforeUs : mostLaterUs));
    return event % 7 === 0 ? us - (us % micros.millisecond) : us;
  }

  return {
    story,
    id,
    find(text) {
      const offset = /^\d{1,25}$/.test(text) ? BigInt(text) - firstId : -1n;
      const isOurs = offset >= 0n && offset % idStep === 0n && text === String(BigInt(text));
      return isOurs ? Number(offset / idStep) : -1;
    },
    goneUs(threat) {
      const lagUs =
        leastLagUs + Math.floor(unit(seed, purpose.threatEventPlan, threat, 6) * (mostLagUs - leastLagUs));
      return threats.timeline.goneUs(threat) - lagUs;
    },
  };
}

function id(event: number): string {
  return String(firstId + BigInt(event) * idStep);
}
