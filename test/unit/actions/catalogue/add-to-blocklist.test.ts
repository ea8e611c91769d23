import { describe, expect, it } from 'vitest';
import { addToBlocklist } from '../../../../shared/actions/catalogue/add-to-blocklist.ts';
import type { ListParams } from '../../../../shared/ports.ts';
import { blocked, restriction, sha1 } from './blocklist-cases.ts';
import { listApi } from './list-api.ts';
import { takes, threatSubject, tryOut } from './trying-out.ts';

const tried = tryOut(addToBlocklist, {});
const related = async (
  subjects: readonly ReturnType<typeof threatSubject>[],
  api: ReturnType<typeof listApi>,
) => addToBlocklist.related?.(subjects, api);

describe('add-to-blocklist', () => {
  it('asks the console to block the files of the threats that are named, on their sites where nothing else is said', () => {
    expect(tried.call([threatSubject()]).request).toEqual({
      method: 'POST',
      path: '/threats/add-to-blacklist',
      body: { filter: { ids: ['2001'] }, data: { targetScope: 'site' } },
    });
    expect(tryOut(addToBlocklist, { scope: 'Account' }).call([threatSubject()]).request.body).toMatchObject({
      data: { targetScope: 'account' },
    });
  });

  it('does not reach the whole console', () => {
    for (const scope of ['tenant', 'global', '', null]) expect(takes(addToBlocklist, { scope })).toBe(false);
  });

  it.each([[''], [null], ['abc'], ['g'.repeat(40)], [`${sha1},${sha1}`]])(
    'is not for a threat with the SHA1 %j',
    (other) => {
      expect(tried.unsuitable(threatSubject({ sha1: other }))?.code).toBe('threat_has_no_hash');
    },
  );

  it('is not for a threat that belongs nowhere', () => {
    const scopes = (agentRealtimeInfo: object, agentDetectionInfo = {}) =>
      threatSubject({}, { record: { agentRealtimeInfo: { ...agentRealtimeInfo }, agentDetectionInfo } });
    expect(tried.unsuitable(scopes({}))?.code).toBe('scope_unknown');
    expect(tried.unsuitable(scopes({ siteId: '601' }))).toBeUndefined();
    expect(tried.unsuitable(scopes({ siteId: null }, { siteId: '601' }))).toBeUndefined();
    const group = tryOut(addToBlocklist, { scope: 'group' });
    expect(group.unsuitable(scopes({ siteId: '601' }))?.message).toContain('groupId');
    // The site is what the blocklist is read by.
    expect(group.unsuitable(scopes({ groupId: '701' }))?.message).toContain('siteId');
  });

  it('goes by the site that the endpoint is in now, as the scope of the connector does', () => {
    const moved = threatSubject(
      {},
      {
        record: { agentRealtimeInfo: { agentOsType: 'windows' }, agentDetectionInfo: { siteId: '699' } },
        agent: { siteId: '601' },
        related: [restriction('81')],
      },
    );
    expect(tried.reached(moved)).toHaveLength(1);
  });

  it('is not for a threat whose operating system is not known, for which nobody could see the end', () => {
    const withoutOs = threatSubject(
      {},
      {
        record: { agentRealtimeInfo: { siteId: '601' } },
        agent: { osType: null },
        related: [restriction('81')],
      },
    );
    expect(tried.unsuitable(withoutOs)?.code).toBe('os_unknown');
    expect(tried.reached(withoutOs)).toBeUndefined();
  });

  it('says how far it reaches', () => {
    for (const scope of ['site', 'account', 'group'])
      expect(addToBlocklist.reach?.({ scope } as never)).toBe(scope);
  });

  it('does not need the endpoint', () => {
    const { agent: _, ...withoutAgent } = threatSubject();
    expect(tried.unsuitable(withoutAgent)).toBeUndefined();
  });

  it('is so already, and done, where the list of the scope has the file for the operating system', () => {
    const evidence = [
      {
        source: 'restriction',
        field: 'value',
        value: sha1.toUpperCase(),
        consoleTime: '2026-11-26T10:00:01.000001Z',
        id: '81',
      },
    ];
    const subject = blocked(restriction('81', { value: sha1.toUpperCase() }));
    expect(tried.reached(subject)).toEqual(evidence);
    expect(tried.observe({ subject })).toEqual({ kind: 'done', evidence });
  });

  it.each([
    ['another site', { scope: { siteIds: ['602'] } }],
    ['the account above', { scope: { accountIds: ['501'] } }],
    ['the group below', { scope: { groupIds: ['701'] } }],
    ['the whole console', { scope: { tenant: true } }],
    ['nowhere', { scope: null }],
    ['another operating system', { osType: 'linux' }],
    ['nobody knows which operating system', { osType: null }],
  ])('is not so where the file is blocked for %s only', (_, fields) => {
    const subject = blocked(restriction('81', fields));
    expect(tried.reached(subject)).toBeUndefined();
    expect(tried.observe({ subject })).toEqual({ kind: 'nothing' });
  });

  it('reads the result of each threat', () => {
    const words = [
      'created',
      'already_exists',
      'threat_has_no_hash',
      'empty_value',
      'unknown_failure',
      'disabled_endpoint',
      'new',
    ];
    const subjects = words.map((_, index) => ({ ...threatSubject(), id: String(index) }));
    const details = words.map((result, index) => ({ threatId: String(index), result }));
    const told = addToBlocklist.acceptance?.({ data: { affected: 1, details } }, subjects);
    expect(subjects.map(({ id }) => told?.get(id))).toMatchObject([
      { kind: 'accepted' },
      { kind: 'accepted' },
      { kind: 'refused', reason: { code: 'threat_has_no_hash' } },
      { kind: 'refused', reason: { code: 'threat_has_no_hash' } },
      {
        kind: 'refused',
        reason: { code: 'refused_by_console', message: expect.stringContaining('unknown_failure') },
      },
      { kind: 'refused', reason: { code: 'refused_by_console' } },
      { kind: 'unknown' },
    ]);
  });

  it('is undone by remove-from-blocklist, on the same list', () => {
    expect(tryOut(addToBlocklist, { scope: 'group' }).revert(threatSubject())).toEqual({
      action: 'remove-from-blocklist',
      parameters: { scope: 'group' },
    });
  });
});

