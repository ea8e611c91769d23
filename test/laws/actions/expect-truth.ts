import type { Action, Target, TrailEntry } from '../../../shared/actions/run/action.ts';
import { alreadySo } from '../../../shared/actions/run/action-state.ts';
import type { Evidence } from '../../../shared/actions/subject.ts';
import { agentVerbs } from '../../support/memory/endpoints/commands.ts';
import type { ActionWorld } from './action-world.ts';
import { executionsOf, isOverwritten, pathOf } from './executions-of.ts';
import type { Expect } from './expect-action-laws.ts';

/** Clocks differ by some seconds. */
const clocksMs = 10_000;
/** What a worker has read may be that old when it is written down. */
const readMs = 70_000;
const latestActivityMs = 120_000;
/** After which what cannot be looked at is given up. */
const longestFollowedMs = 48 * 3_600_000;

/** A3: every state is true, and what it rests on was shown by the console. */
export function expectTruth(world: ActionWorld, action: Action, expect: Expect): void {
  const law = (holds: boolean, otherwise: () => string) => expect('A3 truth', holds, otherwise);
  for (const entry of action.trail)
    for (const { target: index, evidence = [], state } of entry.targets) {
      const target = action.targets[index];
      if (target === undefined) continue;
      for (const one of evidence)
        law(
          wasShown(world, action, target, entry, one, state === 'unknown'),
          () => `${state} of ${target.id}: ${JSON.stringify(one)}`,
        );
    }
  for (const [index, target] of action.targets.entries()) {
    const { attempts, id } = target;
    const tried = attemptsTold(action, index);
    law(attempts === tried, () => `${id} was sent ${attempts} times, and its trail says ${tried}`);
    const last = action.trail.findLast(({ targets }) =>
      targets.some(({ target: i }) => action.targets[i] === target),
    );
    if (last !== undefined) expectState(world, action, target, last, law);
  }
}

/** Commands that may have reached the console: those that were announced, without those that it has not taken. */
function attemptsTold({ trail }: Action, index: number): number {
  let attempts = 0;
  for (const { kind, targets } of trail) {
    const { state } = targets.find(({ target }) => target === index) ?? {};
    if (kind === 'sending' && state === 'sent') attempts++;
    if (kind === 'answered' && state === 'requested') attempts--;
  }
  return attempts;
}

function expectState(
  world: ActionWorld,
  action: Action,
  target: Target,
  { at }: TrailEntry,
  law: (holds: boolean, otherwise: () => string) => void,
): void {
  const { id, state, reason, evidence, performs } = target;
  const own = executionsOf(world, action, target);
  const path = pathOf(target, action);
  const others = world.endpoints.executions.filter((one) => one.id === id && one.by !== action.id);
  const says = () => `${performs} of ${id} is ${state} (${reason?.code}), executed ${own.length} times`;
  switch (state) {
    case 'done':
      // Where others do the same, what is seen may be theirs: it is as it was wanted all the same.
      law(own.length > 0 || others.some((one) => one.path === path) || isWantedState(target), says);
      law(evidence.length > 0, () => `${says()}, without evidence`);
      // That the console has accepted a command is no end, but of a message, of which nothing else is ever seen.
      law(
        performs === 'broadcast-message' || evidence.some(({ source }) => source !== 'answer'),
        () => `${says()}, and only accepted`,
      );
      return;
    case 'skipped':
      if (reason?.code === alreadySo)
        law(!isBeingTakenBack(world, target, at), () => `${says()}, and a contrary command is under way`);
      law(own.length === 0 || isOverwritten(world, action, target), says);
      return;
    case 'expired':
      law(own.length === 0 || isOverwritten(world, action, target), says);
      return;
    case 'failed':
      if (reason?.code === 'not_affected' || reason?.code === 'not_permitted') law(own.length === 0, says);
      else law(evidence.length > 0 || own.length === 0, says);
      return;
    case 'unknown':
      law(isUnknowable(world, target, own, others.length, at), () => `${says()}: the console shows it`);
      return;
    default:
      law(false, () => `${says()} at its end`);
  }
}

function isWantedState({ performs }: Target): boolean {
  return performs === 'contain' || performs === 'release' || performs.startsWith('set-');
}

