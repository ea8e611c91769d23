import { describe, expect, it } from 'vitest';
import { rollbackRemediation } from '../../../../shared/actions/catalogue/rollback-remediation.ts';
import { entry, itMitigates, mitigated } from './mitigation-cases.ts';
import { threatSubject, tryOut } from './trying-out.ts';

const tried = tryOut(rollbackRemediation);

itMitigates({
  type: rollbackRemediation,
  path: 'rollback-remediation',
  action: 'rollback',
  activities: [2013, 2003, 2008, 2033],
});

describe('rollback-remediation', () => {
  it.each([
    ['windows', undefined],
    ['windows_legacy', undefined],
    ['macos', 'os_not_supported'],
    ['linux', 'os_not_supported'],
    [null, 'os_not_supported'],
  ])('for %s is refused with %s', (agentOsType, code) => {
    const subject = threatSubject(
      {},
      { record: { agentRealtimeInfo: { agentOsType } }, agent: { osType: agentOsType } },
    );
    expect(tried.unsuitable(subject)?.code).toBe(code);
    expect(rollbackRemediation.instead).toBeUndefined();
  });

  it('knows its entry however it is spelt', () => {
    const subject = mitigated(entry('rollback-remediation', 'success', 4));
    expect(tried.observe({ subject, earlier: mitigated() }).kind).toBe('done');
  });

  it('must not be sent twice, and has no way back', () => {
    expect(rollbackRemediation.isRepeatable).toBe(false);
    expect(rollbackRemediation.description).toContain('since then');
    expect(tried.revert(threatSubject())).toBeUndefined();
  });
});
