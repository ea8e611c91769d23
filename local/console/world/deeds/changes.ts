interface Change<T> {
  readonly us: number;
  readonly value: T;
}

/**
 * What deeds made of the records of one kind: of each of them what holds from when on, in microseconds. It is empty, and costs
 * nothing, in a world in which nobody does anything.
 */
export class Changes<T> {
  readonly #of = new Map<number, Change<T>[]>();

  /** Times of one record never descend. Of two changes at one time the later one counts. */
  add(record: number, us: number, value: T): void {
    const own = this.#of.get(record) ?? [];
    if (own.at(-1)?.us === us) own.pop();
    own.push({ us, value });
    this.#of.set(record, own);
  }

  /** What holds at this time; undefined where nobody had done anything yet. */
  at(record: number, us: number): T | undefined {
    return this.#of.get(record)?.findLast((change) => change.us <= us)?.value;
  }

  /** All that ever held, oldest first. */
  of(record: number): readonly T[] {
    return this.#of.get(record)?.map(({ value }) => value) ?? [];
  }
}
