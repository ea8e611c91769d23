/** The middle value; of an even number the lower one of the two. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
  if (middle === undefined) throw new Error('There is no median of nothing.');
  return middle;
}

/** Rounded for printing. */
export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
