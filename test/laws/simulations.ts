import { ActionTally } from './actions/action-tally.ts';
import { runActionSeed } from './actions/run-action-seed.ts';
import { RequestTally } from './requests/request-tally.ts';
import { runRequestSeed } from './requests/run-request-seed.ts';
import { runSeed } from './simulation/run-seed.ts';
import { Tally } from './simulation/tally.ts';
import type { Violation } from './simulation/violation.ts';

/** What every simulation tells of a run. */
interface SimulationRun {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly strikes: readonly { readonly number: number; readonly kind: string }[];
  readonly steps: number;
  readonly trace: readonly string[];
}

/** A simulation that `npm run test:laws` runs. */
interface Simulation {
  run(
    seed: number,
    options?: { readonly without?: ReadonlySet<number>; readonly isTraced?: boolean },
  ): Promise<SimulationRun>;
  /** Adds the runs up that `run` has given, without their traces. */
  tally(): { readonly runs: number; add(run: never): void; summary(): object };
  /** How many seeds are run where nobody says how many. */
  readonly seeds: number;
  /** What its strikes are, for people. */
  readonly strikes: 'faults' | 'requests';
  /** What is said where no law was broken. */
  readonly allWell: string;
}

export const simulationNames = ['collection', 'actions', 'requests'] as const;
export type SimulationName = (typeof simulationNames)[number];

export const simulations: Readonly<Record<SimulationName, Simulation>> = {
  collection: {
    run: runSeed,
    tally: () => new Tally(),
    seeds: 10_000,
    strikes: 'faults',
    allWell: '0 lost, 0 doubled, 0 laws broken',
  },
  actions: {
    run: runActionSeed,
    tally: () => new ActionTally(),
    seeds: 10_000,
    strikes: 'faults',
    allWell: '0 executed twice, 0 forgotten, 0 laws broken',
  },
  // A hundred requests each.
  requests: {
    run: runRequestSeed,
    tally: () => new RequestTally(),
    seeds: 1_000,
    strikes: 'requests',
    allWell: '0 calls without ids, 0 ids that were not asked for, 0 laws broken',
  },
};
