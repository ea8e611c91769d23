import type { ActionType } from '../action-type.ts';
import type { Subject } from '../subject.ts';
import { readSubjects } from '../targets/read-subjects.ts';
import type { Action, Target } from './action.ts';
import { type ConsoleWork, typeOf } from './console-work.ts';
import type { HeldAction } from './held-action.ts';
import { judge } from './judge.ts';
import { nextLookAt, withLookAt } from './next-look.ts';
import { type ActivitiesRead, isAbout, readActivities } from './read-activities.ts';
import { afterStep, isCrowded, type TargetChange } from './step.ts';
import { isFinal, isUnderWay } from './transitions.ts';
import { withRelated } from './with-related.ts';

/** A target that is under way. */
interface Followed {
  readonly index: number;
  readonly id: string;
  readonly target: Target;
  readonly type: ActionType;
}

/** What the console shows about some targets of one action type. */
interface Sight {
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly log: ActivitiesRead;
}

/**
 * Looks what has become of all targets that are under way, when it is time to, in as few calls as there are action types among them, times two or
 * three: the records, the activity log, and what the type wants to know besides.
 */
export async function lookAtTargets(held: HeldAction, work: ConsoleWork): Promise<void> {
  if ((held.action.lookAt ?? 0) > work.clock.now()) return;
  const followed = followedOf(held.action, work);
  const changes = new Map<number, TargetChange>();
  for (const [type, targets] of byType(followed)) {
    const sight = await see(type, targets, work);
    for (const one of targets) {
      const change = changeOf(one, held.action, sight, work);
      if (isKept(change, held.action)) changes.set(one.index, change);
    }
  }
  if (followed.length === 0) return;
  await held.commit((action) => {
    // Nobody but the holder changes what is under way.
    const now = work.clock.now();
    const looked = afterStep(action, now, { kind: 'observed' }, changes);
    return withLookAt({ ...looked, looks: looked.looks + 1 }, nextLookAt(looked, now));
  });
}

/** What a crowded trail has no room for is not noted. */
function isKept({ state }: TargetChange, action: Action): boolean {
  return !isCrowded(action) || state === undefined || state === 'requested' || isFinal(state);
}

function followedOf({ targets }: Action, work: ConsoleWork): readonly Followed[] {
  return targets.flatMap((target, index) => {
    if (!isUnderWay(target.state) || target.id === undefined) return [];
    return [{ index, id: target.id, target, type: typeOf(target.performs, work) }];
  });
}

function byType(followed: readonly Followed[]): ReadonlyMap<ActionType, readonly Followed[]> {
  const groups = new Map<ActionType, Followed[]>();
  for (const one of followed) groups.set(one.type, [...(groups.get(one.type) ?? []), one]);
  return groups;
}

async function see(
  type: ActionType,
  targets: readonly Followed[],
  { session, signal }: ConsoleWork,
): Promise<Sight> {
  const ids = [...new Set(targets.map(({ id }) => id))];
  const ask = { api: session.api, signal };
  const subjects = await withRelated(type, await readSubjects(type.target, ids, ask), ask);
  const since = Math.min(...targets.map(({ target }) => target.sentAt ?? 0));
  const log = await readActivities({ kind: type.target, ids, types: type.activityTypes, since }, ask);
  return { subjects, log };
}

function changeOf(
  { id, target, type }: Followed,
  action: Action,
  { subjects, log }: Sight,
  { clock }: ConsoleWork,
): TargetChange {
  const subject = subjects.get(id);
  const parameters = target.parameters ?? action.parameters;
  // What is under way was sent, and has its time.
  const sentAt = target.sentAt ?? 0;
  const own = log.activities.filter(
    (activity) => activity.createdAt >= sentAt && isAbout(activity, type.target, id),
  );
  const observation =
    subject === undefined
      ? ({ kind: 'nothing' } as const)
      : type.observe({
          subject,
          before: target.before ?? {},
          sentAt,
          // Its own schema has parsed them.
          parameters: parameters as never,
          activities: own,
        });
  return judge({
    ...{ type, target, subject, observation, parameters, action },
    isLogComplete: log.isComplete,
    now: clock.now(),
  });
}
