import type { Json, JsonObject } from '../../../shared/json.ts';
import { recordId } from './ids.ts';
import { formatMicros, micros } from './micro-time.ts';
import { type Account, type Group, type Organisation, type Site, scopeIndex } from './organisation.ts';
import type { RecordSet } from './record-set.ts';
import { Timeline } from './timeline.ts';
import { accountNames, analysts, groupNames, siteNames } from './vocabulary.ts';

/** Accounts, sites and groups: they were there before everything else and do not change. */
export interface Scopes {
  readonly accounts: ScopeSet;
  readonly sites: ScopeSet;
  readonly groups: ScopeSet;
}

export interface ScopeSet extends RecordSet {
  name(record: number): string;
}

/** @param hostCount hosts of the base, whose homes are counted */
export function scopes(organisation: Organisation, epochUs: number, hostCount: number): Scopes {
  const hostsOf = new Map<Group, number>();
  for (let host = 0; host < hostCount; host++) {
    const group = organisation.homeOf(host);
    hostsOf.set(group, (hostsOf.get(group) ?? 0) + 1);
  }
  const hosts = (groups: readonly Group[]) =>
    groups.reduce((sum, group) => sum + (hostsOf.get(group) ?? 0), 0);
  const groupsOf = (site: Site) => organisation.groups.filter((group) => group.site === site);
  const sitesOf = (account: Account) => organisation.sites.filter((site) => site.account === account);

  return {
    accounts: scopeSet(organisation.accounts, epochUs, {
      place: (account) => ({ siteId: null, accountId: account.id, groupId: null }),
      body: (account, updatedAt) =>
        accountBody(account, updatedAt, sitesOf(account).length, hosts(sitesOf(account).flatMap(groupsOf))),
    }),
    sites: scopeSet(organisation.sites, epochUs, {
      place: (site) => ({ siteId: site.id, accountId: site.account.id, groupId: null }),
      body: (site, updatedAt) => siteBody(site, updatedAt, hosts(groupsOf(site))),
    }),
    groups: scopeSet(organisation.groups, epochUs, {
      place: (group) => ({ siteId: group.site.id, accountId: group.site.account.id, groupId: group.id }),
      body: (group, updatedAt) => groupBody(group, updatedAt, hosts([group])),
    }),
  };
}

interface Place {
  readonly siteId: string | null;
  readonly accountId: string | null;
  readonly groupId: string | null;
}

interface ScopeKind<S extends Account> {
  place(scope: S): Place;
  body(scope: S, updatedAt: string): JsonObject;
}

function scopeSet<S extends Account>(list: readonly S[], epochUs: number, kind: ScopeKind<S>): ScopeSet {
  const at = (record: number): S => {
    const scope = list[record];
    if (scope === undefined) throw new Error(`There is no scope number ${record}.`);
    return scope;
  };
  const timeline = new Timeline({
    epochUs,
    population: {
      createdUs: (record) => at(record).createdUs,
      leader: (record) => record,
      countAt: () => list.length,
    },
    // The last change of a scope was a day after its creation.
    plannedUs: (record) => [at(record).createdUs + micros.day],
  });
  return {
    timeline,
    id: (record) => at(record).id,
    find: (id) => scopeIndex(list, id),
    createdUs: (record) => at(record).createdUs,
    siteId: (record) => kind.place(at(record)).siteId,
    accountId: (record) => kind.place(at(record)).accountId,
    groupId: (record) => kind.place(at(record)).groupId,
    name: (record) => at(record).name,
    body: (row) => kind.body(at(timeline.revisions.record(row)), formatMicros(timeline.revisions.us(row))),
  };
}

