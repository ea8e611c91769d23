import { expect, it } from 'vitest';
import { kill } from '../../../../shared/actions/catalogue/kill.ts';
import { itMitigates } from './mitigation-cases.ts';
import { threatSubject, tryOut } from './trying-out.ts';

itMitigates({ type: kill, path: 'kill', action: 'kill', activities: [2011, 2001, 2006, 2031] });

it('kill works on every operating system and however the threat was detected, and has no way back', () => {
  const linux = threatSubject(
    { detectionType: 'static' },
    { record: { agentRealtimeInfo: { agentOsType: 'linux' } } },
  );
  expect(tryOut(kill).unsuitable(linux)).toBeUndefined();
  expect(kill.instead).toBeUndefined();
  expect(tryOut(kill).revert(threatSubject())).toBeUndefined();
});
