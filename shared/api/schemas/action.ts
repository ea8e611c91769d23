import * as z from 'zod/mini';
import { dangerClasses } from '../../actions/action-type.ts';
import { actionStates } from '../../actions/run/action-state.ts';
import { targetStates } from '../../actions/run/transitions.ts';
import { targetKinds } from '../../actions/subject.ts';
import { requestedTarget } from '../../actions/targets/requested-target.ts';
import { time } from './time.ts';

const text = (most: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(most));
const wholeNumber = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}.`;
  return z.string().check(
    z.regex(/^\d{1,4}$/, message),
    z.refine((digits) => Number(digits) >= least && Number(digits) <= most, message),
  );
};

/** Seconds that a call waits for an outcome; the gateway ends a call after 29. */
const wait = z.optional(wholeNumber(0, 20));

export const waitQuery = z.strictObject({ wait });

/** `POST /v1/actions` */
export const newAction = z.strictObject({
  connector: z.string().check(z.minLength(1), z.maxLength(130)),
  action: z.string().check(z.minLength(1), z.maxLength(64)),
  targets: z.array(requestedTarget).check(z.minLength(1), z.maxLength(100)),
  parameters: z.optional(z.record(z.string(), z.unknown())),
  reason: z.optional(text(500)),
  ticket: z.optional(text(100)),
  dryRun: z.optional(z.boolean()),
  expiresInMinutes: z.optional(z.int().check(z.minimum(1), z.maximum(1_440))),
});

/** `POST /v1/actions/{actionId}/undo` */
export const undo = z.strictObject({ reason: z.optional(text(500)), ticket: z.optional(text(100)) });

export const actionQuery = z.strictObject({
  tenant: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  connector: z.optional(z.string().check(z.minLength(1), z.maxLength(130))),
  action: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  state: z.optional(z.enum(actionStates)),
  agentId: z.optional(z.string().check(z.regex(/^\d{1,24}$/, 'must be an id of the console: digits.'))),
  ticket: z.optional(text(100)),
  from: z.optional(time),
  to: z.optional(time),
  limit: z.optional(wholeNumber(1, 50)),
  cursor: z.optional(z.string().check(z.maxLength(1_000))),
});

export const exportQuery = z.strictObject({
  tenant: actionQuery.shape.tenant,
  connector: actionQuery.shape.connector,
  from: time,
  to: time,
  cursor: actionQuery.shape.cursor,
});

const reason = z.strictObject({
  code: z.string(),
  message: z.string(),
  recommendation: z.optional(z.string()),
});

const evidence = z.strictObject({
  source: z.enum(['agent', 'threat', 'alert', 'activity', 'restriction', 'note', 'answer']),
  field: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  consoleTime: z.optional(z.string()),
  id: z.optional(z.string()),
});

const caller = z.strictObject({ actor: z.string(), name: z.string() });

const target = z.strictObject({
  /** What the request named. */
  target: z.record(z.string(), z.unknown()),
  id: z.optional(z.string()),
  agentId: z.optional(z.string()),
  computerName: z.optional(z.string()),
  performs: z.string(),
  instead: z.optional(reason),
  state: z.enum(targetStates),
  reason: z.optional(reason),
  evidence: z.array(evidence),
  sentAt: z.optional(z.string()),
  changedAt: z.string(),
});

export const actionView = z.strictObject({
  id: z.optional(z.string()),
  connector: z.string(),
  console: z.optional(z.string()),
  action: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  state: z.enum(actionStates),
  dryRun: z.optional(z.boolean()),
  /** The same request was made before under this key: it is what became of that. */
  repeated: z.optional(z.boolean()),
  reason: z.optional(z.string()),
  ticket: z.optional(z.string()),
  requestedBy: caller,
  requestedAt: z.string(),
  expiresAt: z.optional(z.string()),
  nextLookAt: z.optional(z.string()),
  trouble: z.optional(reason),
  approval: z.optional(
    z.strictObject({
      why: z.string(),
      approvedBy: z.optional(caller),
      approvedAt: z.optional(z.string()),
    }),
  ),
  undoes: z.optional(z.string()),
  undoneBy: z.optional(z.array(z.string())),
  targets: z.array(target),
});

export const actionList = z.strictObject({
  actions: z.array(actionView),
  nextCursor: z.optional(z.string()),
});

export const actionTrail = z.strictObject({
  id: z.string(),
  trail: z.array(
    z.strictObject({
      step: z.number(),
      at: z.string(),
      kind: z.string(),
      by: caller,
      note: z.optional(z.string()),
      call: z.optional(z.string()),
      status: z.optional(z.number()),
      targets: z.array(
        z.strictObject({
          target: z.number(),
          state: z.enum(targetStates),
          reason: z.optional(reason),
          evidence: z.optional(z.array(evidence)),
        }),
      ),
    }),
  ),
});

export const actionTypeList = z.strictObject({
  actionTypes: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      target: z.enum(targetKinds),
      danger: z.enum(dangerClasses),
      permission: z.string(),
      parameters: z.record(z.string(), z.unknown()),
      example: z.record(z.string(), z.unknown()),
      doneWhen: z.string(),
      typicalSeconds: z.number(),
      timeoutMinutes: z.number(),
      revertedBy: z.array(z.string()),
    }),
  ),
});

/** Examples for the documentation; a test checks each against its schema. */
export const newActionExample = {
  connector: 'northwind.emea-servers',
  action: 'contain',
  targets: [{ agentId: '1873645091827364501' }, { hostName: 'LAPTOP-0471' }],
  reason: 'Ransomware behaviour in incident INC-4711',
  ticket: 'INC-4711',
};

export const undoExample = { reason: 'False positive, see INC-4711', ticket: 'INC-4711' };

export const actionExample = {
  id: 'northwind.emea-servers.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d',
  connector: 'northwind.emea-servers',
  console: 'https://euce1-northwind.sentinelone.net',
  action: 'contain',
  parameters: {},
  state: 'in_progress',
  reason: 'Ransomware behaviour in incident INC-4711',
  ticket: 'INC-4711',
  requestedBy: { actor: 'key:3f8k2m9q1x7c5v0b', name: 'soar' },
  requestedAt: '2026-11-26T09:40:00.000Z',
  expiresAt: '2026-11-26T10:40:00.000Z',
  nextLookAt: '2026-11-26T09:40:09.000Z',
  targets: [
    {
      target: { agentId: '1873645091827364501' },
      id: '1873645091827364501',
      agentId: '1873645091827364501',
      computerName: 'SRV-DB-02',
      performs: 'contain',
      state: 'done',
      evidence: [{ source: 'agent', field: 'networkStatus', value: 'disconnected' }],
      sentAt: '2026-11-26T09:39:58.000Z',
      changedAt: '2026-11-26T09:40:04.000Z',
    },
    {
      target: { hostName: 'LAPTOP-0471' },
      id: '1873645091827364777',
      agentId: '1873645091827364777',
      computerName: 'LAPTOP-0471',
      performs: 'contain',
      state: 'pending_offline',
      evidence: [
        { source: 'agent', field: 'isActive', value: false },
        {
          source: 'agent',
          field: 'lastActiveDate',
          value: '2026-11-26T07:12:44.118000Z',
          consoleTime: '2026-11-26T07:12:44.118000Z',
        },
      ],
      sentAt: '2026-11-26T09:39:58.000Z',
      changedAt: '2026-11-26T09:40:04.000Z',
    },
  ],
};

export const exportExample = [
  'requestedAt,actionId,connector,action,performs,reason,ticket,requestedBy,agentId,computerName,state,reasonCode,evidence,changedAt,undoes',
  '2026-11-26T09:40:00.000Z,northwind.emea-servers.5f0c3d1e9a7b42688c0d1f2e3a4b5c6d,northwind.emea-servers,contain,contain,Ransomware behaviour in incident INC-4711,INC-4711,soar (key:3f8k2m9q1x7c5v0b),1873645091827364501,SRV-DB-02,done,,agent networkStatus=disconnected,2026-11-26T09:40:04.000Z,',
  '',
].join('\r\n');

export const trailExample = {
  id: actionExample.id,
  trail: [
    {
      step: 1,
      at: '2026-11-26T09:40:00.000Z',
      kind: 'requested',
      by: { actor: 'key:3f8k2m9q1x7c5v0b', name: 'soar' },
      targets: [
        { target: 0, state: 'requested' },
        { target: 1, state: 'requested' },
      ],
    },
    {
      step: 2,
      at: '2026-11-26T09:40:00.412Z',
      kind: 'sending',
      by: { actor: 'system', name: 'Sentinel Lake' },
      call: 'POST /agents/actions/disconnect',
      targets: [
        { target: 0, state: 'sent' },
        { target: 1, state: 'sent' },
      ],
    },
  ],
};
