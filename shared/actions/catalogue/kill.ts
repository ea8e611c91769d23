import { mitigation } from '../kinds/mitigation.ts';

/** Ends the processes of threats. */
export const kill = mitigation({
  id: 'kill',
  title: "Kill the threat's processes",
  description: 'Ends the processes that belong to the threat. Files stay.',
  danger: 'disruptive',
  permission: 'Threats.kill',
  path: 'kill',
  action: 'kill',
  activities: { issued: 2011, success: 2001, failed: 2006, pendingReboot: 2031 },
  typicalSeconds: 30,
  timeoutMinutes: 60,
  isRepeatable: true,
  revertedBy: [],
  revert: () => undefined,
});
