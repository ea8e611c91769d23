import type { Population } from './population.ts';
import { hash, unit } from './random.ts';

/** Changes of records picked by chance, one in every slot of time after the epoch. */
export interface TouchPlan {
  readonly seed: number;
  /** Draws for the ordinary changes and for those of the mutation profile. */
  readonly purpose: number;
  readonly mutationPurpose: number;
  /** Microseconds between two ordinary changes. */
  readonly everyUs: number;
}

/** A time span in which records change fast, in microseconds, `from` inclusive. */
export interface MutationSpan {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface Touch {
  readonly us: number;
  readonly record: number;
}

/** Five changes a second: more than a walk of ten pages a second can ignore, and few enough for a week of them. */
const mutationEveryUs = 200_000;

/** One time in ten ends in three zeros, as it does where a console rounds to milliseconds. */
const roundOneIn = 10;

/** The touches in (afterUs, untilUs]: the same ones whichever way a longer span is cut. */
export function* touchesBetween(
  plan: TouchPlan,
  population: Population,
  epochUs: number,
  mutation: readonly MutationSpan[],
  afterUs: number,
  untilUs: number,
): Generator<Touch> {
  const within = { fromUs: afterUs, toUs: untilUs };
  yield* slots(plan.seed, plan.purpose, plan.everyUs, population, epochUs, within);
  for (const span of mutation) {
    const cut = { fromUs: Math.max(span.fromUs, afterUs), toUs: Math.min(span.toUs, untilUs) };
    yield* slots(plan.seed, plan.mutationPurpose, mutationEveryUs, population, epochUs, cut);
  }
}

function* slots(
  seed: number,
  purpose: number,
  everyUs: number,
  population: Population,
  epochUs: number,
  within: MutationSpan,
): Generator<Touch> {
  const first = Math.max(0, Math.floor((within.fromUs - epochUs) / everyUs));
  for (let slot = first; epochUs + slot * everyUs <= within.toUs; slot++) {
    const exact = epochUs + slot * everyUs + Math.floor(unit(seed, purpose, slot, 1) * everyUs);
    const us = hash(seed, purpose, slot, 2) % roundOneIn === 0 ? exact - (exact % 1_000) : exact;
    if (us <= within.fromUs || us > within.toUs || us <= epochUs) continue;
    const known = population.countAt(us);
    if (known > 0) yield { us, record: hash(seed, purpose, slot, 3) % known };
  }
}
