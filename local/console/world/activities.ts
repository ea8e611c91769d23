import { activityBody } from './activity-body.ts';
import { activitySequence } from './activity-sequence.ts';
import { type ActivityType, activityTypes, noteActivityTypes } from './activity-types.ts';
import type { AgentIdentity } from './agent-identity.ts';
import type { Agents } from './agents.ts';
import type { DeedActivities, DeedActivity } from './deeds/deed-activities.ts';
import { findById, recordId } from './ids.ts';
import { micros } from './micro-time.ts';
import type { Account, Group, Organisation } from './organisation.ts';
import { population } from './population.ts';
import { draws, hash, purpose } from './random.ts';
import type { RecordSet } from './record-set.ts';
import type { NoteChanges } from './threat-note-changes.ts';
import type { Threats } from './threats.ts';
import { Timeline } from './timeline.ts';

export interface Activities extends RecordSet {
  activityType(record: number): number;
  /** The host that it is about, null where it is about none. */
  agentId(record: number): string | null;
  threatId(record: number): string | null;
}

export interface ActivitiesOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
  /** Activities of every day at the epoch; with 0 there are none of them, ever. */
  readonly count: number;
  readonly burst: number;
  readonly organisation: Organisation;
  readonly agents: Agents;
  readonly threats: Threats;
  readonly noteChanges: NoteChanges;
  readonly deeds: DeedActivities;
  readonly hostCount: number;
}

/** After the epoch somebody does something every ten seconds. */
const everyUs = 10 * micros.second;
/** Keep the draws of activities that tell of notes, and of deeds, apart from those of every day. */
const noteDraws = 0x8000_0000;
const deedDraws = 0xc000_0000;

/** Activities never change: their only revision is their creation, and `createdAt` is what they are read by. */
export function activities(options: ActivitiesOptions): Activities {
  const { seed, epochUs, count, organisation, agents, threats } = options;
  const hostCount = Math.max(1, options.hostCount);
  const everyday = population({
    seed,
    purpose: purpose.activityTiming,
    count,
    startUs: epochUs - options.historyUs,
    endUs: epochUs,
    epochUs,
    newPerUs: count === 0 ? 0 : 1 / everyUs,
    burst: options.burst,
  });
  const planned = activitySequence(everyday, options.noteChanges);
  const events = activitySequence(planned, options.deeds);
  const timeline = new Timeline({
    epochUs,
    population: events,
    plannedUs: (record) => [events.createdUs(record)],
  });
  const id = (record: number) => recordId(events.createdUs(record), record);

  function subjectOf(record: number): ActivitySubject {
    const { from, number } = events.cause(record);
    return from === 'other' ? deedSubject(number) : plannedSubject(number);
  }

  function plannedSubject(record: number): ActivitySubject {
    const { from, number } = planned.cause(record);
    if (from === 'usual') return everydaySubject(number);
    const { threat, kind } = options.noteChanges.at(number);
    const host = threats.host(threat);
    const { group } = host;
    return {
      type: noteActivityTypes[kind],
      number: noteDraws + record,
      threat,
      host,
      group,
      account: group.site.account,
    };
  }

  function deedSubject(number: number): ActivitySubject {
    const deed = options.deeds.at(number);
    const { type, threat } = deed;
    const host = threat === undefined ? deed.host : threats.host(threat);
    const group = host?.group ?? deed.scope?.group;
    const account = group?.site.account ?? deed.scope?.account;
    return { type, number: deedDraws + number, threat, host, group, account, deed };
  }

  function everydaySubject(number: number): ActivitySubject {
    const type = draws(seed, purpose.activityBody, number).pick(activityTypes);
    const threat = type.subject === 'threat' ? recentThreat(number) : undefined;
    const hostNumber = hash(seed, purpose.activityBody, number, 3) % hostCount;
    const host =
      type.subject === 'account'
        ? undefined
        : threat === undefined
          ? agents.identity(hostNumber)
          : threats.host(threat);
    const account =
      host?.group.site.account ??
      organisation.accounts[hash(seed, purpose.activityBody, number, 4) % organisation.accounts.length];
    return { type, number, threat, host, group: host?.group, account };
  }

  /** The newest threat at the time, or one shortly before it; undefined before the first one. */
  function recentThreat(number: number): number | undefined {
    const known = threats.countAt(everyday.createdUs(number));
    return known === 0
      ? undefined
      : Math.max(0, known - 1 - (hash(seed, purpose.activityBody, number, 2) % 20));
  }

  return {
    timeline,
    id,
    activityType: (record) => subjectOf(record).type.id,
    agentId: (record) => subjectOf(record).host?.id ?? null,
    threatId(record) {
      const { threat } = subjectOf(record);
      return threat === undefined ? null : threats.id(threat);
    },
    find: (wanted) => findById(wanted, timeline.recordCount, id),
    createdUs: events.createdUs,
    siteId: (record) => subjectOf(record).group?.site.id ?? null,
    accountId: (record) => subjectOf(record).account?.id ?? null,
    groupId: (record) => subjectOf(record).group?.id ?? null,
    body(row) {
      const record = timeline.revisions.record(row);
      const { threat, number, ...subject } = subjectOf(record);
      return activityBody({
        ...subject,
        seed,
        record: number,
        id: id(record),
        createdUs: timeline.revisions.us(row),
        threat: threat === undefined ? undefined : { id: threats.id(threat), file: threats.file(threat) },
      });
    },
  };
}

/** What an activity is about. */
interface ActivitySubject {
  readonly type: ActivityType;
  /** For its draws. */
  readonly number: number;
  readonly threat: number | undefined;
  /** Undefined for what concerns the whole account, as is the group. */
  readonly host: AgentIdentity | undefined;
  readonly group: Group | undefined;
  readonly account: Account | undefined;
  /** Where it tells of a deed. */
  readonly deed?: DeedActivity;
}
