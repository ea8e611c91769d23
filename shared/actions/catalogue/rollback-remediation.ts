import { windows } from '../kinds/endpoint-state.ts';
import { mitigation } from '../kinds/mitigation.ts';

/** Restores what threats have changed from a snapshot. */
export const rollbackRemediation = mitigation({
  id: 'rollback-remediation',
  title: 'Roll back from a snapshot',
  description:
    'Restores files that the threat has changed or deleted from a snapshot of Windows. It may take back what the user has changed since then as well. Without a snapshot, nothing is restored.',
  danger: 'disruptive',
  permission: 'Threats.rollback',
  operatingSystems: windows,
  path: 'rollback-remediation',
  action: 'rollback',
  activities: { issued: 2013, success: 2003, failed: 2008, pendingReboot: 2033 },
  typicalSeconds: 120,
  timeoutMinutes: 120,
  // A second rollback would take back what the user has done since the first.
  isRepeatable: false,
  revertedBy: [],
  revert: () => undefined,
});
