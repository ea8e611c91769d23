/** Ids carry the millisecond of their making in the upper bits, counted from here, which makes them 18 or 19 digits long. */
const idEpochMs = Date.UTC(2011, 1, 1);
const counterBits = 22n;
const counterSize = 2 ** 22;

/**
 * A record's id: decimal digits, beyond 2^53, ascending with creation time and, within a millisecond, with the index.
 * @param createdUs microseconds
 * @param index tells records of one millisecond apart
 */
export function recordId(createdUs: number, index: number): string {
  const millis = BigInt(Math.floor(createdUs / 1_000) - idEpochMs);
  return String((millis << counterBits) + BigInt(index % counterSize));
}

/** The index of the record with this id, or -1. `idOf` must ascend numerically. */
export function findById(id: string, count: number, idOf: (index: number) => string): number {
  const wanted = BigInt(id);
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (BigInt(idOf(middle)) < wanted) low = middle + 1;
    else high = middle;
  }
  return low < count && idOf(low) === id ? low : -1;
}
