import { expect, it } from 'vitest';
import { quarantine } from '../../../../shared/actions/catalogue/quarantine.ts';
import { itMitigates } from './mitigation-cases.ts';
import { threatSubject, tryOut } from './trying-out.ts';

itMitigates({
  type: quarantine,
  path: 'quarantine',
  action: 'quarantine',
  contrary: 'unquarantine',
  activities: [2014, 2004, 2009, 2034],
});

it('quarantine is undone by unquarantine', () => {
  expect(tryOut(quarantine).revert(threatSubject())).toEqual({ action: 'unquarantine', parameters: {} });
});
