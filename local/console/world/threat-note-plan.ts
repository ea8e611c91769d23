import { micros } from './micro-time.ts';
import { type Draws, draws, hash, purpose } from './random.ts';

/** The life of a note. Times in microseconds. */
export interface NotePlan {
  readonly createdUs: number;
  /** Strictly ascending, all of them after the creation. */
  readonly editedUs: readonly number[];
  /** Infinity where it stays. */
  readonly deletedUs: number;
}

/** What a note's life depends on. Times in microseconds. */
export interface NotedThreat {
  readonly record: number;
  readonly createdUs: number;
  /** When the threat is deleted, and its notes with it; infinity for most. */
  readonly goneUs: number;
}

/** One threat in so many has notes: few, as in real consoles. Of those that are deleted every other one has. */
const notedOneIn = 12;
const notedOfDeletedOneIn = 2;
/** So many notes have the threats that everybody has an opinion on, so that their lists have several pages. */
const mostNotes = 25;

/** True for a threat that has notes at some time. */
export function isNoted(seed: number, { record, goneUs }: NotedThreat): boolean {
  const oneIn = goneUs === Number.POSITIVE_INFINITY ? notedOneIn : notedOfDeletedOneIn;
  return hash(seed, purpose.threatNotes, record) % oneIn === 0;
}

/**
 * The notes of a threat in the order of their creation, also those of the future. They are written and changed over a
 * quarter of the history's length, more of them at its begin.
 */
export function planNotes(seed: number, threat: NotedThreat, historyUs: number): readonly NotePlan[] {
  if (!isNoted(seed, threat)) return [];
  const draw = draws(seed, purpose.threatNotes, threat.record, 1);
  const notes: NotePlan[] = [];
  let us = threat.createdUs + 5 * micros.second;
  for (let left = draw.chance(0.05) ? mostNotes : 1 + draw.below(3); left > 0; left--) {
    us = later(draw, us, historyUs / 4);
    notes.push(planNote(draw, us, historyUs / 4));
  }
  return threat.goneUs === Number.POSITIVE_INFINITY ? notes : cutOff(draw, notes, threat);
}

function planNote(draw: Draws, createdUs: number, spanUs: number): NotePlan {
  const editedUs: number[] = [];
  let us = createdUs;
  for (let left = draw.chance(0.5) ? 0 : 1 + draw.below(3); left > 0; left--) {
    us = later(draw, us, spanUs);
    editedUs.push(us);
  }
  return {
    createdUs,
    editedUs,
    deletedUs: draw.chance(0.25) ? later(draw, us, spanUs) : Number.POSITIVE_INFINITY,
  };
}

function later(draw: Draws, us: number, spanUs: number): number {
  const exact = us + micros.second + Math.floor(draw.next() ** 2 * spanUs);
  return draw.chance(0.1) ? exact - (exact % micros.millisecond) : exact;
}

/**
 * Nothing happens to the notes of a threat after it was deleted, and nothing announces that they went with it. The last one
 * was written less than a minute before: whoever follows its announcement finds no threat any more.
 */
function cutOff(
  draw: Draws,
  notes: readonly NotePlan[],
  { createdUs, goneUs }: NotedThreat,
): readonly NotePlan[] {
  const lastUs = Math.max(createdUs + 1, goneUs - 5 * micros.second - draw.below(50 * micros.second));
  const before = notes
    .filter((note) => note.createdUs < lastUs)
    .map((note) => ({
      createdUs: note.createdUs,
      editedUs: note.editedUs.filter((us) => us < goneUs),
      deletedUs: note.deletedUs < goneUs ? note.deletedUs : Number.POSITIVE_INFINITY,
    }));
  return [...before, { createdUs: lastUs, editedUs: [], deletedUs: Number.POSITIVE_INFINITY }];
}
