import { micros } from './micro-time.ts';
import { hash, purpose } from './random.ts';
import type { NotePlan } from './threat-note-plan.ts';
import type { Threats } from './threats.ts';

/** Something that happened to a note, as the console announces it. */
export interface NoteChange {
  readonly kind: 'added' | 'updated' | 'deleted';
  /** The threat's number. */
  readonly threat: number;
  /** The note's number within its threat. */
  readonly note: number;
  /** How often the note had been edited then. */
  readonly edits: number;
  /** When it is announced, microseconds: shortly after it happened. */
  readonly us: number;
}

/** The changes of all notes in the order of their announcements, numbered from 0. */
export interface NoteChanges {
  /** How many are announced by this time, microseconds. */
  countAt(us: number): number;
  /** One of those that `countAt` has counted. */
  at(index: number): NoteChange;
  /** All changes of the notes of a threat in the order of their announcements, also those of the future. */
  ofThreat(threat: number): readonly NoteChange[];
}

export interface NoteChangesOptions {
  readonly seed: number;
  readonly threats: Pick<Threats, 'countAt'>;
  readonly planOf: (threat: number) => readonly NotePlan[];
}

/** Found in steps of this size: no change is announced before its threat exists. */
const stepUs = micros.hour;
const leastDelayUs = 2 * micros.millisecond;
const mostDelayUs = 300 * micros.millisecond;

export function noteChanges({ seed, threats, planOf }: NoteChangesOptions): NoteChanges {
  const known: NoteChange[] = [];
  /** Of known threats, and announced behind the horizon. */
  let later: NoteChange[] = [];
  let knownThreats = 0;
  let horizonUs = Number.NEGATIVE_INFINITY;

  function ofThreat(threat: number): readonly NoteChange[] {
    const changes = planOf(threat).flatMap((plan, note) =>
      changesOf(plan).map((change) => ({ ...change, note })),
    );
    return changes
      .map(({ us, ...change }, index) => {
        const delayUs = leastDelayUs + (hash(seed, purpose.threatNotes, threat, 2 + index) % mostDelayUs);
        return { ...change, threat, us: us + delayUs };
      })
      .sort(inOrder);
  }

  function advance(us: number): void {
    if (us <= horizonUs) return;
    horizonUs = Math.ceil(us / stepUs) * stepUs;
    const threatCount = threats.countAt(horizonUs);
    for (; knownThreats < threatCount; knownThreats++) later.push(...ofThreat(knownThreats));
    // One by one: the arguments of one call are bounded, and a history has any number of changes.
    for (const change of later.filter(({ us: atUs }) => atUs <= horizonUs).sort(inOrder)) known.push(change);
    later = later.filter((change) => change.us > horizonUs);
  }

  function countAt(us: number): number {
    advance(us);
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at(middle).us <= us) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function at(index: number): NoteChange {
    const change = known[index];
    if (change === undefined) throw new Error(`There is no change number ${index} of a note.`);
    return change;
  }

  return { countAt, at, ofThreat };
}

function changesOf({ createdUs, editedUs, deletedUs }: NotePlan) {
  return [
    { kind: 'added' as const, edits: 0, us: createdUs },
    ...editedUs.map((us, index) => ({ kind: 'updated' as const, edits: index + 1, us })),
    ...(deletedUs === Number.POSITIVE_INFINITY
      ? []
      : [{ kind: 'deleted' as const, edits: editedUs.length, us: deletedUs }]),
  ];
}

function inOrder(a: NoteChange, b: NoteChange): number {
  return a.us - b.us || a.threat - b.threat || a.note - b.note || a.edits - b.edits;
}
