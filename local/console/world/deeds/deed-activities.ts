import type { JsonObject } from '../../../../shared/json.ts';
import type { ActivityType } from '../activity-types.ts';
import type { AgentIdentity } from '../agent-identity.ts';
import type { Account, Group } from '../organisation.ts';
import type { Agenda } from './agenda.ts';
import type { User } from './user.ts';

/** What an activity tells of a deed. */
export interface DeedActivity {
  readonly type: ActivityType;
  /** Who gave the command; absent for what an agent did. */
  readonly user?: User;
  readonly host?: AgentIdentity;
  /** The threat's number. */
  readonly threat?: number;
  /** Where it belongs if it is about no host. */
  readonly scope?: { readonly account: Account | undefined; readonly group?: Group };
  /** Fields of `data` besides the usual ones, given the activity's own id. */
  readonly data?: (id: string) => JsonObject;
}

/** With the time at which it appears, microseconds. */
export interface PublishedActivity extends DeedActivity {
  readonly us: number;
}

/** The activities that tell of deeds, in the order in which they appear. */
export interface DeedActivities {
  countAt(us: number): number;
  at(index: number): PublishedActivity;
  /** Appears at this time, or once it is the agenda's turn. */
  publish(us: number, activity: DeedActivity): void;
  /** The time of the oldest one that has appeared since this was last asked; undefined where there is none. */
  takeFirstNewUs(): number | undefined;
}

export function deedActivities(agenda: Agenda): DeedActivities {
  const known: PublishedActivity[] = [];
  let taken = 0;

  function at(index: number): PublishedActivity {
    const activity = known[index];
    if (activity === undefined) throw new Error(`There is no activity number ${index} of a deed.`);
    return activity;
  }

  return {
    at,
    countAt(us) {
      let low = 0;
      let high = known.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (at(middle).us <= us) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    publish(us, activity) {
      agenda.add(us, () => known.push({ ...activity, us }));
    },
    takeFirstNewUs() {
      const first = known[taken]?.us;
      taken = known.length;
      return first;
    },
  };
}
