/** Does work now, or when it is its turn. Resolves and rejects as the work does. */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many work at once; whoever comes later waits, in the order of coming. */
export function turns(atOnce: number): TakeTurn {
  let working = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (working === atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else working += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place is handed on, so that nobody who comes in between takes it.
      if (next === undefined) working -= 1;
      else next();
    }
  };
}
