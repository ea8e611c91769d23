import { mitigation } from '../kinds/mitigation.ts';

/** Locks the files of threats away. */
export const quarantine = mitigation({
  id: 'quarantine',
  title: "Quarantine the threat's files",
  description:
    "Encrypts the threat's files and moves them to where nothing can run them. They can be taken back.",
  danger: 'disruptive',
  permission: 'Threats.quarantine',
  path: 'quarantine',
  action: 'quarantine',
  contrary: 'unquarantine',
  activities: { issued: 2014, success: 2004, failed: 2009, pendingReboot: 2034 },
  typicalSeconds: 30,
  timeoutMinutes: 60,
  isRepeatable: true,
  revertedBy: ['unquarantine'],
  revert: () => ({ action: 'unquarantine', parameters: {} }),
});
