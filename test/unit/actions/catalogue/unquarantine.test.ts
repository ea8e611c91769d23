import { expect, it } from 'vitest';
import { unquarantine } from '../../../../shared/actions/catalogue/unquarantine.ts';
import { entry, itMitigates, mitigated } from './mitigation-cases.ts';
import { threatSubject, tryOut } from './trying-out.ts';

itMitigates({
  type: unquarantine,
  path: 'un-quarantine',
  action: 'unquarantine',
  contrary: 'quarantine',
  activities: [2015, 2026, 2027, 2035],
});

it('unquarantine knows its entry however it is spelt', () => {
  const subject = mitigated(entry('Un-Quarantine', 'success', 4));
  expect(tryOut(unquarantine).observe({ subject, earlier: mitigated() }).kind).toBe('done');
});

it('unquarantine is undone by quarantine', () => {
  expect(tryOut(unquarantine).revert(threatSubject())).toEqual({ action: 'quarantine', parameters: {} });
});
