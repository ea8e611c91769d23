import type { ScopeSet } from '../../world/scopes.ts';
import { axisFilters, type FilterTable, oneOf, oneOfIds, ownIds, timeEquals } from '../filters.ts';
import { listEndpoint } from '../list-endpoint.ts';
import type { SortKey } from '../ordering.ts';

const record = (records: ScopeSet) => (row: number) => records.timeline.revisions.record(row);

/** Accounts and sites can be asked for by exact times only. */
function exactTimes(records: ScopeSet): FilterTable {
  return {
    createdAt: timeEquals((row) => records.createdUs(record(records)(row))),
    updatedAt: timeEquals((row) => records.timeline.revisions.us(row)),
  };
}

function byName(records: ScopeSet): FilterTable {
  return { name: oneOf((row) => records.name(record(records)(row))) };
}

function sortKeys(records: ScopeSet): Readonly<Record<string, SortKey>> {
  return {
    id: 'record',
    createdAt: 'record',
    updatedAt: 'axis',
    name: (row) => records.name(record(records)(row)),
  };
}

export const accounts = listEndpoint({
  path: '/accounts',
  permission: 'Accounts.view',
  records: (world) => world.accounts,
  filters: (records) => ({
    ...exactTimes(records),
    ...byName(records),
    ids: ownIds(records),
    accountIds: ownIds(records),
  }),
  sortKeys,
  siteTokensRefused: 'Action is not allowed to site users',
});

export const sites = listEndpoint({
  path: '/sites',
  permission: 'Sites.view',
  records: (world) => world.sites,
  filters: (records) => ({
    ...exactTimes(records),
    ...byName(records),
    siteIds: ownIds(records),
    accountIds: oneOfIds((row) => records.accountId(record(records)(row))),
  }),
  sortKeys,
  envelope: (list) => ({
    allSites: { activeLicenses: list.reduce(licences, 0), totalLicenses: 0 },
    sites: list,
  }),
});

function licences(sum: number, site: { readonly [key: string]: unknown }): number {
  const { activeLicenses } = site;
  return sum + (typeof activeLicenses === 'number' ? activeLicenses : 0);
}

export const groups = listEndpoint({
  path: '/groups',
  permission: 'Groups.view',
  records: (world) => world.groups,
  filters: (records) => ({
    ...axisFilters('updatedAt'),
    ...byName(records),
    groupIds: ownIds(records),
    siteIds: oneOfIds((row) => records.siteId(record(records)(row))),
    accountIds: oneOfIds((row) => records.accountId(record(records)(row))),
  }),
  sortKeys,
});
