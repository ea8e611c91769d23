import { enumAt } from '../../records/json-fields.ts';
import { consoleWords } from '../kinds/console-words.ts';
import { osFound, osOf, windows, windowsAndMacos } from '../kinds/endpoint-state.ts';
import { mitigation } from '../kinds/mitigation.ts';
import type { Reason, Subject } from '../subject.ts';

/** Takes back what threats have changed. */
export const remediate = mitigation({
  id: 'remediate',
  title: 'Remediate the threat',
  description:
    'Deletes what the threat has created and restores settings that it has changed. Threats that were not detected by what they did (`detectionType` other than `dynamic`), and those on Linux, are quarantined in its place. Its undo, on Windows, is a rollback from a snapshot, which may take back what the user has changed since, and does not promise to bring back what was removed.',
  danger: 'disruptive',
  permission: 'Threats.remediate',
  operatingSystems: windowsAndMacos,
  path: 'remediate',
  action: 'remediate',
  contrary: 'rollback',
  activities: { issued: 2012, success: 2002, failed: 2007, pendingReboot: 2032 },
  typicalSeconds: 60,
  timeoutMinutes: 60,
  isRepeatable: true,
  revertedBy: ['rollback-remediation'],
  instead: quarantineInstead,
  // Only Windows has what a rollback needs.
  revert: ({ osType }) =>
    windows.some((os) => os === osType) ? { action: 'rollback-remediation', parameters: {} } : undefined,
});

function quarantineInstead(
  subject: Subject,
): { readonly action: string; readonly reason: Reason } | undefined {
  const reason = withoutRemediation(subject);
  return reason === undefined ? undefined : { action: 'quarantine', reason };
}

function withoutRemediation(subject: Subject): Reason | undefined {
  const recommendation = 'Nothing to do; ask for quarantine itself where that is what is wanted.';
  const os = osOf(subject);
  if (!windowsAndMacos.some((supported) => supported === os)) {
    return {
      code: 'os_not_supported',
      message: `Agents can remediate on Windows and macOS only, and ${osFound(os)}; the threat is quarantined instead.`,
      recommendation,
    };
  }
  const detectionType = enumAt(subject.record, 'threatInfo', 'detectionType');
  if (detectionType === 'dynamic') return undefined;
  if (detectionType === undefined) {
    return {
      code: 'detection_type_unknown',
      message:
        'The console does not tell how the threat was detected (threatInfo.detectionType); it is quarantined instead.',
      recommendation,
    };
  }
  return {
    code: 'not_dynamic',
    message: `Only threats that were detected by what they did can be remediated, and this one is ${consoleWords(detectionType)} (threatInfo.detectionType); it is quarantined instead.`,
    recommendation,
  };
}
