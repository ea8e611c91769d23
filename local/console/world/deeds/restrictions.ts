import { recordId } from '../ids.ts';
import type { User } from './user.ts';

export const restrictionSystems = ['windows', 'macos', 'linux', 'windows_legacy'] as const;
export type RestrictionSystem = (typeof restrictionSystems)[number];

/** Where a restriction holds: for everything, or for one scope. */
export interface RestrictionScope {
  readonly level: 'tenant' | 'account' | 'site' | 'group';
  /** Of the account, site or group; null for the tenant. */
  readonly id: string | null;
  readonly accountId: string | null;
  readonly siteId: string | null;
  readonly name: string;
}

/** What may be said about a hash that is to be blocked. */
export interface RestrictionFacts {
  /** `black_hash` is a block; whatever else the console takes here becomes an exclusion, which is the contrary. */
  readonly type: string;
  readonly osType: RestrictionSystem;
  readonly value: string;
  readonly sha256Value: string | null;
  readonly description: string | null;
  readonly source: 'user' | 'action_from_threat';
  readonly scope: RestrictionScope;
}

export interface Restriction extends RestrictionFacts {
  readonly id: string;
  /** Microseconds. */
  readonly createdUs: number;
  readonly user: User;
}

/** The blocklist, which is empty at first. */
export interface Restrictions {
  /** In the order of their ids. */
  readonly all: readonly Restriction[];
  /** True for an id that a restriction has or had. */
  isKnown(id: string): boolean;
  /** One of the same type, system, value and scope. */
  same(facts: RestrictionFacts): Restriction | undefined;
  add(us: number, user: User, facts: RestrictionFacts): Restriction;
  /** Returns how many there were. */
  remove(ids: ReadonlySet<string>): number;
}

export function restrictions(): Restrictions {
  const known = new Set<string>();
  let all: readonly Restriction[] = [];
  return {
    get all() {
      return all;
    },
    isKnown: (id) => known.has(id),
    same: (facts) =>
      all.find(
        (other) =>
          other.type === facts.type &&
          other.osType === facts.osType &&
          other.value.toLowerCase() === facts.value.toLowerCase() &&
          other.scope.level === facts.scope.level &&
          other.scope.id === facts.scope.id,
      ),
    add(us, user, facts) {
      const id = recordId(us, known.size);
      const restriction = { ...facts, id, createdUs: us, user };
      known.add(id);
      all = [...all, restriction];
      return restriction;
    },
    remove(ids) {
      const before = all.length;
      all = all.filter(({ id }) => !ids.has(id));
      return before - all.length;
    },
  };
}
