/** The actions by the names that `mitigationStatus[]` has for them. */
export type MitigationAction = 'kill' | 'quarantine' | 'unquarantine' | 'remediate' | 'rollback';

/** How a mitigation can end. */
export const mitigationResults = ['success', 'failed', 'partial', 'pending-reboot'] as const;
export type MitigationResult = (typeof mitigationResults)[number];

/** Why a threat is left out, as the vendor's specification names it. */
export const skipReasons = ['permissions', 'not_supported', 'precondition', 'triggered'] as const;
export type SkipReason = (typeof skipReasons)[number];

/** A mitigation that a user asked for, as far as it has come. Times in microseconds. */
export interface Mitigation {
  readonly action: MitigationAction;
  /** `pending` while the agent is offline, `sent` once the command has left the console. */
  readonly status: 'pending' | 'sent' | MitigationResult;
  /** Of the console's clock. */
  readonly lastUpdateUs: number;
  readonly reportId: string;
  /** Of the agent's clock; null as long as it has not happened. */
  readonly startedUs: number | null;
  readonly endedUs: number | null;
}

/** True as long as nobody knows how it ends. */
export function isOpen({ status }: Mitigation): boolean {
  return status === 'pending' || status === 'sent';
}
