import type { JsonObject } from '../../../shared/json.ts';
import { formatMicros, micros } from './micro-time.ts';
import type { RecordType, World } from './world.ts';

/** One revision of one record, and whether the console shows it. */
export interface TruthLine {
  readonly id: string;
  /** The time by which the record is read: `updatedAt`, and `createdAt` of activities. Six fraction digits. */
  readonly updatedAt: string;
  /** True for the revision that the console shows at the time asked for; at most one per record. */
  readonly current: boolean;
  readonly record: JsonObject;
}

/**
 * The revisions with a time in [fromMs, toMs), oldest first. Revisions that at `atMs` had not happened yet are left out;
 * ones that had happened and are not visible yet are there, and not current.
 */
export function* truth(
  world: World,
  type: RecordType,
  fromMs: number,
  toMs: number,
  atMs: number,
): Generator<TruthLine> {
  const records = world[type];
  const shown = world.shown(records, atMs);
  const { revisions } = records.timeline;
  const rows = shown.rows({ fromUs: fromMs * micros.millisecond, toUs: toMs * micros.millisecond });
  for (let row = rows.from; row < rows.to; row++) {
    yield {
      id: records.id(revisions.record(row)),
      updatedAt: formatMicros(revisions.us(row)),
      current: shown.isShown(row),
      record: records.body(row),
    };
  }
}
