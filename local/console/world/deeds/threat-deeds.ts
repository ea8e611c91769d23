import { analystVerdictChanged, incidentStatusChanged, noteActivityTypes } from '../activity-types.ts';
import { recordId } from '../ids.ts';
import { micros } from '../micro-time.ts';
import type { ThreatState } from '../threat-state.ts';
import type { Threats } from '../threats.ts';
import type { AgentRoster } from './agent-roster.ts';
import { isWindows } from './agent-verbs.ts';
import type { Changes } from './changes.ts';
import type { DeedActivity } from './deed-activities.ts';
import { mitigationAsked, mitigationEnded } from './deed-activity-types.ts';
import {
  isOpen,
  type Mitigation,
  type MitigationAction,
  type MitigationResult,
  type SkipReason,
} from './mitigation.ts';
import type { ThreatChange } from './threat-change.ts';
import type { DeedTiming } from './timing.ts';
import type { User } from './user.ts';
import type { WrittenNotes } from './written-notes.ts';

/** What is made of the next mitigation of a threat: an end other than success, or a reason not to begin. */
export type NextMitigation = { readonly result: MitigationResult } | { readonly skipped: SkipReason };

/** What the console made of a mitigation that was asked for. */
export type MitigationAnswer =
  | { readonly kind: 'accepted'; readonly mitigation: Mitigation }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly description: string };

/** What users do to threats. All times in microseconds; all threats by their numbers, and listed. */
export interface ThreatDeeds {
  mitigate(threat: number, action: MitigationAction, us: number, user: User): MitigationAnswer;
  setNextMitigation(threat: number, next: NextMitigation): void;
  /** Returns false where the threat was so already. */
  judge(
    threat: number,
    change: Partial<Pick<ThreatState, 'incidentStatus' | 'analystVerdict'>>,
    us: number,
    user: User,
  ): boolean;
  addNote(threat: number, text: string, us: number, user: User): void;
}

export interface ThreatDeedsOptions {
  readonly threats: Threats;
  readonly changes: Changes<ThreatChange>;
  readonly notes: WrittenNotes;
  readonly roster: AgentRoster;
  /** True for a host that the console lists. */
  readonly hasAgent: (record: number, us: number) => boolean;
  readonly timing: () => DeedTiming;
  readonly tell: (us: number, activity: DeedActivity) => void;
}

const refusals: Readonly<Record<SkipReason, string>> = {
  permissions: 'The user may not do this to the threat.',
  not_supported: "The endpoint's operating system does not support the action.",
  precondition: 'The endpoint is not managed any more.',
  triggered: 'The action has been triggered already.',
};

/** Rolling back needs the shadow copies of Windows; undoing what a threat changed is not offered on Linux. */
function isSupported(action: MitigationAction, host: ReturnType<Threats['host']>): boolean {
  if (action === 'rollback') return isWindows(host);
  return action !== 'remediate' || isWindows(host) || host.os.type === 'macos';
}

export function threatDeeds(options: ThreatDeedsOptions): ThreatDeeds {
  const { threats, changes, notes, roster, hasAgent, timing, tell } = options;
  const next = new Map<number, NextMitigation>();
  let reports = 0;

  function state(threat: number, us: number): ThreatState {
    return threats.state(threats.timeline.rowAt(threat, us));
  }

  function change(threat: number, us: number, part: ThreatChange): void {
    changes.add(threat, us, { ...changes.at(threat, us), ...part });
    threats.timeline.addDeed(us, threat);
  }

  /** Of every action there is one entry: the newest. */
  function put(threat: number, us: number, mitigation: Mitigation): void {
    const others = (changes.at(threat, us)?.mitigations ?? []).filter(
      ({ action }) => action !== mitigation.action,
    );
    change(threat, us, { mitigations: [...others, mitigation] });
  }

  function skipReason(threat: number, action: MitigationAction, us: number): SkipReason | undefined {
    const told = next.get(threat);
    if (told !== undefined && 'skipped' in told) {
      next.delete(threat);
      return told.skipped;
    }
    const host = threats.host(threat);
    if (!isSupported(action, host)) return 'not_supported';
    if (!hasAgent(host.record, us) || !roster.isInService(host.record, us)) return 'precondition';
    const known = (changes.at(threat, us)?.mitigations ?? []).find((entry) => entry.action === action);
    return known !== undefined && isOpen(known) ? 'triggered' : undefined;
  }

  function mitigate(threat: number, action: MitigationAction, us: number, user: User): MitigationAnswer {
    const reason = skipReason(threat, action, us);
    if (reason !== undefined) return { kind: 'skipped', reason, description: refusals[reason] };
    const agent = roster.commanded(threats.host(threat).record, us);
    const told = next.get(threat);
    next.delete(threat);
    const result = told !== undefined && 'result' in told ? told.result : 'success';
    let current: Mitigation = {
      action,
      status: agent.life.isOnline ? 'sent' : 'pending',
      lastUpdateUs: us,
      reportId: recordId(us, reports++),
      startedUs: null,
      endedUs: null,
    };
    put(threat, us, current);
    tell(us, { type: mitigationAsked[action], user, threat });
    const accepted = current;
    agent.life.give(us, {
      channel: `mitigation ${threat} ${action}`,
      durationMs: ({ mitigationMs }) => mitigationMs,
      begin(startedUs) {
        // What was sent already shows nothing new when the agent begins.
        const isNews = current.status === 'pending';
        current = { ...current, status: 'sent', startedUs, ...(isNews ? { lastUpdateUs: startedUs } : {}) };
        if (isNews) put(threat, startedUs, current);
      },
      finish(endedUs) {
        current = { ...current, status: result, lastUpdateUs: endedUs, endedUs };
        put(threat, endedUs, current);
        tell(endedUs, {
          type: mitigationEnded[action][result],
          threat,
          data: () => ({ globalStatus: result }),
        });
      },
    });
    return { kind: 'accepted', mitigation: accepted };
  }

  return {
    mitigate,
    setNextMitigation: (threat, told) => void next.set(threat, told),
    judge(threat, { incidentStatus, analystVerdict }, us, user) {
      const before = state(threat, us);
      const hasNewStatus = incidentStatus !== undefined && incidentStatus !== before.incidentStatus;
      const hasNewVerdict = analystVerdict !== undefined && analystVerdict !== before.analystVerdict;
      if (!hasNewStatus && !hasNewVerdict) return false;
      change(threat, us, {
        ...(incidentStatus === undefined ? {} : { incidentStatus }),
        ...(analystVerdict === undefined ? {} : { analystVerdict }),
      });
      if (hasNewStatus) tell(us, { type: incidentStatusChanged, user, threat });
      if (hasNewVerdict) tell(us, { type: analystVerdictChanged, user, threat });
      return true;
    },
    addNote(threat, text, us, user) {
      const announcedUs = us + timing().activityDelayMs * micros.millisecond;
      notes.add(threat, { createdUs: us, announcedUs, text, user });
      tell(us, { type: noteActivityTypes.added, user, threat });
    },
  };
}