describe('the blocklist entries of threats', () => {
  const other = '1'.repeat(40);
  const second = { ...threatSubject({ sha1: other }), id: '2002' };

  it('are read in one call for a site, whatever the case of the hashes', async () => {
    const api = listApi(() => [
      restriction('81', { value: sha1.toUpperCase() }),
      restriction('82', { value: other }),
      null,
      7,
    ]);
    const same = { ...threatSubject({ sha1: sha1.toUpperCase() }), id: '2003' };
    const read = await related([threatSubject(), second, same], api);
    expect(api.asked).toEqual([
      {
        path: '/restrictions',
        params: {
          type: 'black_hash',
          value__contains: `${sha1},${other}`,
          siteIds: '601',
          includeParents: 'true',
          includeChildren: 'true',
          limit: '1000',
        },
      },
    ]);
    expect([...(read ?? [])].map(([id, entries]) => [id, entries.map((entry) => entry['id'])])).toEqual([
      ['2001', ['81']],
      ['2002', ['82']],
      ['2003', ['81']],
    ]);
  });

  it('are read site by site, and belong to the threats of theirs', async () => {
    const elsewhere = {
      ...threatSubject({}, { record: { agentRealtimeInfo: { siteId: '602' } } }),
      id: '2002',
    };
    const api = listApi((_, { siteIds }) => (siteIds === '602' ? [] : [restriction('81')]));
    const read = await related([threatSubject(), elsewhere], api);
    expect(api.asked.map(({ params }) => params['siteIds'])).toEqual(['601', '602']);
    expect(read?.get('2001')).toHaveLength(1);
    expect(read?.get('2002')).toEqual([]);
  });

  it('are read page by page, fifty hashes at a time, and never in a circle', async () => {
    const threats = Array.from({ length: 51 }, (_, index) => ({
      ...threatSubject({ sha1: index.toString(16).padStart(40, 'a') }),
      id: String(index),
    }));
    const api = listApi((_, { cursor, value__contains = '' }: ListParams) => {
      const [value = ''] = value__contains.split(',');
      if (cursor === undefined) return { data: [restriction('1', { value })], nextCursor: 'a' };
      return { data: [restriction('2', { value })], nextCursor: 'a' };
    });
    const read = await related(threats, api);
    expect(api.asked.map(({ params }) => params['value__contains']?.split(',').length)).toEqual([
      50, 50, 1, 1,
    ]);
    expect(read?.get('0')?.map((entry) => entry['id'])).toEqual(['1', '2']);
    expect(read?.get('1')).toEqual([]);
  });

  it('are not asked for where no threat has a hash and a site', async () => {
    const api = listApi(() => []);
    const read = await related([threatSubject({ sha1: '' })], api);
    expect(api.asked).toEqual([]);
    expect(read).toEqual(new Map([['2001', []]]));
  });
});
