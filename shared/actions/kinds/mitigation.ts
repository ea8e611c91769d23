import { presentFields, textAt } from '../../records/json-fields.ts';
import { parseConsoleTime } from '../../sentinelone/console-time.ts';
import { ActionCall } from '../action-call.ts';
import { type ActionType, actionType, type Look, type Observation } from '../action-type.ts';
import type { Reason } from '../subject.ts';
import { type ActivityMeanings, seenInActivities, typesOf } from './activity-meanings.ts';
import { osOf, withoutAgent, withoutSupport } from './endpoint-state.ts';
import { mitigationAcceptance } from './mitigation-answer.ts';
import {
  isInForce,
  type MitigationAction,
  mitigationEvidence,
  mitigationSince,
  mitigationState,
  newestMitigation,
  partlyDone,
} from './mitigation-status.ts';
import { noParameters } from './parameters.ts';

type Particular =
  | 'id'
  | 'title'
  | 'description'
  | 'danger'
  | 'permission'
  | 'operatingSystems'
  | 'typicalSeconds'
  | 'timeoutMinutes'
  | 'isRepeatable'
  | 'revertedBy'
  | 'instead'
  | 'revert';

/** What is particular to one mitigation of a threat. */
export interface Mitigation extends Pick<ActionType, Particular> {
  /** Below `/threats/mitigate/`. */
  readonly path: string;
  readonly action: MitigationAction;
  /**
   * What takes it back, in the words of `mitigationStatus[].action`; absent where it is an event and no state: what was ended or
   * restored once may run, or be changed, again.
   */
  readonly contrary?: MitigationAction;
  readonly activities: MitigationActivities;
}

/** The activity types that tell of the mitigation. */
export interface MitigationActivities {
  readonly issued: number;
  readonly success: number;
  readonly failed: number;
  readonly pendingReboot: number;
}

const failed: Reason = {
  code: 'mitigation_failed',
  message: 'The agent reported that it could not do it.',
  recommendation:
    'Look at the mitigation report of the threat in the console; the file or process may be gone already.',
};

const rebootPending: Reason = {
  code: 'reboot_pending',
  message: 'The agent finishes it when the endpoint is restarted.',
  recommendation: 'Restart the endpoint, or wait until its user does.',
};

/**
 * `POST /threats/mitigate/…`: done by the agent, and seen in the threat's `mitigationStatus[]`. Each verb stands for itself: whether
 * one implies another is documented nowhere.
 */
export function mitigation({ path, action, contrary, activities, ...declared }: Mitigation): ActionType {
  const meanings: ActivityMeanings = {
    [activities.issued]: { kind: 'accepted' },
    [activities.success]: { kind: 'done' },
    [activities.failed]: { kind: 'failed', reason: failed },
    [activities.pendingReboot]: { kind: 'in_progress', reason: rebootPending },
  };
  return actionType({
    ...declared,
    target: 'threat',
    needsEndpoint: true,
    parameters: noParameters,
    example: {},
    doneWhen: `The threat's \`mitigationStatus[]\` has a new entry \`${action}\` with the status \`success\`, or the activity log says so (activity ${activities.success}).`,
    activityTypes: typesOf(meanings),
    // Where something else is done in its place, an operating system that it is not for is no obstacle.
    unsuitable: (subject) =>
      withoutAgent(subject) ??
      (declared.instead === undefined ? withoutSupport(subject, declared.operatingSystems) : undefined),
    reached({ record }) {
      if (contrary === undefined) return undefined;
      const entry = newestMitigation(record, action);
      return entry !== undefined && isInForce(record, action, contrary)
        ? [mitigationEvidence(entry)]
        : undefined;
    },
    call: (subjects) =>
      ActionCall.of(
        'POST',
        `/threats/mitigate/${path}`,
        subjects.map(({ id }) => id),
        {},
      ),
    acceptance: (answer, subjects) => mitigationAcceptance(answer, subjects, declared.permission),
    before(subject) {
      const entry = newestMitigation(subject.record, action);
      return presentFields({
        lastUpdate: entry === undefined ? undefined : textAt(entry, 'lastUpdate'),
        osType: osOf(subject),
      });
    },
    observe: (look) => observed(look, action, meanings),
  });
}

function observed(
  { subject, before, sentAt, activities }: Look<unknown>,
  action: MitigationAction,
  meanings: ActivityMeanings,
): Observation {
  const told = seenInActivities(activities, meanings);
  const entry = mitigationSince(subject.record, action, {
    lastUpdate: textAt(before, 'lastUpdate'),
    sentAt,
  });
  if (entry === undefined) return told;
  const evidence = [mitigationEvidence(entry)];
  switch (mitigationState(entry)) {
    case 'success':
      return { kind: 'done', evidence };
    case 'failed':
      return { kind: 'failed', evidence, reason: failed };
    case 'partial':
      return { kind: 'failed', evidence, reason: partlyDone(entry) };
    default:
  }
  // An end that the log knows of and the entry not yet.
  const at = parseConsoleTime(entry['lastUpdate']) ?? 0;
  const isNewer = activities.some(({ type, createdAt }) => Object.hasOwn(meanings, type) && createdAt >= at);
  if (isNewer && (told.kind === 'done' || told.kind === 'failed')) return told;
  switch (mitigationState(entry)) {
    case 'pending':
      return { kind: 'in_progress', evidence };
    case 'pending_reboot':
      return { kind: 'in_progress', evidence, reason: rebootPending };
    default:
      return { kind: 'accepted', evidence };
  }
}
