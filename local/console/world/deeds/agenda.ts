/** What is still to happen, in the order of its times. */
export interface Agenda {
  /** @param us when it happens, microseconds; in the past for at once, with the next `runUntil` */
  add(us: number, happen: (us: number) => void): void;
  /** Lets everything happen up to and with this time, also what is added on the way. */
  runUntil(us: number): void;
}

interface Entry {
  readonly us: number;
  readonly happen: (us: number) => void;
}

/** An agenda that moves only when it is told to. Of two things at one time the one that was added first happens first. */
export function agenda(): Agenda {
  const entries: Entry[] = [];
  return {
    add(us, happen) {
      const later = entries.findIndex((entry) => entry.us > us);
      entries.splice(later < 0 ? entries.length : later, 0, { us, happen });
    },
    runUntil(us) {
      for (let next = entries[0]; next !== undefined && next.us <= us; next = entries[0]) {
        entries.shift();
        next.happen(next.us);
      }
    },
  };
}
