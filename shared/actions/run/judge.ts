import type { JsonObject } from '../../json.ts';
import { isTrueAt, textAt } from '../../records/json-fields.ts';
import type { ActionType, Observation } from '../action-type.ts';
import type { Evidence, Reason, Subject } from '../subject.ts';
import type { Action, Target } from './action.ts';
import { hashOf } from './action-id.ts';
import { already } from './fitness.ts';
import { isCrowded, type TargetChange } from './step.ts';

const minuteMs = 60_000;

/**
 * For so long a command of which the console shows no trace is looked for before it is taken for lost. The console's activity log
 * has been seen two minutes late. It is also longer than anybody who sent the command can still be alive, so that it cannot arrive
 * after it was taken for lost (docs/decisions/0013-response-actions.md).
 */
export const traceMs = 5 * minuteMs;
/** Commands that are lost are not sent for ever. */
export const mostAttempts = 3;

/** The reason of a target that is one of several of which the console has counted only some, and does not say which. */
export const countIncomplete: Reason = {
  code: 'count_incomplete',
  message: 'The console has taken the command for some of the targets, and does not say which.',
  recommendation: 'Ask for one target at a time where it has to be known.',
};
/** The reason of a target of which the console has said that it did nothing, and not why. */
export const countedNone: Reason = {
  code: 'counted_none',
  message: 'The console has answered that it did nothing here; why is being looked up.',
};

/** What a target is judged by besides what was seen. Epoch milliseconds, by our clock. */
export interface Judgement {
  readonly type: ActionType;
  readonly target: Target;
  /** Undefined where the console no longer shows it. */
  readonly subject: Subject | undefined;
  readonly observation: Observation;
  /** False where the activity log may hold more about it than could be read: then nobody can say that there is no trace. */
  readonly isLogComplete: boolean;
  readonly parameters: JsonObject;
  readonly action: Pick<Action, 'expiresAt' | 'followUntil' | 'trail'>;
  readonly now: number;
}

/**
 * What a look makes of a target that is under way. Pure: everything that an action's outcome rests on is decided here and in the
 * action type's `observe`.
 */
export function judge(judgement: Judgement): TargetChange {
  const { subject, target, now } = judgement;
  if (subject === undefined) {
    const missedAt = target.missedAt ?? now;
    return isGone({ missedAt }, now) ? { state: 'unknown', reason: gone } : { missedAt };
  }
  const change = judged({ ...judgement, subject });
  return target.missedAt === undefined ? change : { ...change, missedAt: null };
}

/** One answer without a record proves nothing: consoles have been seen to answer with an empty page. */
const goneMs = 5 * minuteMs;

/** True for a target that the console has not shown for so long that it is gone. */
export function isGone({ missedAt }: Pick<Target, 'missedAt'>, now: number): boolean {
  return missedAt !== undefined && now - missedAt >= goneMs;
}

/** True where nobody can say of a threat whether the endpoint that has to act is there, let alone online. */
export function lacksEndpoint({ needsEndpoint }: ActionType, { agent }: Subject): boolean {
  return needsEndpoint && agent === undefined;
}

function judged(judgement: Judgement & { readonly subject: Subject }): TargetChange {
  const { subject, observation, target, now, action } = judgement;
  if (observation.kind === 'done' || observation.kind === 'failed') {
    const { kind: state, evidence, reason = null } = observation;
    return { state, evidence, reason };
  }
  if (observation.kind === 'nothing' && target.state === 'sent')
    return withoutTrace({ ...judgement, subject });
  if (lacksEndpoint(judgement.type, subject)) {
    // Its state stays what it was: of an endpoint that is not shown nobody knows whether it is online.
    return isOverdue(judgement) ? { state: 'unknown', reason: notSeen(judgement) } : {};
  }
  const seen: TargetChange =
    observation.kind === 'nothing'
      ? // That it was offline is no longer what its state rests on.
        target.state === 'pending_offline'
        ? { evidence: [{ source: 'agent', field: 'isActive', value: true }] }
        : {}
      : { evidence: observation.evidence, reason: observation.reason ?? null };
  const accepted = target.acceptedAt === undefined ? { acceptedAt: now } : {};
  const offline = judgement.type.needsEndpoint ? offlineEvidence(subject) : undefined;
  if (offline !== undefined) {
    if (now >= action.followUntil)
      return { ...accepted, state: 'unknown', evidence: offline, reason: stillOffline };
    return { ...accepted, state: 'pending_offline', evidence: offline, reason: null };
  }
  if (isOverdue(judgement)) return { ...accepted, ...seen, state: 'unknown', reason: notSeen(judgement) };
  return { ...accepted, ...seen, state: stateSeen(judgement) };
}

function stateSeen({ observation, target }: Judgement): Target['state'] {
  // What has begun is not un-begun by a look that sees less.
  if (observation.kind === 'in_progress' || target.state === 'in_progress') return 'in_progress';
  return 'accepted';
}

