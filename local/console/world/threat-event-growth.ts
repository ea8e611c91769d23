import { hash, purpose, unit } from './random.ts';
import type { Revisions } from './revisions.ts';

/** How many events a threat's story has got with one of its revisions. */
export interface Arrival {
  /** The revision's time, microseconds: the threat's `updatedAt` moves when events are added. */
  readonly us: number;
  /** Events of the story up to and with this revision. */
  readonly total: number;
}

/** Some threats have no events, and a few have a long story. */
const noneShare = 0.12;
const longOneIn = 500;
const leastLong = 100;
const mostLong = 250;
/** What the other threats have at most, so that the mean is what was asked for. */
const mostUsual = 1.48;
/** The share of a story that is not there yet with a planned revision, of what was not there with the one before. */
const delays = [0, 0.3, 0.7] as const;

/**
 * The growth of a threat's story up to a row, its first revision first.
 * @param perThreat events per threat, in the mean
 */
export function arrivals(
  revisions: Revisions,
  seed: number,
  perThreat: number,
  row: number,
): readonly Arrival[] {
  const threat = revisions.record(row);
  const planned = plannedEvents(seed, perThreat, threat);
  const missing = delays[hash(seed, purpose.threatEventPlan, threat, 3) % delays.length] ?? 0;
  const found: Arrival[] = [];
  let touched = 0;
  let touches = 0;
  for (let at = revisions.first(threat); at >= 0 && at <= row; at = revisions.next(at)) {
    for (; touches < revisions.touches(at); touches++)
      touched += touchEvents(seed, perThreat, threat, touches);
    const share = 1 - missing ** (revisions.step(at) + 1);
    found.push({ us: revisions.us(at), total: Math.floor(planned * share) + touched });
  }
  return found;
}

/** How many events a threat has in the end, as far as nothing touches it. */
function plannedEvents(seed: number, perThreat: number, threat: number): number {
  const isLong = hash(seed, purpose.threatEventPlan, threat, 0) % longOneIn === 0;
  const size = unit(seed, purpose.threatEventPlan, threat, 1);
  if (isLong) return Math.round(perThreat * (leastLong + size * (mostLong - leastLong)));
  if (unit(seed, purpose.threatEventPlan, threat, 2) < noneShare) return 0;
  return Math.round(perThreat * mostUsual * size);
}

/** Every second touch adds some events. */
function touchEvents(seed: number, perThreat: number, threat: number, touch: number): number {
  const bits = hash(seed, purpose.threatEventPlan, threat, 8 + touch);
  if (perThreat === 0 || bits % 2 === 0) return 0;
  return 1 + ((bits >>> 1) % Math.max(1, Math.floor(perThreat / 4)));
}
