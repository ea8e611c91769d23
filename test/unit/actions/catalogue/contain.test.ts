import { describe, expect, it } from 'vitest';
import { contain } from '../../../../shared/actions/catalogue/contain.ts';
import { activity, agentSubject, secondsAfter, tryOut } from './trying-out.ts';

const tried = tryOut(contain);
const status = (networkStatus: string | null) => agentSubject({ networkStatus });

describe('contain', () => {
  it('asks the console to disconnect the agents that are named', () => {
    expect(tried.call([agentSubject()]).request).toEqual({
      method: 'POST',
      path: '/agents/actions/disconnect',
      body: { filter: { ids: ['1001'] }, data: {} },
    });
  });

  it('has nothing to do for an endpoint that is off the network', () => {
    expect(tried.reached(status('disconnected'))).toEqual([
      { source: 'agent', field: 'networkStatus', value: 'disconnected' },
    ]);
  });

  it.each(['connected', 'connecting', 'disconnecting', null])('sends the command where it is %s', (now) => {
    expect(tried.reached(status(now))).toBeUndefined();
    expect(tried.unsuitable(status(now))).toBeUndefined();
  });

  it('is done when the record shows it, with the entry of the log beside it', () => {
    expect(tried.observe({ subject: status('disconnected') })).toMatchObject({ kind: 'done' });
    expect(tried.observe({ subject: status('Disconnected'), activities: [activity(1001, 30)] })).toEqual({
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

  it('is accepted by the log, and under way by the record', () => {
    const connected = status('connected');
    expect(tried.observe({ subject: connected })).toEqual({ kind: 'nothing' });
    expect(tried.observe({ subject: connected, activities: [activity(61, 1)] }).kind).toBe('accepted');
    expect(tried.observe({ subject: status('disconnecting'), activities: [activity(61, 1)] }).kind).toBe(
      'in_progress',
    );
  });

  it('never passes for done while the record says that the endpoint is connected', () => {
    for (const now of ['connected', 'connecting', 'disconnecting'])
      expect(tried.observe({ subject: status(now), activities: [activity(1001, 5)] })).toMatchObject({
        kind: 'in_progress',
        evidence: [{ value: now }, { value: 1001 }],
      });
  });

  it('is done by the log alone where the record does not tell', () => {
    expect(tried.observe({ subject: status(null), activities: [activity(1001, 5)] }).kind).toBe('done');
  });

  it('has failed when the agent says so last', () => {
    const failed = tried.observe({
      subject: status('disconnecting'),
      activities: [activity(61, 1), activity(2010, 9)],
    });
    expect(failed).toMatchObject({ kind: 'failed', reason: { code: 'isolation_failed' } });
    const again = [activity(61, 1), activity(2010, 9), activity(61, 20)];
    expect(tried.observe({ subject: status('connected'), activities: again }).kind).toBe('accepted');
    expect(tried.observe({ subject: status('disconnected'), activities: [activity(2010, 9)] }).kind).toBe(
      'done',
    );
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
