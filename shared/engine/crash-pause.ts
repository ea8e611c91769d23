const firstPauseMs = 60_000;
const longestPauseMs = 3_600_000;

/**
 * How long a stream rests whose worker crashed, milliseconds: a minute, and twice as long with each failure in a row.
 * @param failures in a row, this one included: 1 or more
 */
export function crashPauseMs(failures: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 10));
}
