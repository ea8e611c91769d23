import { describe, expect, it } from 'vitest';
import type { ResponsePolicy } from '../../../../shared/actions/policy/response-policy.ts';
import { findActionType } from '../../../../shared/actions/registry.ts';
import { fitness } from '../../../../shared/actions/run/fitness.ts';
import type { Subject } from '../../../../shared/actions/subject.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { agent, agentSubject, typeOf } from './fixtures.ts';

interface Case {
  readonly performs?: string;
  readonly parameters?: JsonObject;
  readonly subject?: Subject | undefined;
  readonly siteIds?: readonly string[];
  readonly accountIds?: readonly string[];
  readonly safelist?: ResponsePolicy['safelist'];
  readonly isUndo?: boolean;
}

function codeOf(given: Case = {}): string | undefined {
  const { performs = 'contain', parameters = {}, siteIds = [], safelist = [], isUndo = false } = given;
  const subject = 'subject' in given ? given.subject : agentSubject('1');
  const change = fitness(
    { type: typeOf(performs), parameters, subject, isUndo },
    { connector: { siteIds, accountIds: given.accountIds ?? [] }, policy: { safelist }, findActionType },
  );
  if (change !== undefined) expect(change.state).toBe('skipped');
  return change?.reason?.code;
}

const safelist = [{ name: 'servers', agentIds: ['1'] }];
const isolated = agentSubject('1', { networkStatus: 'disconnected' });

describe('fitness', () => {
  it('lets go what is there, in scope, and not so yet', () => {
    expect(codeOf()).toBeUndefined();
    expect(codeOf({ siteIds: ['51'] })).toBeUndefined();
  });

  it.each([
    ['gone_before_sending', { subject: undefined }],
    ['out_of_scope', { siteIds: ['52'] }],
    ['safelisted', { safelist }],
    ['agent_decommissioned', { subject: agentSubject('1', { isDecommissioned: true }) }],
    ['already_so', { subject: isolated }],
  ])('says %s', (code, given) => {
    expect(codeOf(given)).toBe(code);
  });

  it('asks for the scope before anything that would tell of the endpoint', () => {
    expect(codeOf({ siteIds: ['52'], safelist, subject: isolated })).toBe('out_of_scope');
  });

  it.each(['add-to-blocklist', 'remove-from-blocklist'])(
    'does not let a connector that is kept to sites act on a whole account: %s',
    (performs) => {
      const record = {
        id: '9',
        threatInfo: { threatId: '9', sha1: 'a'.repeat(40) },
        agentRealtimeInfo: {
          agentId: '1',
          siteId: '51',
          accountId: '1',
          groupId: '3',
          agentOsType: 'windows',
        },
      };
      const entry = { id: '8', value: 'a'.repeat(40), osType: 'windows', scope: { accountIds: ['1'] } };
      const related = performs === 'add-to-blocklist' ? [] : [entry];
      const subject: Subject = { kind: 'threat', id: '9', record, agent: agent('1'), related };
      const code = (scope: string, siteIds: readonly string[], accountIds: readonly string[] = []) =>
        codeOf({ performs, parameters: { scope }, subject, siteIds, accountIds });
      expect(code('account', ['51'])).toBe('scope_too_wide');
      expect(code('account', ['51'], ['1'])).toBe('scope_too_wide');
      expect(code('account', [], ['1'])).toBeUndefined();
      expect(code('account', [])).toBeUndefined();
      expect(code('account', ['52'])).toBe('out_of_scope');
      for (const scope of ['site', 'group']) expect(code(scope, ['51'])).not.toBe('scope_too_wide');
    },
  );

  it('lets an isolation be taken back whoever is on the safelist', () => {
    expect(codeOf({ performs: 'release', subject: isolated, safelist })).toBeUndefined();
    expect(codeOf({ performs: 'release', subject: isolated, safelist, isUndo: true })).toBeUndefined();
  });

  it('does not let an isolation be made by way of an undo', () => {
    expect(codeOf({ isUndo: true, safelist })).toBe('safelisted');
  });
});
