import { hash, purpose } from './random.ts';

export const mitigationStatuses = ['Not mitigated', 'To be patched', 'On hold'] as const;
export const scanResults = ['Succeeded', 'Failed'] as const;

/** What differs between the revisions of a risk, besides the times. */
export interface RiskState {
  readonly status: 'Detected' | 'Removed';
  readonly mitigationStatus: (typeof mitigationStatuses)[number];
  readonly lastScanResult: (typeof scanResults)[number];
  /** How many times somebody changed what is to become of it. */
  readonly changes: number;
}

/** Every change of a risk is one of its mitigation status, so no two revisions in a row are alike. */
export function riskState(seed: number, record: number, changes: number, isRemoved: boolean): RiskState {
  return {
    status: isRemoved ? 'Removed' : 'Detected',
    mitigationStatus: mitigationStatuses[changes % mitigationStatuses.length] ?? 'Not mitigated',
    lastScanResult: hash(seed, purpose.riskPlan, record, 1 + changes) % 12 === 0 ? 'Failed' : 'Succeeded',
    changes,
  };
}
