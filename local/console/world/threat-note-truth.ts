import { formatMicros, micros } from './micro-time.ts';
import type { RecordSet } from './record-set.ts';
import type { NoteChange } from './threat-note-changes.ts';
import type { TruthLine, TruthSource, TruthSpan } from './truth.ts';
import type { World } from './world.ts';

/**
 * The notes that were there at some time in the span, in all their revisions, each with the time of the activity that announced
 * it and the id of its threat; threat by threat. Of a deleted note there is another line: with the time of that announcement,
 * and in the record the time of the one that made a collector look, of which there are as many lines as there can be.
 */
export const threatNoteTruth: TruthSource = function* (world, span) {
  const { threats } = world;
  const shown = world.shown(threats, span.atMs);
  const untilUs = Math.min(span.toMs * micros.millisecond - 1, span.atMs * micros.millisecond);
  const count = threats.countAt(untilUs);
  for (let threat = 0; threat < count; threat++) {
    const changes = world.threatNotes.changes.ofThreat(threat).filter(({ us }) => us <= untilUs);
    if (changes.length > 0) yield* linesOf(world, { threat, changes, isGone: shown.rowOf(threat) < 0 }, span);
  }
};

/** What was announced of a threat's notes. */
interface NotedThreat {
  readonly threat: number;
  readonly changes: readonly NoteChange[];
  /** The notes of a threat that is gone can be read no more. */
  readonly isGone: boolean;
}

function* linesOf(
  world: World,
  { threat, changes, isGone }: NotedThreat,
  { fromMs, atMs }: TruthSpan,
): Generator<TruthLine> {
  const fromUs = fromMs * micros.millisecond;
  const threatId = world.threats.id(threat);
  const notes = world.threatNotes.of(threat);
  const shown = world.shown(notes, atMs);
  for (const change of changes) {
    const own = changes.filter(({ note }) => note === change.note);
    const next = own.find(({ us }) => us > change.us);
    if (next !== undefined && next.us < fromUs) continue;
    const common = { id: notes.id(change.note), time: formatMicros(change.us) };
    if (change.kind === 'deleted') {
      const addedUs = own[0]?.us ?? fromUs;
      for (const { us } of changes.filter((looked) => looked.us > addedUs && looked.us >= fromUs)) {
        const record = { threatId, id: common.id, deletedAt: formatMicros(us) };
        yield { ...common, current: false, ...(isGone ? {} : { closes: true as const }), record };
      }
    } else {
      const row = rowOf(notes, change);
      const current = !isGone && shown.isShown(row);
      yield { ...common, current, record: { threatId, ...notes.body(row) } };
    }
  }
}

/** The row of the revision that the change made. */
function rowOf({ timeline: { revisions } }: RecordSet, { note, edits }: NoteChange): number {
  let row = revisions.first(note);
  while (row >= 0 && revisions.step(row) < edits) row = revisions.next(row);
  return row;
}
