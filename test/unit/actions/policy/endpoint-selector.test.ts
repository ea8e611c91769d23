import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EndpointSelector,
  selectorFields,
  selects,
} from '../../../../shared/actions/policy/endpoint-selector.ts';
import { matchesWildcards } from '../../../../shared/actions/policy/wildcards.ts';
import { agents } from '../../../../shared/content-types/agents.ts';
import { isObject } from '../../../../shared/json.ts';
import { goldenVendors } from '../../../golden/golden-pairs.ts';

const domainController = {
  id: '18',
  computerName: 'RTM-DC01',
  groupId: '7',
  groupName: 'Tier 0',
  siteId: '51',
  machineType: 'server',
  tags: { sentinelone: [{ key: 'criticality', value: 'high' }, { key: 'owner=it' }, null] },
  activeDirectory: {
    computerDistinguishedName: 'CN=RTM-DC01,OU=Domain Controllers,OU=Rotterdam\\, NL,DC=corp,DC=example',
    computerMemberOf: ['CN=Cert Publishers,CN=Users,DC=corp,DC=example', null, 'Plain Group'],
  },
};

describe('a selector', () => {
  it.each<EndpointSelector>([
    { agentIds: ['17', '18'] },
    { computerNames: ['rtm-dc01'] },
    { computerNames: ['LAPTOP*', '*-DC*'] },
    { groupIds: ['7'] },
    { groupNames: ['TIER 0'] },
    { siteIds: ['51'] },
    { tags: ['Criticality'] },
    { tags: ['criticality=HIGH'] },
    { tags: ['owner=it'] },
    { machineTypes: ['server'] },
    { directoryGroups: ['domain controllers'] },
    { directoryGroups: ['Rotterdam, NL'] },
    { directoryGroups: ['cert publishers'] },
    { directoryGroups: ['plain group'] },
    { directoryGroups: ['OU=Domain Controllers'] },
    { directoryGroups: ['ou=domain controllers, OU=Rotterdam\\, NL,dc=CORP'] },
    { directoryGroups: ['CN=Users,DC=corp'] },
    // Either of two fields is enough.
    { agentIds: ['1'], machineTypes: ['server'] },
  ])('means the endpoint: %j', (selector) => {
    expect(selects(selector, domainController)).toBe(true);
  });

  it.each<EndpointSelector>([
    {},
    { agentIds: ['1', '180'] },
    { computerNames: ['RTM-DC0', 'DC01', 'RTM-DC01?', 'LAPTOP*'] },
    { groupIds: ['18'] },
    { groupNames: ['Tier'] },
    { siteIds: [] },
    { tags: ['criticality=low', 'high', 'critical', 'owner'] },
    { machineTypes: ['laptop'] },
    { directoryGroups: ['Domain', 'Domain Controller', 'Controllers', 'Rotterdam', ',', '='] },
    // Everybody is in the domain, and in what the groups are in.
    { directoryGroups: ['corp', 'example', 'Users', 'RTM-DC01'] },
    { directoryGroups: ['CN=Domain Controllers', 'OU=Domain Controllers,DC=corp', 'OU=Cert Publishers'] },
  ])('does not mean it: %j', (selector) => {
    expect(selects(selector, domainController)).toBe(false);
  });

  it('means nobody of whom the console tells nothing', () => {
    const all = Object.fromEntries(selectorFields.map((field) => [field, ['*', 'x', 'server', '18']]));
    for (const agent of [
      {},
      { tags: null, activeDirectory: null, computerName: null, id: {} },
      { tags: { sentinelone: 'x' } },
    ])
      expect(selects(all, agent)).toBe(false);
  });

  it('is asked of whatever a console sends, and never fails', () => {
    const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'grapheme' }));
    const agent = fc.record(
      {
        ...{ id: value, computerName: value, groupName: value, machineType: value },
        tags: fc.oneof(
          value,
          fc.record({ sentinelone: fc.oneof(value, fc.array(fc.record({ key: value, value }))) }),
        ),
        activeDirectory: fc.record({
          computerDistinguishedName: value,
          computerMemberOf: fc.oneof(value, fc.array(value)),
        }),
      },
      { requiredKeys: [] },
    );
    const texts = fc.array(fc.string({ minLength: 1 }), { maxLength: 3 });
    const selector = fc.record({
      computerNames: texts,
      tags: texts,
      directoryGroups: texts,
      machineTypes: texts,
    });
    fc.assert(
      fc.property(agent, selector, (one, by) => {
        expect(typeof selects(by, JSON.parse(JSON.stringify(one)))).toBe('boolean');
      }),
    );
  });

  it('knows real endpoints by their own names', () => {
    const hosts = goldenVendors(agents.id)
      .filter(isObject)
      .filter(({ computerName }) => typeof computerName === 'string');
    expect(hosts.length).toBeGreaterThan(3);
    for (const host of hosts)
      expect(selects({ computerNames: [String(host['computerName'])] }, host)).toBe(true);
  });
});

describe('a name with wildcards', () => {
  it('is what a regular expression says of it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '*', '.', 'ü'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const source = pattern
          .split('*')
          .map((part) => part.replaceAll('.', '\\.'))
          .join('.*');
        expect(matchesWildcards(pattern, name)).toBe(new RegExp(`^${source}$`, 'isu').test(name));
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes no time that a caller could make long', () => {
    expect(matchesWildcards(`${'*a'.repeat(127)}b`, 'a'.repeat(255))).toBe(false);
  });
});
