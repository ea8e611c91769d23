import { describe, expect, it } from 'vitest';
import { release } from '../../../../shared/actions/catalogue/release.ts';
import { activity, agentSubject, tryOut } from './trying-out.ts';

const tried = tryOut(release);
const status = (networkStatus: string | null) => agentSubject({ networkStatus });

describe('release', () => {
  it('asks the console to connect the agents that are named', () => {
    expect(tried.call([agentSubject()]).request).toEqual({
      method: 'POST',
      path: '/agents/actions/connect',
      body: { filter: { ids: ['1001'] }, data: {} },
    });
  });

  it('has nothing to do for an endpoint on the network, and for no other', () => {
    expect(tried.reached(status('connected'))).toMatchObject([{ value: 'connected' }]);
    for (const now of ['disconnected', 'disconnecting', 'connecting', null])
      expect(tried.reached(status(now))).toBeUndefined();
  });

  it('believes of an endpoint that is offline only what was reported since', () => {
    const subject = agentSubject({ networkStatus: 'connected', isActive: false });
    expect(tried.reached(subject)).toBeUndefined();
    expect(tried.observe({ subject }).kind).toBe('nothing');
    expect(tried.observe({ subject, activities: [activity(62, 1)] }).kind).toBe('accepted');
    expect(tried.observe({ subject, activities: [activity(62, 1), activity(1002, 2)] }).kind).toBe('done');
  });

  it.each([
    ['connected', [], 'done'],
    ['connecting', [], 'in_progress'],
    ['disconnected', [], 'nothing'],
    ['disconnected', [62], 'accepted'],
    ['disconnected', [62, 1002], 'in_progress'],
    [null, [62, 1002], 'done'],
    // Of the isolation before.
    ['disconnected', [1001], 'nothing'],
  ] as const)('with %s and the activities %j it is %s', (now, types, kind) => {
    const activities = types.map((type, index) => activity(type, index + 1));
    expect(tried.observe({ subject: status(now), activities }).kind).toBe(kind);
  });

  it('is undone by contain', () => {
    expect(tried.revert(status('disconnected'))).toEqual({ action: 'contain', parameters: {} });
  });
});
