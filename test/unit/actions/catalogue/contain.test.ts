import { describe, expect, it } from 'vitest';
import { contain } from '../../../../shared/actions/catalogue/contain.ts';
import { itMovesOnTheNetwork } from './network-cases.ts';
import { activity, agentSubject, secondsAfter, tryOut } from './trying-out.ts';

const tried = tryOut(contain);
const status = (networkStatus: string | null) => agentSubject({ networkStatus });

itMovesOnTheNetwork({
  ...{ type: contain, wanted: 'disconnected', underWay: 'disconnecting', contrary: 'connected' },
  ...{ issued: 61, done: 1001, others: { issued: 62, done: 1002 } },
});

describe('contain', () => {
  it('asks the console to disconnect', () => {
    expect(tried.call([agentSubject()]).request.path).toBe('/agents/actions/disconnect');
  });

  it('is done when the record shows it, with the entry of the log beside it', () => {
    const activities = [activity(1001, 30)];
    expect(
      tried.observe({ subject: status('Disconnected'), earlier: status('connected'), activities }),
    ).toEqual({
      kind: 'done',
      evidence: [
        { source: 'agent', field: 'networkStatus', value: 'Disconnected' },
        {
          source: 'activity',
          field: 'activityType',
          value: 1001,
          consoleTime: secondsAfter(30),
          id: '91001',
        },
      ],
    });
  });

  it('has failed when the agent says so last', () => {
    const seen = (now: string, ...types: readonly number[]) =>
      tried.observe({
        subject: status(now),
        earlier: status('connected'),
        activities: types.map((type, index) => activity(type, index + 1)),
      });
    expect(seen('disconnecting', 61, 2010)).toMatchObject({
      kind: 'failed',
      reason: { code: 'isolation_failed' },
    });
    expect(seen('connected', 61, 2010, 61).kind).toBe('accepted');
    expect(seen('disconnected', 2010).kind).toBe('done');
  });

  it('is not for agents that are gone', () => {
    const code = (fields: object) => tried.unsuitable(agentSubject({ ...fields }))?.code;
    expect(code({ isDecommissioned: true })).toBe('agent_decommissioned');
    expect(code({ isUninstalled: true, isDecommissioned: true })).toBe('agent_uninstalled');
    expect(code({ osType: 'linux' })).toBeUndefined();
  });

  it('is undone by release', () => {
    expect(tried.revert(agentSubject())).toEqual({ action: 'release', parameters: {} });
  });
});
