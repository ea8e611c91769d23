import { type Draws, draws } from '../../../local/console/world/random.ts';

/** What may go wrong, and how likely it is at each chance that it gets, where a seed has it in its plan. */
const likelihoods = {
  /** A worker or fan-out is killed at a call, which may have taken effect or may do so later. */
  kill: 0.03,
  /** It is paused, long enough for its lease to run out and to be taken for dead, and goes on then. */
  stall: 0.02,
  /** A call to AWS took effect, and its caller is told that it failed. */
  lostAnswer: 0.03,
  /** A call to AWS is made twice, because the SDK did not get the first answer. */
  repeatedCall: 0.06,
  /** A call to AWS arrives a second time, later, when its caller has long gone on. */
  lateCall: 0.04,
  /** A call to AWS fails without effect. */
  refusedCall: 0.02,
  loseMessage: 0.05,
  doubleMessage: 0.1,
  delayMessage: 0.1,
  dropTick: 0.1,
  doubleTick: 0.1,
  throttle: 0.06,
  /** A Retry-After of more than a queue can delay. */
  longThrottle: 0.01,
  unavailable: 0.04,
  cutBody: 0.04,
  /** An answer that takes half a minute. */
  slowAnswer: 0.02,
  refuseCursor: 0.1,
  tooLarge: 0.02,
  /** A page without records, and a cursor that leads on. */
  emptyPage: 0.1,
  /** A record of the console changes. */
  change: 0.25,
  /** A record appears. */
  add: 0.15,
  /** The clock of a worker or a fan-out is wrong by minutes. */
  clockShift: 0.3,
  /** It is set while it works. */
  clockJump: 0.02,
  /** Time passes without anything happening. */
  pause: 0.02,
} as const;

export type FaultKind = keyof typeof likelihoods;

export const faultKinds = Object.keys(likelihoods) as readonly FaultKind[];

/** A fault that happened: its number in the run, for leaving it out of another. */
export interface Strike<Kind extends string = FaultKind> {
  readonly number: number;
  readonly kind: Kind;
}

/** Decides what goes wrong. The same draws decide the same; strikes can be left out one by one to find out which matter. */
export class PlannedFaults<Kind extends string> {
  readonly struck: Strike<Kind>[] = [];
  private readonly random: Draws;
  private readonly rates = new Map<Kind, number>();
  private readonly without: ReadonlySet<number>;
  private number = 0;
  private isOver = false;

  /** @param likelihoodOf of each kind, at each chance that it gets, where it is planned at all */
  constructor(likelihoodOf: Readonly<Record<Kind, number>>, random: Draws, without: ReadonlySet<number>) {
    this.random = random;
    this.without = without;
    // Each seed has faults of its own: with all of them at once nothing would ever be far enough to be interesting.
    const share = this.random.pick([0, 0.15, 0.4, 0.7]);
    for (const kind of Object.keys(likelihoodOf) as Kind[]) {
      const isPlanned = this.random.chance(share);
      const rate = Math.min(0.5, likelihoodOf[kind] * this.random.pick([0.5, 1, 3]));
      if (isPlanned) this.rates.set(kind, rate);
    }
  }

  /** True when it happens now. */
  strikes(kind: Kind): boolean {
    const rate = this.rates.get(kind);
    if (rate === undefined || this.isOver || !this.random.chance(rate)) return false;
    this.number += 1;
    if (this.without.has(this.number)) return false;
    this.struck.push({ number: this.number, kind });
    return true;
  }

  /** From now on nothing goes wrong any more. */
  end(): void {
    this.isOver = true;
  }
}

/** What goes wrong while data is collected. */
export class Faults extends PlannedFaults<FaultKind> {
  constructor(seed: number, without: ReadonlySet<number>) {
    super(likelihoods, draws(seed, 1, 0), without);
  }
}
