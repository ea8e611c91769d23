import type { JsonObject } from '../../../shared/json.ts';
import type { EndpointEvents } from './endpoint-events.ts';
import { formatMicros, micros } from './micro-time.ts';
import type { TruthSource } from './truth.ts';

/**
 * The events of a span, oldest first. Events that at `atMs` had not happened yet are left out; ones that had happened
 * and cannot be found yet are there, and not current.
 */
function eventsAs(record: (events: EndpointEvents, event: number) => JsonObject): TruthSource {
  return function* ({ endpointEvents: events }, { fromMs, toMs, atMs }) {
    const atUs = atMs * micros.millisecond;
    const { from, to } = events.span(
      fromMs * micros.millisecond,
      Math.min(toMs * micros.millisecond, atUs + 1),
    );
    for (let event = from; event < to; event++) {
      yield {
        id: events.id(event),
        time: formatMicros(events.us(event)),
        current: events.isVisible(event, atUs),
        record: record(events, event),
      };
    }
  };
}

/** As a query that is not verbose answers them. */
export const deepVisibilityTruth = eventsAs((events, event) => events.deepVisibilityRecord(event, false));

/** `timestamp` and the values of a row of the data lake in one object. */
export const dataLakeTruth = eventsAs((events, event) => events.dataLakeRecord(event));
