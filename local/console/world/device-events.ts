import type { Agents } from './agents.ts';
import { deviceEventBody } from './device-event-body.ts';
import { findById, recordId } from './ids.ts';
import { micros } from './micro-time.ts';
import type { Organisation } from './organisation.ts';
import { population } from './population.ts';
import { draws, hash, purpose } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { Timeline } from './timeline.ts';

export interface DeviceEventsOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  readonly count: number;
  readonly burst: number;
  readonly organisation: Organisation;
  readonly agents: Agents;
  readonly hostCount: number;
}

/** After the epoch somebody plugs something in every so often. */
const everyUs = 20 * micros.second;
/** An endpoint that was away hands its events in later than others. */
const lateOneIn = 5;
const mostDelayUs = 3 * micros.second;
const mostLateUs = 10 * micros.minute;

/** Devices that were connected to hosts. An event never changes; it is read by the endpoint's time, and some come late. */
export function deviceEvents(options: DeviceEventsOptions): RecordSet {
  const { seed, epochUs, historyUs, count, organisation, agents } = options;
  const hostCount = Math.max(1, options.hostCount);
  const events = population({
    seed,
    purpose: purpose.deviceEventTiming,
    count,
    startUs: epochUs - historyUs,
    endUs: epochUs,
    epochUs,
    newPerUs: count === 0 ? 0 : 1 / everyUs,
    burst: options.burst,
  });
  const timeline = new Timeline({
    epochUs,
    population: events,
    plannedUs: (record) => [events.createdUs(record)],
  });
  const hostNumber = (record: number) => hash(seed, purpose.deviceEventBody, record, 1) % hostCount;
  const home = (record: number) => organisation.homeOf(hostNumber(record));
  const id = (record: number) => recordId(events.createdUs(record), record);
  function delayUs(record: number): number {
    const draw = draws(seed, purpose.deviceEventBody, record, 2);
    return draw.below(draw.below(lateOneIn) === 0 ? mostLateUs : mostDelayUs);
  }
  return {
    timeline,
    id,
    delayUs,
    find: (wanted) => findById(wanted, timeline.recordCount, id),
    createdUs: events.createdUs,
    siteId: (record) => home(record).site.id,
    accountId: (record) => home(record).site.account.id,
    groupId: (record) => home(record).id,
    body(row) {
      const record = timeline.revisions.record(row);
      const us = events.createdUs(record);
      return deviceEventBody({
        seed,
        record,
        id: id(record),
        eventUs: us,
        receivedUs: us + delayUs(record),
        host: agents.identity(hostNumber(record)),
      });
    },
  };
}
