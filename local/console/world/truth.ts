import type { JsonObject } from '../../../shared/json.ts';
import { formatMicros, micros } from './micro-time.ts';
import type { RecordSet } from './record-set.ts';
import type { World } from './world.ts';

/** One revision of one record of a content type, and whether the console shows it. */
export interface TruthLine {
  readonly id: string;
  /** The time by which the record is read, and in whose hour it lies. ISO-8601, six fraction digits. */
  readonly time: string;
  /** True for what the console shows at the time asked for; what it showed before may have been gone before anybody could read it. */
  readonly current: boolean;
  /** True for what says that the record is gone: whoever has the record needs this too, and nobody else does. */
  readonly closes?: true;
  /** As the API answers it; of a child also the names of its parent that a collector must add. */
  readonly record: JsonObject;
}

/** Epoch milliseconds: what has a time in [fromMs, toMs), as the console knows it at `atMs`. */
export interface TruthSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly atMs: number;
}

/** Tells all that a console has ever shown of a content type in a span. */
export type TruthSource = (world: World, span: TruthSpan) => Iterable<TruthLine>;

/**
 * The revisions of a record set, oldest first. Revisions that at `atMs` had not happened yet are left out; ones that had
 * happened and are not visible yet are there, and not current.
 */
export function revisionsOf(recordsOf: (world: World) => RecordSet): TruthSource {
  return function* (world, { fromMs, toMs, atMs }) {
    const records = recordsOf(world);
    const shown = world.shown(records, atMs);
    const { revisions } = records.timeline;
    const rows = shown.rows({ fromUs: fromMs * micros.millisecond, toUs: toMs * micros.millisecond });
    for (let row = rows.from; row < rows.to; row++) {
      yield {
        id: records.id(revisions.record(row)),
        time: formatMicros(revisions.us(row)),
        current: shown.isShown(row),
        record: records.body(row),
      };
    }
  };
}

/**
 * For lists that are read whole now and then: the revisions with which a record was shown at some time in the span, also where
 * they are older than it. Oldest first.
 */
export function snapshotsOf(recordsOf: (world: World) => RecordSet): TruthSource {
  return function* (world, { fromMs, toMs, atMs }) {
    const records = recordsOf(world);
    const shown = world.shown(records, atMs);
    const { revisions } = records.timeline;
    const rows = shown.rows({ fromUs: Number.NEGATIVE_INFINITY, toUs: toMs * micros.millisecond });
    for (let row = rows.from; row < rows.to; row++) {
      const next = revisions.next(row);
      if (next >= 0 && revisions.us(next) < fromMs * micros.millisecond) continue;
      yield {
        id: records.id(revisions.record(row)),
        time: formatMicros(revisions.us(row)),
        current: shown.isShown(row),
        record: records.body(row),
      };
    }
  };
}
