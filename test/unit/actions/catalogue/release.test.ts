import { expect, it } from 'vitest';
import { release } from '../../../../shared/actions/catalogue/release.ts';
import { itMovesOnTheNetwork } from './network-cases.ts';
import { activity, agentSubject, tryOut } from './trying-out.ts';

const tried = tryOut(release);

itMovesOnTheNetwork({
  ...{ type: release, wanted: 'connected', underWay: 'connecting', contrary: 'disconnected' },
  ...{ issued: 62, done: 1002, others: { issued: 61, done: 1001 } },
});

it('release asks the console to connect', () => {
  expect(tried.call([agentSubject()]).request.path).toBe('/agents/actions/connect');
});

it('release is not in doubt after an isolation that has failed', () => {
  const history = [activity(2010, -30), activity(61, -60)];
  expect(tried.reached({ ...agentSubject(), history })).toBeDefined();
});

it('release is undone by contain', () => {
  expect(tried.revert(agentSubject({ networkStatus: 'disconnected' }))).toEqual({
    action: 'contain',
    parameters: {},
  });
});
