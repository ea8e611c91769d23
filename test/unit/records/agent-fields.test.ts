import { describe, expect, it } from 'vitest';
import { agentFields } from '../../../shared/records/agent-fields.ts';

describe('the normalised fields of an agent', () => {
  it('are none where the agent says nothing', () => {
    expect(agentFields({})).toEqual({});
  });

  it('never take the address of the router for the address of the host', () => {
    expect(agentFields({ externalIp: '8.8.8.8', groupIp: '8.8.8.x' })).toEqual({});
  });

  it('take the address that the agent uses towards the console where no interface has one', () => {
    const agent = { lastIpToMgmt: '10.0.0.5', networkInterfaces: [{ inet: ['10.0.0.1'], inet6: ['::1'] }] };
    expect(agentFields(agent)).toMatchObject({ ip: '10.0.0.1', iplist: ['10.0.0.1', '10.0.0.5'] });
    expect(agentFields({ ...agent, networkInterfaces: null })).toMatchObject({
      ip: '10.0.0.5',
      hostip: '10.0.0.5',
    });
  });

  it('tell times as numbers and as text, whatever the fraction', () => {
    const agent = { registeredAt: '2026-02-03T09:15:22.104233Z', lastActiveDate: '2026-11-24T08:40:11Z' };
    expect(agentFields(agent)).toEqual({
      start_time: Date.UTC(2026, 1, 3, 9, 15, 22, 104),
      start_time_date: '2026-02-03T09:15:22.104Z',
      last_seen: Date.UTC(2026, 10, 24, 8, 40, 11),
      last_seen_date: '2026-11-24T08:40:11.000Z',
    });
  });

  it.each(['None', '', null, 'yesterday', 0])('tell no time of %j', (lastActiveDate) => {
    expect(agentFields({ lastActiveDate })).toEqual({});
  });

  it('fall back to the creation where the registration is not known', () => {
    expect(agentFields({ registeredAt: null, createdAt: '2026-01-01T00:00:00Z' })).toMatchObject({
      start_time: Date.UTC(2026, 0, 1),
    });
  });

  it('list the tags of the console', () => {
    const sentinelone = [
      { key: 'env', value: 'prod' },
      { key: 'vip', value: '' },
      { key: null, value: null },
      null,
    ];
    expect(agentFields({ tags: { sentinelone } })).toEqual({ tag: ['env:prod', 'vip'] });
  });

  it.each([null, {}, [], { sentinelone: null }])('list no tags of %j', (tags) => {
    expect(agentFields({ tags })).toEqual({});
  });
});
