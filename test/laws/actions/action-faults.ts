import { draws } from '../../../local/console/world/random.ts';
import { PlannedFaults } from '../simulation/faults.ts';

/** What may go wrong with response actions, and how likely it is at each chance that it gets, where a seed has it in its plan. */
const likelihoods = {
  /** As in test/laws/simulation/faults.ts. */
  kill: 0.02,
  /** A worker or an API call stands still for up to its function's timeout, and goes on if it still lives then. */
  stall: 0.02,
  lostAnswer: 0.03,
  repeatedCall: 0.06,
  lateCall: 0.04,
  refusedCall: 0.02,
  clockJump: 0.01,
  loseMessage: 0.1,
  doubleMessage: 0.1,
  delayMessage: 0.1,
  dropTick: 0.1,
  doubleTick: 0.1,
  /** The clock of an actor is wrong by seconds. */
  clockShift: 0.3,
  /** An answer that takes half a minute. */
  slowAnswer: 0.03,
  /** A list of the console fails. */
  listFails: 0.06,
  throttle: 0.06,
  /** A command does not reach the console. */
  lostCommand: 0.25,
  /** The console has taken a command, and its answer is lost. */
  lostResult: 0.35,
  /** A command reaches the console up to a minute later than its failure says. */
  lateCommand: 0.15,
  /** The console says no to a command. */
  refusedCommand: 0.06,
  /** The webhook or the event bus does not take an event. */
  deafReceiver: 0.15,
  /** The same request is made twice at once, or again after a while. */
  doubleRequest: 0.4,
  /** Time passes without anything happening. */
  pause: 0.01,
} as const;

export type ActionFault = keyof typeof likelihoods;

export const actionFaults = Object.keys(likelihoods) as readonly ActionFault[];

/** What goes wrong in a seed. */
export class ActionFaults extends PlannedFaults<ActionFault> {
  constructor(seed: number, without: ReadonlySet<number>) {
    super(likelihoods, draws(seed, 301, 0), without);
  }
}
