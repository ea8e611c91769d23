import type { Population } from './population.ts';
import type { NoteChange, NoteChanges } from './threat-note-changes.ts';

/** What an activity tells of: something of every day, by its number among those, or a change of a note. */
export type ActivityCause =
  | { readonly kind: 'everyday'; readonly number: number }
  | { readonly kind: 'note'; readonly change: NoteChange };

/** Activities of both causes, numbered in the order of their times. */
export interface ActivitySequence extends Population {
  /** Of a number that `countAt` has counted. */
  cause(index: number): ActivityCause;
}

export function activitySequence(everyday: Population, changes: NoteChanges): ActivitySequence {
  /** The numbers of the activities that tell of notes, in their order. */
  const places: number[] = [];

  function countAt(us: number): number {
    const changeCount = changes.countAt(us);
    // Of two activities at one time the one of every day comes first.
    for (let i = places.length; i < changeCount; i++) places.push(i + everyday.countAt(changes.at(i).us));
    return everyday.countAt(us) + changeCount;
  }

  function cause(index: number): ActivityCause {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((places[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return places[low] === index
      ? { kind: 'note', change: changes.at(low) }
      : { kind: 'everyday', number: index - low };
  }

  return {
    countAt,
    cause,
    leader: (index) => index,
    createdUs(index) {
      const found = cause(index);
      return found.kind === 'note' ? found.change.us : everyday.createdUs(found.number);
    },
  };
}
