import type { Population } from './population.ts';

/** Things in the order of their times, numbered from 0. */
export interface Happenings {
  /** How many there are by this time, microseconds. */
  countAt(us: number): number;
  /** One of those that `countAt` has counted. */
  at(index: number): { readonly us: number };
}

/** Where an activity of a sequence comes from, with its number there. */
export interface ActivityCause {
  readonly from: 'usual' | 'other';
  readonly number: number;
}

/** Activities of two sources, numbered in the order of their times. */
export interface ActivitySequence extends Population {
  /** Of a number that `countAt` has counted. */
  cause(index: number): ActivityCause;
}

/** Other activities between the usual ones. What comes later in either of them changes no number of what came before. */
export function activitySequence(usual: Population, other: Happenings): ActivitySequence {
  /** The numbers of the other activities, in their order. */
  const places: number[] = [];

  function countAt(us: number): number {
    const otherCount = other.countAt(us);
    // Of two activities at one time the usual one comes first.
    for (let i = places.length; i < otherCount; i++) places.push(i + usual.countAt(other.at(i).us));
    return usual.countAt(us) + otherCount;
  }

  function cause(index: number): ActivityCause {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((places[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return places[low] === index ? { from: 'other', number: low } : { from: 'usual', number: index - low };
  }

  return {
    countAt,
    cause,
    leader: (index) => index,
    createdUs(index) {
      const { from, number } = cause(index);
      return from === 'other' ? other.at(number).us : usual.createdUs(number);
    },
  };
}
