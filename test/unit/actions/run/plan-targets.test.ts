import { describe, expect, it } from 'vitest';
import { noPolicy, type ResponsePolicy } from '../../../../shared/actions/policy/response-policy.ts';
import { findActionType } from '../../../../shared/actions/registry.ts';
import { planTargets, type Wish } from '../../../../shared/actions/run/plan-targets.ts';
import type { Subject } from '../../../../shared/actions/subject.ts';
import type { SentinelOneApi } from '../../../../shared/ports.ts';
import { agent, agentSubject, now, typeOf } from './fixtures.ts';

const found = (subject: Subject, performs = 'contain'): Wish => ({
  resolved: { kind: 'found', asked: { agentId: subject.id }, subject },
  type: typeOf(performs),
});

function threat(id: string, detectionType: string): Subject {
  return {
    ...{ kind: 'threat', id, agent: agent('1') },
    record: {
      id,
      threatInfo: { threatId: id, detectionType },
      agentRealtimeInfo: { agentOsType: 'windows' },
    },
  };
}

async function plan(wishes: readonly Wish[], policy: Partial<ResponsePolicy> = {}, parameters = {}) {
  const lists: string[] = [];
  const api: SentinelOneApi = {
    list: async (path) => {
      lists.push(path);
      return { data: [] };
    },
    request: () => Promise.reject(new Error('A plan changes nothing.')),
  };
  const planned = await planTargets(wishes, {
    ...{ policy: { ...noPolicy, ...policy }, connector: { siteIds: [], accountIds: [] }, findActionType },
    ...{ parameters, isUndo: false, api, signal: new AbortController().signal, now },
  });
  return { ...planned, lists };
}

describe('planTargets', () => {
  it('keeps the order, and what was asked for', async () => {
    const refused = { code: 'not_found', message: 'None.' };
    const { targets, approval } = await plan([
      found(agentSubject('2')),
      { resolved: { kind: 'refused', asked: { hostName: 'X' }, reason: refused }, type: typeOf('contain') },
      found(agentSubject('1', { networkStatus: 'disconnected' })),
    ]);
    expect(approval).toBeUndefined();
    expect(targets).toMatchObject([
      {
        state: 'requested',
        id: '2',
        agentId: '2',
        computerName: 'LAPTOP-2',
        asked: { agentId: '2' },
        changedAt: now,
      },
      { state: 'skipped', asked: { hostName: 'X' }, reason: refused },
      { state: 'skipped', id: '1', reason: { code: 'already_so' }, evidence: [{ value: 'disconnected' }] },
    ]);
    expect(targets[1]).not.toHaveProperty('id');
  });

  it('performs what is done in the place of what was asked for, target by target, and says why', async () => {
    const { targets } = await plan([
      found(threat('8', 'dynamic'), 'remediate'),
      found(threat('9', 'static'), 'remediate'),
    ]);
    expect(targets.map(({ performs, instead }) => [performs, instead?.code])).toStrictEqual([
      ['remediate', undefined],
      ['quarantine', 'not_dynamic'],
    ]);
  });

  it('asks for approvals by what is performed, and names each rule once', async () => {
    const approvals = [{ name: 'locked away', actions: ['quarantine'] }];
    const { targets, approval } = await plan(
      [
        found(threat('7', 'static'), 'remediate'),
        found(threat('8', 'dynamic'), 'remediate'),
        found(threat('9', 'static'), 'remediate'),
      ],
      { approvals },
    );
    expect(targets.map(({ state }) => state)).toStrictEqual([
      'waiting_approval',
      'requested',
      'waiting_approval',
    ]);
    expect(approval?.why.match(/locked away/g)).toHaveLength(1);
  });

  it('wants no approval for what is not done', async () => {
    const approvals = [{ name: 'all' }];
    const isolated = agentSubject('1', { networkStatus: 'disconnected' });
    const { targets, approval } = await plan([found(isolated)], { approvals });
    expect(targets).toMatchObject([{ state: 'skipped' }]);
    expect(approval).toBeUndefined();
  });

  it('reads what an action type wants to know besides, and nothing where it wants nothing', async () => {
    expect((await plan([found(agentSubject('1'))])).lists).toStrictEqual([]);
    const note = await plan([found(threat('9', 'static'), 'add-note')], {}, { note: 'Seen.' });
    expect(note.lists).toStrictEqual(['/threats/9/notes']);
  });
});
