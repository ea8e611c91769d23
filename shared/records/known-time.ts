/** Nothing that the console tells of happened before this, and what is later is nobody's plan. */
const earliest = Date.UTC(1981, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/**
 * The time, or undefined where it is none: fields that were never filled hold the beginning of somebody's calendar (1601, 1970,
 * 1980) or a year that is far off. Epoch milliseconds.
 */
export function knownTime(time: number | undefined): number | undefined {
  return time !== undefined && time >= earliest && time < latest ? time : undefined;
}
