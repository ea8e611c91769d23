import type { Clock } from '../ports.ts';

/** The real clock. */
export const systemClock: Clock = { now: Date.now };
