import { describe, expect, it } from 'vitest';
import { fetchLogs } from '../../../../shared/actions/catalogue/fetch-logs.ts';
import { activity, agentSubject, takes, tryOut } from './trying-out.ts';

const tried = tryOut(fetchLogs);

describe('fetch-logs', () => {
  it('asks for the kinds of logs that are wanted', () => {
    expect(tryOut(fetchLogs, { platformLogs: true }).call([agentSubject()]).request).toEqual({
      method: 'POST',
      path: '/agents/actions/fetch-logs',
      body: {
        filter: { ids: ['1001'] },
        data: { agentLogs: true, customerFacingLogs: false, platformLogs: true },
      },
    });
  });

  it('wants at least one kind', () => {
    expect(takes(fetchLogs, {})).toBe(true);
    expect(takes(fetchLogs, { agentLogs: false })).toBe(false);
    expect(takes(fetchLogs, { agentLogs: false, customerFacingLogs: true })).toBe(true);
    expect(takes(fetchLogs, { agentLogs: 'yes' })).toBe(false);
  });

  it.each([
    [[], 'nothing'],
    [[65], 'accepted'],
    [[65, 66], 'done'],
    // Files that somebody fetches are not logs.
    [[81, 80], 'nothing'],
  ] as const)('with the activities %j it is %s', (types, kind) => {
    const activities = types.map((type, index) => activity(type, index + 1));
    expect(tried.observe({ subject: agentSubject(), activities }).kind).toBe(kind);
  });

  it('is never so already, and has no way back', () => {
    expect(tried.reached(agentSubject())).toBeUndefined();
    expect(tried.revert(agentSubject())).toBeUndefined();
  });
});
