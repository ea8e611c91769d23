import type { User } from './user.ts';

/** A note that a user wrote through the API. Times in microseconds. */
export interface WrittenNote {
  readonly createdUs: number;
  /** When the activity that tells of it appears. */
  readonly announcedUs: number;
  readonly text: string;
  readonly user: User;
}

/** The notes that users wrote, by the numbers of their threats. */
export interface WrittenNotes {
  /** In the order of their creation. */
  of(threat: number): readonly WrittenNote[];
  add(threat: number, note: WrittenNote): void;
}

export function writtenNotes(): WrittenNotes {
  const notes = new Map<number, WrittenNote[]>();
  return {
    of: (threat) => notes.get(threat) ?? [],
    add(threat, note) {
      const own = notes.get(threat) ?? [];
      // Two notes of one moment are still one after the other.
      const lastUs = own.at(-1)?.createdUs ?? Number.NEGATIVE_INFINITY;
      own.push({ ...note, createdUs: Math.max(note.createdUs, lastUs + 1) });
      notes.set(threat, own);
    },
  };
}
