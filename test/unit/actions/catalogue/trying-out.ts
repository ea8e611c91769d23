import * as z from 'zod/mini';
import type { ActionCall } from '../../../../shared/actions/action-call.ts';
import type { ActionType, Activity, Observation, Revert } from '../../../../shared/actions/action-type.ts';
import type { Evidence, Reason, Subject } from '../../../../shared/actions/subject.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { formatConsoleTime } from '../../../../shared/sentinelone/console-time.ts';

/** When the command of all tests was sent, by the console's clock. */
export const sentAt = Date.parse('2026-11-26T10:00:00Z');

/** A console time so many seconds after the command was sent; in microseconds, as the console writes it. */
export function secondsAfter(seconds: number): string {
  return formatConsoleTime(sentAt + seconds * 1_000).replace('Z', '123Z');
}

/** An endpoint, online on Windows; the fields replace or add to its record. */
export function agentSubject(fields: JsonObject = {}): Subject {
  const record = { ...agentRecord, ...fields };
  return { kind: 'agent', id: '1001', record, agent: record };
}

/** A threat that behaved badly on Windows; the fields replace parts of its `threatInfo`. */
export function threatSubject(
  threatInfo: JsonObject = {},
  { record = {}, agent = {}, ...rest }: { record?: JsonObject; agent?: JsonObject } & Partial<Subject> = {},
): Subject {
  return {
    kind: 'threat',
    id: '2001',
    record: { ...threatRecord, threatInfo: { ...threatRecord.threatInfo, ...threatInfo }, ...record },
    agent: { ...agentRecord, ...agent },
    ...rest,
  };
}

/** An alert of a custom rule; the fields replace parts of its `alertInfo`. */
export function alertSubject(alertInfo: JsonObject = {}): Subject {
  return {
    kind: 'alert',
    id: '3001',
    record: { ...alertRecord, alertInfo: { ...alertRecord.alertInfo, ...alertInfo } },
    agent: agentRecord,
  };
}

/** An entry of the activity log, so many seconds after the command. */
export function activity(type: number, seconds: number): Activity {
  const createdAt = secondsAfter(seconds);
  const id = `9${type}`;
  return {
    id,
    type,
    createdAt: Date.parse(createdAt),
    agentId: '1001',
    threatId: '2001',
    record: { id, activityType: type, createdAt, agentId: '1001', threatId: '2001' },
  };
}

/** What has been seen, for `observe`. */
export interface Sight {
  readonly subject: Subject;
  /** Before the command; the sight's subject itself where absent. */
  readonly earlier?: Subject;
  readonly activities?: readonly Activity[];
}

/** An action type with parameters that its schema has parsed. */
export interface Tried {
  unsuitable(subject: Subject): Reason | undefined;
  reached(subject: Subject): readonly Evidence[] | undefined;
  call(subjects: readonly Subject[]): ActionCall;
  observe(sight: Sight): Observation;
  revert(earlier: Subject): Revert | undefined;
}

export function tryOut(type: ActionType, given: JsonObject = type.example): Tried {
  // The schema is the type's own.
  const parameters = z.parse(type.parameters, given) as never;
  return {
    unsuitable: (subject) => type.unsuitable(subject, parameters),
    reached: (subject) => type.reached(subject, parameters),
    call: (subjects) => type.call(subjects, parameters),
    observe: ({ subject, earlier = subject, activities = [] }) =>
      type.observe({ subject, before: type.before(earlier), sentAt, parameters, activities }),
    revert: (earlier) => type.revert(type.before(earlier), parameters),
  };
}

/** True where the schema takes it. */
export function takes(type: ActionType, given: JsonObject): boolean {
  return z.safeParse(type.parameters, given).success;
}

const agentRecord = {
  id: '1001',
  computerName: 'RTM-LT-0412',
  osType: 'windows',
  isActive: true,
  isDecommissioned: false,
  isUninstalled: false,
  networkStatus: 'connected',
  scanStatus: 'finished',
  scanStartedAt: '2026-11-01T08:00:00.000000Z',
  scanFinishedAt: '2026-11-01T09:00:00.000000Z',
  scanAbortedAt: null,
  osStartTime: '2026-11-20T06:00:00Z',
} as const;

const threatRecord = {
  id: '2001',
  agentRealtimeInfo: {
    agentId: '1001',
    agentOsType: 'windows',
    accountId: '501',
    siteId: '601',
    groupId: '701',
  },
  agentDetectionInfo: {},
  threatInfo: {
    threatId: '2001',
    sha1: '02699626f388ed830012e5b787640e71c56d42d8',
    detectionType: 'dynamic',
    incidentStatus: 'unresolved',
    analystVerdict: 'undefined',
  },
  mitigationStatus: [],
} as const;

const alertRecord = {
  alertInfo: { alertId: '3001', incidentStatus: 'Unresolved', analystVerdict: 'Undefined' },
  agentRealtimeInfo: { id: '1001' },
} as const;
