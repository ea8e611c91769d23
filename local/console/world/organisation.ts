import { findById, recordId } from './ids.ts';
import { micros } from './micro-time.ts';
import { draws, hash, purpose } from './random.ts';
import { accountNames, groupNames, siteNames } from './vocabulary.ts';

/** A scope of the console: an account, a site or a group. `createdUs` in microseconds. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly createdUs: number;
}

export interface Site extends Account {
  readonly account: Account;
  /** Stands for a secret in the answers, as it does in a real console. */
  readonly registrationToken: string;
}

export interface Group extends Account {
  readonly site: Site;
  readonly isDefault: boolean;
  readonly registrationToken: string;
}

/** The accounts, sites and groups that everything else belongs to; all of them older than any other record. */
export interface Organisation {
  readonly accounts: readonly Account[];
  readonly sites: readonly Site[];
  readonly groups: readonly Group[];
  /** Where a host belongs, by its number. */
  homeOf(host: number): Group;
}

export function organisation(seed: number, beforeUs: number): Organisation {
  const startUs = beforeUs - 30 * micros.day;
  const accounts = accountNames.map((name, index) => {
    const createdUs = startUs + index * micros.hour + 271_828;
    return { id: recordId(createdUs, index), name, createdUs };
  });
  const sites = siteNames.map(({ name, account }, index) => {
    const owner = accounts[account];
    if (owner === undefined) throw new Error(`Site ${name} names no account of the vocabulary.`);
    const createdUs = startUs + micros.day + index * micros.hour + 314_159;
    return {
      id: recordId(createdUs, index),
      name,
      createdUs,
      account: owner,
      registrationToken: secret(seed, index),
    };
  });
  const groups = sites.flatMap((site, siteIndex) =>
    groupNames.map((name, index) => {
      const number = siteIndex * groupNames.length + index;
      const createdUs = startUs + 2 * micros.day + number * micros.hour + 141_421;
      const registrationToken = secret(seed, 1_000 + number);
      return {
        id: recordId(createdUs, number),
        name,
        createdUs,
        site,
        isDefault: index === 0,
        registrationToken,
      };
    }),
  );
  const homes = groups.flatMap((group) => {
    const share = siteNames[sites.indexOf(group.site)]?.share ?? 1;
    return Array.from({ length: share * (group.isDefault ? 4 : 1) }, () => group);
  });
  return {
    accounts,
    sites,
    groups,
    homeOf(host) {
      const group = homes[hash(seed, purpose.organisation, host) % homes.length];
      if (group === undefined) throw new Error('The organisation has no group.');
      return group;
    },
  };
}

function secret(seed: number, index: number): string {
  return draws(seed, purpose.organisation, index, 9).hex(40);
}

/** The position of the scope with this id in a list that ascends by id, or -1. */
export function scopeIndex(scopes: readonly Account[], id: string): number {
  return findById(id, scopes.length, (index) => scopes[index]?.id ?? '0');
}
