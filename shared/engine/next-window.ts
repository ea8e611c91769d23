import type { Window } from './stream.ts';

const hourMs = 3_600_000;

/**
 * The window that follows `watermark`, or undefined when none is due yet. It ends `settleMs` before the present at the
 * latest, and at the hour, so that all its batches belong to one hour partition of the lake.
 * @param watermark epoch milliseconds, as `now`
 */
export function nextWindow(watermark: number, now: number, settleMs: number): Window | undefined {
  const endOfHour = (Math.floor(watermark / hourMs) + 1) * hourMs;
  const to = Math.min(endOfHour, now - settleMs);
  return to > watermark ? { from: watermark, to } : undefined;
}
