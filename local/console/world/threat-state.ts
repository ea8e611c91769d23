import type { Mitigation } from './deeds/mitigation.ts';
import { micros } from './micro-time.ts';
import { draws, purpose } from './random.ts';

/** What can happen to a threat after its detection. */
export type ThreatStep =
  | 'detected'
  | 'mitigated'
  | 'enriched'
  | 'judged'
  | 'picked up'
  | 'ticketed'
  | 'resolved'
  | 'reopened';

export interface PlannedStep {
  readonly step: ThreatStep;
  /** Microseconds. */
  readonly us: number;
}

/** What differs between the revisions of a threat. */
export interface ThreatState {
  /** Microseconds, undefined before the agent's report came in. */
  readonly mitigatedUs: number | undefined;
  readonly isEnriched: boolean;
  readonly analystVerdict: 'undefined' | 'true_positive' | 'false_positive' | 'suspicious';
  readonly incidentStatus: 'unresolved' | 'in_progress' | 'resolved';
  readonly hasTicket: boolean;
  /** What users asked for, one of every action, besides what the agent did by itself; absent where nobody asked. */
  readonly mitigations?: readonly Mitigation[];
}

export const incidentStatuses = ['unresolved', 'in_progress', 'resolved'] as const;
export const analystVerdicts = ['undefined', 'true_positive', 'false_positive', 'suspicious'] as const;

/** How likely each later step is, and after how much of the analysts' time at most. */
const analystSteps: readonly {
  readonly step: ThreatStep;
  readonly probability: number;
  readonly share: number;
}[] = [
  { step: 'picked up', probability: 0.6, share: 0.2 },
  { step: 'judged', probability: 0.6, share: 0.5 },
  { step: 'ticketed', probability: 0.3, share: 0.2 },
  { step: 'resolved', probability: 0.6, share: 1 },
  { step: 'reopened', probability: 0.1, share: 1 },
];

/** Analysts need up to six hours, less where the whole history is short. */
const analystUs = 6 * micros.hour;

/**
 * A threat's life: its steps with strictly ascending times.
 * @param leader the threat whose times are shared
 * @param createdUs microseconds; the first step is a few milliseconds earlier for some, as in real consoles
 */
export function planThreat(
  seed: number,
  leader: number,
  createdUs: number,
  historyUs: number,
): readonly PlannedStep[] {
  const draw = draws(seed, purpose.threatPlan, leader);
  let us = createdUs - (draw.chance(0.2) ? 1 + draw.below(8_000) : 0);
  const steps: PlannedStep[] = [{ step: 'detected', us }];
  const add = (step: ThreatStep, mostUs: number) => {
    const exact = us + 1_000 + Math.ceil(draw.next() * mostUs);
    us = draw.chance(0.1) ? exact - (exact % 1_000) : exact;
    // Rounding may land on the step before.
    if (us <= (steps.at(-1)?.us ?? 0)) us = exact;
    steps.push({ step, us });
  };
  if (draw.chance(0.8)) add('mitigated', 14 * micros.second);
  if (draw.chance(0.4)) add('enriched', 40 * micros.second);
  const patienceUs = Math.min(analystUs, historyUs / 4);
  for (const { step, probability, share } of analystSteps) {
    const isPossible = step !== 'reopened' || steps.at(-1)?.step === 'resolved';
    if (isPossible && draw.chance(probability)) add(step, patienceUs * share);
  }
  return steps;
}

/**
 * The state after a number of planned steps and touches. Every third touch is an analyst's who changes the status;
 * the others only change what is known of the host.
 */
export function threatState(
  seed: number,
  record: number,
  steps: readonly PlannedStep[],
  step: number,
  touches: number,
): ThreatState {
  const done = steps.slice(0, step + 1);
  const at = (wanted: ThreatStep) => done.find((planned) => planned.step === wanted)?.us;
  const has = (wanted: ThreatStep) => at(wanted) !== undefined;
  const verdict = draws(seed, purpose.threatPlan, record, 1).pick(analystVerdicts);
  const planned = has('reopened') ? 1 : has('resolved') ? 2 : has('picked up') ? 1 : 0;
  const status = (planned + Math.floor(touches / 3)) % incidentStatuses.length;
  return {
    mitigatedUs: at('mitigated'),
    isEnriched: has('enriched'),
    analystVerdict: has('judged') ? verdict : 'undefined',
    incidentStatus: incidentStatuses[status] ?? 'unresolved',
    hasTicket: has('ticketed'),
  };
}