const contraryPaths: Readonly<Record<string, string>> = {
  contain: '/agents/actions/connect',
  release: '/agents/actions/disconnect',
};

/**
 * True where an endpoint that is said to be on the network, or off it, already is about to change: the log has told of a contrary
 * command that had not come to its end, and that nothing has overtaken.
 */
function isBeingTakenBack(world: ActionWorld, { performs, id }: Target, at: number): boolean {
  const contrary = contraryPaths[performs];
  if (contrary === undefined || world.isLogForbidden) return false;
  const { executions, activities, timeline } = world.endpoints;
  const skewMs = world.endpoints.now() - timeline.time;
  const newest = executions.findLast((one) => one.id === id && one.path.endsWith('connect') && one.at <= at);
  if (newest?.path !== contrary || (newest.endedAt ?? Number.POSITIVE_INFINITY) <= at) return false;
  const issued = agentVerbs[contrary.slice('/agents/actions/'.length)]?.issued;
  return activities.some(
    ({ agentId, activityType, visibleAt, createdAt }) =>
      agentId === id && activityType === issued && createdAt - skewMs >= newest.at && visibleAt < at - readMs,
  );
}

/** True where the console allows no better answer. */
function isUnknowable(
  world: ActionWorld,
  { reason, performs, id = '' }: Target,
  own: ReturnType<typeof executionsOf>,
  others: number,
  at: number,
): boolean {
  const [first] = own;
  switch (reason?.code) {
    case 'no_trace':
    case 'count_incomplete':
      return first === undefined || performs === 'broadcast-message' || world.isLogForbidden || others > 0;
    case 'not_seen_in_time': {
      const isShown = first?.endedAt !== undefined && first.endedAt < at - latestActivityMs - clocksMs;
      return !isShown || others > 0 || world.isLogForbidden;
    }
    // Evidence says that the endpoint is offline, which is checked as all evidence is.
    case 'still_offline':
      return true;
    case 'gone':
      return world.endpoints.gone.has(id);
    // The console goes by its record, of which both say why it is no proof.
    case 'offline_not_affected':
    case 'record_in_doubt':
      return first === undefined;
    case 'connector_deleted':
      return world.time >= world.disabledFrom;
    case 'not_looked':
      return world.outage.to - world.outage.from >= longestFollowedMs;
    default:
      return false;
  }
}

function wasShown(
  world: ActionWorld,
  action: Action,
  target: Target,
  { at }: TrailEntry,
  { source, field, value, consoleTime, id }: Evidence,
  isUnknown: boolean,
): boolean {
  const { shown, activities, threats } = world.endpoints;
  const { id: targetId = '', agentId = '' } = target;
  // What was seen last of a target that nobody can tell the end of may be long ago.
  const since = isUnknown ? 0 : at;
  const isAbout = (of: string, name: string) =>
    shown.wasShown(of, name, String(value), since - readMs, at + clocksMs);
  switch (source) {
    case 'answer':
      // Others may have been faster with what the console has details of; its count is of what it has taken from us.
      if (field === 'data.affected') return executionsOf(world, action, target).length > 0;
      return world.console.reached.some(({ by, ids }) => by === action.id && ids.includes(targetId));
    case 'activity': {
      const one = activities.find((activity) => activity.id === id);
      const isOurs = one?.agentId === agentId || one?.threatId === targetId;
      // `sentAt` is a little earlier than the command, by the console's clock.
      const isSince = (one?.createdAt ?? 0) >= (target.sentAt ?? 0) - clocksMs;
      return (
        one !== undefined && one.activityType === value && isOurs && isSince && one.visibleAt <= at + clocksMs
      );
    }
    case 'agent':
      return isAbout(agentId, field);
    case 'alert':
      return isAbout(targetId, field);
    case 'note':
      return threats.get(targetId)?.notes.some((note) => note.id === id && note.text === value) ?? false;
    case 'threat': {
      if (!field.startsWith('mitigationStatus.')) return isAbout(targetId, field);
      const verb = field.slice('mitigationStatus.'.length).replace(/^rollback$/, 'rollback-remediation');
      return shown.wasShown(targetId, `mitigation ${verb} ${consoleTime}`, String(value), 0, at + clocksMs);
    }
    default:
      return false;
  }
}
