import { mitigation } from '../kinds/mitigation.ts';

/** Gives quarantined files back. */
export const unquarantine = mitigation({
  id: 'unquarantine',
  title: 'Take files out of quarantine',
  description: "Moves the threat's quarantined files back to where they were. They can run again.",
  danger: 'endpoint',
  permission: 'Threats.unquarantine',
  path: 'un-quarantine',
  action: 'unquarantine',
  contrary: 'quarantine',
  activities: { issued: 2015, success: 2026, failed: 2027, pendingReboot: 2035 },
  typicalSeconds: 30,
  timeoutMinutes: 60,
  isRepeatable: true,
  revertedBy: ['quarantine'],
  revert: () => ({ action: 'quarantine', parameters: {} }),
});
