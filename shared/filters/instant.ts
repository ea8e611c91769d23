import { parseConsoleTime } from '../sentinelone/console-time.ts';

/** A point in time, to the nanosecond. */
export interface Instant {
  /** Since 1970, whole, rounded down. */
  readonly seconds: number;
  /** Of that second, 0 to 999,999,999. */
  readonly nanoseconds: number;
}

const date = /^\d{4}-\d\d-\d\d$/;
const fraction = /\.(\d{1,9})(?:Z|[+-]\d\d:?\d\d)$/;

/** The instant that an ISO-8601 text with a zone names, or the UTC midnight of a date; undefined where it is neither. */
export function parseInstant(text: string): Instant | undefined {
  const time = date.test(text) ? Date.parse(text) : (parseConsoleTime(text) ?? Number.NaN);
  if (Number.isNaN(time)) return undefined;
  const digits = fraction.exec(text)?.[1] ?? '';
  return { seconds: Math.floor(time / 1_000), nanoseconds: Number(digits.padEnd(9, '0')) };
}

/** Below 0 where `a` is before `b`, 0 where they are the same, above 0 where it is after. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds;
}
