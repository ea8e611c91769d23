import type { JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import type { Agents } from './agents.ts';
import type { EventFacts, EventProcess } from './endpoint-event-field.ts';
import { endpointEventFields } from './endpoint-event-fields.ts';
import { dataLakeRecord, deepVisibilityRecord } from './endpoint-event-records.ts';
import { type EventType, eventFamilies } from './endpoint-event-types.ts';
import { recordId } from './ids.ts';
import { micros } from './micro-time.ts';
import type { Organisation } from './organisation.ts';
import { draws, hash, purpose, unit } from './random.ts';

/**
 * What the agents saw on their hosts. Events are numbered from 0 in the order of their times, which is that of their
 * ids; they never change, and nothing of them exists before somebody asks. All times in microseconds.
 */
export interface EndpointEvents {
  /** The event's `createdAt`. */
  us(event: number): number;
  id(event: number): string;
  type(event: number): EventType;
  /** The process that did it, and since when it runs. Microseconds. */
  process(event: number): EventProcess;
  siteId(event: number): string;
  accountId(event: number): string;
  /** The numbers `[from, to)` of the events with a time in [fromUs, toUs). */
  span(fromUs: number, toUs: number): { readonly from: number; readonly to: number };
  /** An event can be found some seconds after its time only. */
  isVisible(event: number, nowUs: number): boolean;
  /** As Deep Visibility answers it: the priority fields, or all of them. */
  deepVisibilityRecord(event: number, isVerbose: boolean): JsonObject;
  /** As the data lake answers it: dotted names, real types. */
  dataLakeRecord(event: number): JsonObject;
}

export interface EndpointEventsOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  /** Without hosts there are no events. */
  readonly hostCount: number;
  readonly perHour: number;
  /** So many events on top, once an hour and within one second; 1 for none. */
  readonly burst: number;
  readonly organisation: Organisation;
  readonly agents: Agents;
  /** True for a time whose events come later than usual. */
  readonly isLate: (us: number) => boolean;
}

/** The burst begins so long after each hour's begin, hours counted from the begin of the history. */
const burstAtUs = 17 * micros.minute;
const mostDelayUs = 20 * micros.second;
/** On top of the usual delay. */
const mostExtraDelayUs = 40 * micros.second;
/** Hosts that are kept in memory: a host's identity takes longer to make than an event's. */
const mostHosts = 10_000;

export function endpointEvents(options: EndpointEventsOptions): EndpointEvents {
  const { seed, hostCount, organisation, agents } = options;
  const startUs = options.epochUs - options.historyUs;
  const regular = hostCount === 0 ? 0 : options.perHour;
  const burst = regular === 0 || options.burst < 2 ? 0 : options.burst;
  const perHour = regular + burst;
  // An hour is a quiet stretch, the burst's second, and another quiet stretch; within each, every event has a slot.
  const early = Math.floor((regular * burstAtUs) / micros.hour);
  const lateAtUs = burstAtUs + micros.second;
  const hosts = new Map<number, AgentIdentity>();

  function us(event: number): number {
    const hour = Math.floor(event / perHour);
    const slot = event - hour * perHour;
    const offset = unit(seed, purpose.endpointEventTiming, event);
    const within = (fromUs: number, toUs: number, place: number, of: number) =>
      fromUs + Math.floor(((place + offset) / of) * (toUs - fromUs));
    const hourUs = startUs + hour * micros.hour;
    if (slot < early) return hourUs + within(0, burstAtUs, slot, early);
    if (slot >= early + burst)
      return hourUs + within(lateAtUs, micros.hour, slot - early - burst, regular - early);
    // What comes in a burst is stamped by the millisecond, so that several events have one time.
    const exactUs = within(burstAtUs, lateAtUs, slot - early, burst);
    return hourUs + exactUs - (exactUs % micros.millisecond);
  }

  /** How many events lie before this time. */
  function countBefore(beforeUs: number): number {
    if (perHour === 0 || beforeUs <= startUs) return 0;
    const hour = Math.floor((beforeUs - startUs) / micros.hour);
    let low = hour * perHour;
    let high = low + perHour;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (us(middle) < beforeUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const hostOf = (event: number) => hash(seed, purpose.endpointEventHost, event) % hostCount;

  function identity(host: number): AgentIdentity {
    const known = hosts.get(host);
    if (known !== undefined) return known;
    if (hosts.size >= mostHosts) hosts.clear();
    const made = agents.identity(host);
    hosts.set(host, made);
    return made;
  }

  function type(event: number): EventType {
    const draw = draws(seed, purpose.endpointEventType, event);
    return draw.pick(draw.pick(eventFamilies(identity(hostOf(event)).os.type)));
  }

  function delayUs(event: number): number {
    const usual = hash(seed, purpose.endpointEventDelay, event) % (mostDelayUs + 1);
    if (!options.isLate(us(event))) return usual;
    return usual + (hash(seed, purpose.endpointEventDelay, event, 1) % (mostExtraDelayUs + 1));
  }

  const id = (event: number) => recordId(us(event), event);
  function process(event: number): EventProcess {
    const draw = draws(seed, purpose.endpointEventProcess, event);
    return { pid: 4 + 4 * draw.below(8_000), startedUs: us(event) - 1_000 - draw.below(3 * micros.hour) };
  }

  const facts = (event: number): EventFacts => ({
    seed,
    event,
    id: id(event),
    us: us(event),
    type: type(event),
    process: process(event),
    host: identity(hostOf(event)),
  });

  return {
    us,
    id,
    type,
    process,
    siteId: (event) => organisation.homeOf(hostOf(event)).site.id,
    accountId: (event) => organisation.homeOf(hostOf(event)).site.account.id,
    span(fromUs, toUs) {
      const from = countBefore(fromUs);
      return { from, to: Math.max(from, countBefore(toUs)) };
    },
    isVisible: (event, nowUs) => us(event) + delayUs(event) <= nowUs,
    deepVisibilityRecord: (event, isVerbose) =>
      deepVisibilityRecord(endpointEventFields(facts(event)), isVerbose),
    dataLakeRecord: (event) => dataLakeRecord(endpointEventFields(facts(event)), us(event)),
  };
}