/** The console shows nothing of a command that may never have reached it, or has said that it did nothing. */
function withoutTrace(judgement: Judgement & { readonly subject: Subject }): TargetChange {
  const { type, target, action, now, isLogComplete } = judgement;
  const code = target.reason?.code;
  if (code === countedNone.code) return explained(judgement);
  if (now - target.changedAt < traceMs) return {};
  const isCounted = code === countIncomplete.code;
  if (!isLogComplete) {
    const reason = noTrace(type, 'may be in the part of the activity log that cannot be read');
    return { state: 'unknown', reason: isCounted ? countIncomplete : reason };
  }
  if (hasChanged(judgement)) {
    const reason = noTrace(type, 'has changed since, which may hide it');
    return { state: 'unknown', reason: isCounted ? countIncomplete : reason };
  }
  if (isCounted) return explained(judgement);
  if (!type.isRepeatable)
    return { state: 'unknown', reason: noTrace(type, 'must not be sent again blindly') };
  if (target.attempts >= mostAttempts)
    return { state: 'unknown', reason: noTrace(type, `was sent ${target.attempts} times`) };
  if (now >= action.expiresAt) return { state: 'unknown', reason: noTrace(type, 'has expired') };
  return { state: 'requested', reason: null };
}

/**
 * True where what was kept of the time before is no longer so. A field that somebody else has set since may have had our value in
 * between: sending again would take their decision back.
 */
function hasChanged({ type, target, subject }: Judgement & { readonly subject: Subject }): boolean {
  return target.before !== undefined && hashOf(type.before(subject)) !== hashOf(target.before);
}

/** Why the console has done nothing. */
function explained(judgement: Judgement & { readonly subject: Subject }): TargetChange {
  const { type, subject, parameters } = judgement;
  // Its own schema has parsed them.
  const evidence = type.reached(subject, parameters as never);
  // What the record has shown right before sending as well was known to be no proof then.
  const isInDoubt = type.history !== undefined && !hasChanged(judgement);
  if (evidence !== undefined && !isInDoubt) return { state: 'skipped', reason: already(type), evidence };
  const unsuitable = type.unsuitable(subject, parameters as never);
  if (unsuitable !== undefined) return { state: 'failed', reason: unsuitable };
  if (evidence !== undefined) return { state: 'unknown', reason: recordInDoubt, evidence };
  const offline = type.needsEndpoint ? offlineEvidence(subject) : undefined;
  if (offline !== undefined) return { state: 'unknown', reason: offlineNotAffected(type), evidence: offline };
  return { state: 'failed', reason: notAffected(type) };
}

/** An endpoint that is online, and does not come to an end. Times offline do not count: every return begins anew, until the last one. */
function isOverdue({ type, target, now, action }: Judgement): boolean {
  const timeoutMs = type.timeoutMinutes * minuteMs;
  // Nor is it known of a crowded trail for how long the endpoint has been online.
  const isBack = target.state === 'pending_offline' || isCrowded(action);
  return now >= action.followUntil + timeoutMs || (!isBack && now - target.changedAt >= timeoutMs);
}

/** That the endpoint is offline, as the console says it; undefined for one that is online. */
export function offlineEvidence({ agent }: Subject): readonly Evidence[] | undefined {
  if (isTrueAt(agent, 'isActive')) return undefined;
  const lastActive = textAt(agent, 'lastActiveDate');
  return [
    { source: 'agent', field: 'isActive', value: false },
    ...(lastActive === undefined
      ? []
      : [{ source: 'agent', field: 'lastActiveDate', value: lastActive, consoleTime: lastActive } as const]),
  ];
}

const gone: Reason = {
  code: 'gone',
  message: 'The console no longer shows it, so what became of it cannot be seen.',
  recommendation:
    'Look in the console whether the endpoint was decommissioned or uninstalled, or the threat deleted.',
};

const stillOffline: Reason = {
  code: 'still_offline',
  message:
    'The endpoint has been offline for as long as it was to be followed. The console still has the command.',
  recommendation:
    'It is carried out when the endpoint comes back; look at it in the console then, or ask for the action again.',
};

function notSeen({ type }: Judgement): Reason {
  return {
    code: 'not_seen_in_time',
    message: `The console has taken the command, and its end was not seen within ${type.timeoutMinutes} minutes with the endpoint online.`,
    recommendation: 'Look at the endpoint in the console; the command may still be carried out.',
  };
}

function notAffected({ permission }: ActionType): Reason {
  return {
    code: 'not_affected',
    message: 'The console answered that it did nothing here, and not why.',
    recommendation: `Most often the role of the token's user lacks ${permission} for this endpoint's site or group: check it, then ask again.`,
  };
}

/** The console goes by its record, and that of an endpoint that is offline is how it was. */
function offlineNotAffected({ permission }: ActionType): Reason {
  return {
    code: 'offline_not_affected',
    message:
      'The console answered that it did nothing here. The endpoint is offline, so that what the console shows of it is how it was, and an earlier command may be waiting for it.',
    recommendation: `Ask again when it is back. If nothing is done then either, the role of the token's user may lack ${permission}.`,
  };
}

const recordInDoubt: Reason = {
  code: 'record_in_doubt',
  message:
    'The console answered that it did nothing here. Its record shows what was wanted, as it did before the command, when the endpoint was offline or a contrary command was under way: it may change yet.',
  recommendation: 'Ask again in some minutes, when the record has caught up.',
};

function noTrace({ title }: ActionType, why: string): Reason {
  return {
    code: 'no_trace',
    message: `The call to the console had no answer, the console shows no trace of the command since, and it ${why}.`,
    recommendation: `Look in the console's activity log whether "${title}" is there, then ask for the action again if it is not.`,
  };
}
