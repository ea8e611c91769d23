import type { Activity, Observation } from '../action-type.ts';
import type { Reason } from '../subject.ts';
import { activityEvidence } from './evidence.ts';

/** What an entry of the activity log says about a command. */
export type ActivityMeaning =
  | { readonly kind: 'accepted' | 'in_progress' | 'done'; readonly reason?: Reason }
  | { readonly kind: 'failed'; readonly reason: Reason };

/** By activity type. */
export type ActivityMeanings = Readonly<Record<number, ActivityMeaning>>;

/** The types that are looked for. */
export function typesOf(meanings: ActivityMeanings): readonly number[] {
  return Object.keys(meanings).map(Number);
}

/** What the latest entry says that has a meaning. */
export function seenInActivities(activities: readonly Activity[], meanings: ActivityMeanings): Observation {
  const latest = activities.findLast(({ type }) => Object.hasOwn(meanings, type));
  const meaning = latest === undefined ? undefined : meanings[latest.type];
  if (latest === undefined || meaning === undefined) return { kind: 'nothing' };
  return { ...meaning, evidence: [activityEvidence(latest)] };
}