function accountBody(
  account: Account,
  updatedAt: string,
  numberOfSites: number,
  activeAgents: number,
): JsonObject {
  const isFirst = account.name === accountNames[0];
  return {
    accountType: 'Paid',
    activeAgents,
    agentsInCompleteSku: activeAgents,
    agentsInControlSku: 0,
    agentsInCoreSku: 0,
    billingMode: isFirst ? 'subscription' : 'consumption',
    completeSites: numberOfSites,
    controlSites: 0,
    coreSites: 0,
    createdAt: formatMicros(account.createdUs),
    creator: analysts[0],
    creatorId: account.id,
    expiration: isFirst ? null : '2031-12-31T23:59:59Z',
    externalId: isFirst ? '' : 'CRM 4711 🧾',
    id: account.id,
    irFields: isFirst
      ? null
      : { city: 'Malmö', companyName: account.name, contactEmail: '', industry: 'Other', postal: null },
    isDefault: false,
    licenses: isFirst ? licences(activeAgents) : noLicences(),
    makeSocDefaultUi: null,
    name: account.name,
    numberOfSites,
    salesforceId: null,
    skus: [{ agentsInSku: activeAgents, totalLicenses: 0, type: 'Complete', unlimited: true }],
    state: 'active',
    totalComplete: 0,
    totalControl: 0,
    totalCore: 0,
    totalLicenses: 0,
    unlimitedComplete: true,
    unlimitedControl: false,
    unlimitedCore: false,
    unlimitedExpiration: isFirst,
    updatedAt,
    usageType: isFirst ? 'customer' : 'mssp',
  };
}

function siteBody(site: Site, updatedAt: string, activeLicenses: number): JsonObject {
  const isTrial = site.name === siteNames.at(-1)?.name;
  return {
    accountId: site.account.id,
    accountName: site.account.name,
    activeLicenses,
    createdAt: formatMicros(site.createdUs),
    creator: analysts[0],
    creatorId: site.account.id,
    description: isTrial ? 'Testbetrieb bis Jahresende 🏗️' : null,
    expiration: isTrial ? '2027-01-31T00:00:00.000000Z' : null,
    externalId: null,
    healthStatus: true,
    id: site.id,
    isDefault: false,
    licenses: isTrial ? noLicences() : licences(activeLicenses),
    name: site.name,
    registrationToken: site.registrationToken,
    siteType: isTrial ? 'Trial' : 'Paid',
    sku: 'Complete',
    state: 'active',
    suite: 'Complete',
    totalLicenses: 0,
    unlimitedExpiration: !isTrial,
    unlimitedLicenses: true,
    updatedAt,
  };
}

function groupBody(group: Group, updatedAt: string, totalAgents: number): JsonObject {
  const isDynamic = group.name === groupNames[1];
  return {
    createdAt: formatMicros(group.createdUs),
    creator: analysts[1],
    creatorId: group.site.id,
    description: isDynamic ? null : '',
    filterId: isDynamic ? recordId(group.createdUs, 77) : null,
    filterName: isDynamic ? 'All servers – “srv-*”' : null,
    id: group.id,
    inherits: group.isDefault,
    isDefault: group.isDefault,
    name: group.name,
    rank: isDynamic ? 1 : null,
    registrationToken: group.registrationToken,
    siteId: group.site.id,
    totalAgents,
    type: isDynamic ? 'dynamic' : group.isDefault ? 'static' : 'pinned',
    updatedAt,
  };
}

function noLicences(): Json {
  return { bundles: [], modules: [], settings: [] };
}

function licences(count: number): Json {
  return {
    bundles: [
      {
        displayName: 'Singularity Complete',
        majorVersion: 1,
        minorVersion: 26,
        name: 'complete',
        surfaces: [{ count, name: 'Total Agents' }],
        totalSurfaces: count,
      },
    ],
    modules: [{ displayName: 'STAR', majorVersion: 1, name: 'star' }],
    settings: [
      {
        displayName: '14 days',
        groupName: null,
        setting: '14 Days',
        settingGroup: 'dv_retention',
        settingGroupDisplayName: 'Deep Visibility retention',
      },
    ],
  };
}
