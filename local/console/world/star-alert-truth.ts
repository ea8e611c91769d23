import { formatMicros, micros } from './micro-time.ts';
import type { StarAlerts } from './star-alerts.ts';
import type { TruthLine, TruthSource, TruthSpan } from './truth.ts';
import type { World } from './world.ts';

/**
 * The alerts that were reported in the span, each in all states that it has had: which of them a collector meets depends on
 * when it reads. In the order of their reports.
 */
export const starAlertTruth: TruthSource = function* (world, span) {
  const alerts = world.starAlerts(span.atMs * micros.millisecond);
  const { revisions } = alerts.timeline;
  const shown = world.shown(alerts, span.atMs);
  const rows = shown.rows({ fromUs: span.fromMs * micros.millisecond, toUs: span.toMs * micros.millisecond });
  for (let row = rows.from; row < rows.to; row++) {
    for (const { isLast, record } of statesOf(world, alerts, row)) {
      yield {
        id: alerts.id(revisions.record(row)),
        time: formatMicros(revisions.us(row)),
        current: isLast && shown.isShown(row),
        record,
      };
    }
  }
};

/** The states that alerts got in the span, that of the report among them, each with the time since when it has been so. */
export const starAlertChangeTruth: TruthSource = function* (world, span) {
  const lines = [...changesOf(world, span)];
  // The texts sort like the times.
  yield* lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
};

function* changesOf(world: World, { fromMs, toMs, atMs }: TruthSpan): Generator<TruthLine> {
  const alerts = world.starAlerts(atMs * micros.millisecond);
  const { revisions } = alerts.timeline;
  const shown = world.shown(alerts, atMs);
  const rows = shown.rows({ fromUs: Number.NEGATIVE_INFINITY, toUs: toMs * micros.millisecond });
  for (let row = rows.from; row < rows.to; row++) {
    for (const { sinceUs, isLast, record } of statesOf(world, alerts, row)) {
      if (sinceUs < fromMs * micros.millisecond || sinceUs >= toMs * micros.millisecond) continue;
      yield {
        id: alerts.id(revisions.record(row)),
        time: formatMicros(sinceUs),
        current: isLast && shown.isShown(row),
        record,
      };
    }
  }
}

function statesOf(world: World, alerts: StarAlerts, row: number) {
  const states = alerts.statesUntilNow(alerts.timeline.revisions.record(row));
  return states.map(({ sinceUs }, index) => ({
    sinceUs,
    isLast: index === states.length - 1,
    record: world.starAlerts(sinceUs).body(row),
  }));
}
