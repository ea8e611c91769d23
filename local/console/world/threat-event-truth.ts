import { formatMicros, micros } from './micro-time.ts';
import type { TruthLine, TruthSource } from './truth.ts';

/**
 * The events of the threats that changed in the span, each with the name of its threat. They are read with their threat's
 * revision, whose time is theirs, so with every revision they are told anew. They are current as long as the console shows them
 * with the threat's revision of the span: not once the threat has changed later, when whoever walks the span no longer meets
 * it, and not once it was deleted, when they cannot be read any more.
 */
export const threatEventTruth: TruthSource = function* (world, { fromMs, toMs, atMs }) {
  const { threats, threatEvents } = world;
  const { revisions } = threats.timeline;
  const shown = world.shown(threats, atMs);
  const { from, to } = shown.rows({ fromUs: fromMs * micros.millisecond, toUs: toMs * micros.millisecond });
  for (let row = from; row < to; row++) {
    const next = revisions.next(row);
    const isLast = next < 0 || next >= to;
    // What is visible late hides behind the last one.
    if (isLast) yield* eventsOf(row);
  }

  function* eventsOf(last: number): Generator<TruthLine> {
    const threat = revisions.record(last);
    const now = shown.rowOf(threat);
    const story = threatEvents.story(last);
    const isReadable = threatEvents.goneUs(threat) > atMs * micros.millisecond && now >= from && now < to;
    const readable = now === last ? story : threatEvents.story(Math.max(now, 0));
    for (let place = 0; place < story.count; place++) {
      const event = story.event(place);
      const current = isReadable && readable.has(event);
      yield {
        id: `${threats.id(threat)}:${threatEvents.id(event)}`,
        time: formatMicros(revisions.us(current ? now : last)),
        current,
        record: { threatId: threats.id(threat), ...story.record(event) },
      };
    }
  }
};
