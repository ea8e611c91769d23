import { describe, expect, it } from 'vitest';
import { removeFromBlocklist } from '../../../../shared/actions/catalogue/remove-from-blocklist.ts';
import { blocked, restriction, sha1 } from './blocklist-cases.ts';
import { threatSubject, tryOut } from './trying-out.ts';

const tried = tryOut(removeFromBlocklist, {});

describe('remove-from-blocklist', () => {
  it('names the entries of the list, each once, and no other', () => {
    const one = blocked(
      restriction('81'),
      restriction('82', { scope: { accountIds: ['501'] } }),
      restriction('83', { osType: 'linux' }),
      restriction('no id'),
    );
    const same = { ...one, id: '2002' };
    const other = { ...blocked(restriction('84')), id: '2003' };
    expect(tried.call([one, same, other]).request).toEqual({
      method: 'DELETE',
      path: '/restrictions',
      body: { data: { type: 'black_hash', ids: ['81', '84'] } },
    });
    expect(tryOut(removeFromBlocklist, { scope: 'account' }).call([one]).ids).toEqual(['82']);
  });

  it('never names none, which would be all', () => {
    expect(() => tried.call([blocked()])).toThrow('names 0');
    expect(() => tried.call([])).toThrow('names 0');
  });

  it('is so already where the list has been read and has no such entry', () => {
    expect(tried.reached(blocked())).toEqual([{ source: 'restriction', field: 'value', value: null }]);
    expect(tried.reached(blocked(restriction('82', { scope: { accountIds: ['501'] } })))).toHaveLength(1);
    expect(tried.reached(blocked(restriction('81')))).toBeUndefined();
    expect(tried.reached(threatSubject())).toBeUndefined();
  });

  it('is done when the entries of before are gone, and nothing else blocks the file on the list', () => {
    const earlier = blocked(restriction('81'), restriction('82', { scope: { accountIds: ['501'] } }));
    expect(tried.observe({ subject: earlier })).toEqual({ kind: 'nothing' });
    expect(
      tried.observe({ subject: blocked(restriction('82', { scope: { accountIds: ['501'] } })), earlier }),
    ).toEqual({
      kind: 'done',
      evidence: [{ source: 'restriction', field: 'value', value: null, id: '81' }],
    });
    expect(tried.observe({ subject: blocked(restriction('99')), earlier }).kind).toBe('nothing');
  });

  it('leaves entries alone that are on other lists as well', () => {
    const shared = blocked(restriction('81', { scope: { siteIds: ['601', '602'] } }));
    expect(tried.unsuitable(shared)?.code).toBe('blocklist_entry_shared');
    const both = blocked(
      restriction('81', { scope: { siteIds: ['601'], groupIds: ['701'] } }),
      restriction('82'),
    );
    expect(tried.unsuitable(both)?.code).toBe('blocklist_entry_shared');
    expect(tried.call([both]).ids).toEqual(['82']);
    expect(
      tried.unsuitable(blocked(restriction('81', { scope: { siteIds: ['601', '601'] } }))),
    ).toBeUndefined();
  });

  it('is not for threats without a file', () => {
    expect(tried.unsuitable(threatSubject({ sha1: null }))?.code).toBe('threat_has_no_hash');
    expect(tried.unsuitable(threatSubject({ sha1 }))).toBeUndefined();
  });

  it('is not for a threat whose operating system is not known: entries are for one each', () => {
    const withoutOs = threatSubject(
      {},
      {
        record: { agentRealtimeInfo: { siteId: '601', accountId: '501' } },
        agent: { osType: null },
        related: [restriction('81'), restriction('82', { osType: 'linux' })],
      },
    );
    expect(tried.unsuitable(withoutOs)?.code).toBe('os_unknown');
    expect(() => tried.call([withoutOs])).toThrow('names 0');
    expect(tried.reached(withoutOs)).toBeUndefined();
    expect(tried.observe({ subject: withoutOs }).kind).toBe('nothing');
    // Nor is an entry taken off that does not say for which it is.
    const nameless = blocked(restriction('81', { osType: null }), restriction('82'));
    expect(tried.call([nameless]).ids).toEqual(['82']);
  });

  it('keeps the entries of before in one order, whatever order the list has', () => {
    const entries = ['83', '81', '82'].map((id) => restriction(id));
    expect(removeFromBlocklist.before(blocked(...entries))).toEqual({ entries: ['81', '82', '83'] });
    expect(removeFromBlocklist.before(blocked(...entries.toReversed()))).toEqual({
      entries: ['81', '82', '83'],
    });
  });

  it('says how far it reaches', () => {
    for (const scope of ['site', 'account', 'group'])
      expect(removeFromBlocklist.reach?.({ scope } as never)).toBe(scope);
  });

  it('counts entries, not threats', () => {
    const subjects = [threatSubject(), { ...threatSubject(), id: '2002' }];
    const kind = (affected: number | null) =>
      removeFromBlocklist.acceptance?.({ data: { affected } }, subjects).get('2002')?.kind;
    expect([kind(1), kind(5), kind(0), kind(null)]).toEqual(['accepted', 'accepted', 'refused', 'unknown']);
  });

  it('is undone by add-to-blocklist, on the same list', () => {
    expect(tryOut(removeFromBlocklist, { scope: 'account' }).revert(blocked())).toEqual({
      action: 'add-to-blocklist',
      parameters: { scope: 'account' },
    });
  });
});
