import { describe, expect, it } from 'vitest';
import { remediate } from '../../../../shared/actions/catalogue/remediate.ts';
import type { Subject } from '../../../../shared/actions/subject.ts';
import { itMitigates } from './mitigation-cases.ts';
import { threatSubject, tryOut } from './trying-out.ts';

itMitigates({
  type: remediate,
  path: 'remediate',
  action: 'remediate',
  contrary: 'rollback',
  activities: [2012, 2002, 2007, 2032],
});

function onOs(agentOsType: string | null, detectionType: string | null = 'dynamic'): Subject {
  return threatSubject(
    { detectionType },
    { record: { agentRealtimeInfo: { agentOsType } }, agent: { osType: agentOsType } },
  );
}

describe('remediate', () => {
  it.each(['windows', 'windows_legacy', 'macos', 'Windows'])('remediates what behaved badly on %s', (os) => {
    expect(remediate.instead?.(onOs(os))).toBeUndefined();
  });

  it.each([
    ['windows', 'static', 'not_dynamic', 'static'],
    ['macos', 'something new', 'not_dynamic', 'something_new'],
    ['windows', null, 'detection_type_unknown', 'detectionType'],
    ['linux', 'dynamic', 'os_not_supported', 'linux'],
    [null, 'dynamic', 'os_not_supported', 'does not tell'],
  ])('quarantines instead on %s where the detection type is %s', (os, detectionType, code, words) => {
    expect(remediate.instead?.(onOs(os, detectionType))).toMatchObject({
      action: 'quarantine',
      reason: { code, message: expect.stringContaining(words), recommendation: expect.any(String) },
    });
  });

  it('is not refused for an operating system: quarantine is done in its place', () => {
    expect(tryOut(remediate).unsuitable(onOs('linux'))).toBeUndefined();
  });

  it('is undone by a rollback, which only Windows has', () => {
    const { revert } = tryOut(remediate);
    const rollback = { action: 'rollback-remediation', parameters: {} };
    expect(revert(onOs('windows'))).toEqual(rollback);
    expect(revert(onOs('windows_legacy'))).toEqual(rollback);
    expect(revert(onOs('macos'))).toBeUndefined();
    expect(revert(onOs(null))).toBeUndefined();
  });
});
