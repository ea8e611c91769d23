import { describe, expect, it } from 'vitest';
import { type ScopeKind, scopeFields } from '../../../shared/records/scope-fields.ts';

const scope = {
  id: '3',
  name: 'Own name',
  accountId: '1',
  accountName: 'Acme',
  siteId: '2',
  siteName: 'Rotterdam',
  groupId: '9',
};

describe('the normalised fields of a part of the organisation', () => {
  it.each<[ScopeKind, object]>([
    ['accounts', { organization: { id: '3', name: 'Own name' } }],
    ['sites', { organization: { id: '1', name: 'Acme' }, labels: { site_id: '3', site_name: 'Own name' } }],
    [
      'groups',
      {
        organization: { id: '1', name: 'Acme' },
        labels: { site_id: '2', site_name: 'Rotterdam', group_id: '3', group_name: 'Own name' },
      },
    ],
  ])('of %s name itself and what it is part of', (kind, expected) => {
    expect(scopeFields(kind, scope)).toMatchObject(expected);
  });

  it.each(['accounts', 'sites', 'groups'] as const)('of %s are none where it says nothing', (kind) => {
    expect(scopeFields(kind, { id: null, name: '', createdAt: '1970-01-01T00:00:00Z' })).toEqual({});
  });

  it('say since when it is there, and not that it was seen when it was changed', () => {
    const times = { createdAt: '2024-02-03T09:15:22.123456Z', updatedAt: '2026-11-20T10:00:00Z' };
    expect(scopeFields('groups', times)).toEqual({
      start_time: Date.UTC(2024, 1, 3, 9, 15, 22, 123),
      start_time_date: '2024-02-03T09:15:22.123Z',
    });
  });
});
