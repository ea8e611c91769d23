import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../../shared/actions/action-type.ts';
import type { Action, Target } from '../../../../shared/actions/run/action.ts';
import {
  countedNone,
  countIncomplete,
  judge,
  mostAttempts,
  traceMs,
} from '../../../../shared/actions/run/judge.ts';
import { checkTransition } from '../../../../shared/actions/run/transitions.ts';
import type { Subject } from '../../../../shared/actions/subject.ts';
import { action, agentSubject, dayMs, hourMs, minuteMs, now, target, typeOf } from './fixtures.ts';

const nothing: Observation = { kind: 'nothing' };
const evidence = [{ source: 'agent', field: 'networkStatus', value: 'disconnecting' }] as const;
const online = agentSubject('1');
const offline = agentSubject('1', { isActive: false });

interface Case {
  readonly change?: Partial<Target>;
  readonly subject?: Subject | undefined;
  readonly observation?: Observation;
  /** Since the state changed. */
  readonly afterMs?: number;
  readonly performs?: string;
  readonly isLogComplete?: boolean;
  readonly trail?: Action['trail'];
}

/** Judges a target that was sent, by default an isolation. */
function judged(given: Case = {}) {
  const {
    change = {},
    observation = nothing,
    afterMs = 0,
    performs = 'contain',
    isLogComplete = true,
  } = given;
  const type = typeOf(performs);
  const before = type.before(online);
  const one = target('1', { state: 'sent', attempts: 1, sentAt: now, before, performs, ...change });
  const outcome = judge({
    ...{ type, target: one, observation, isLogComplete, parameters: {} },
    subject: 'subject' in given ? given.subject : online,
    action: { expiresAt: now + hourMs, followUntil: now + 7 * dayMs, trail: given.trail ?? [] },
    now: now + afterMs,
  });
  checkTransition(one.state, outcome.state ?? one.state);
  return outcome;
}

describe('judge, of a command of which there is no trace', () => {
  it('waits for as long as a trace may be late, and whoever has sent it may live', () => {
    expect(judged({ afterMs: traceMs - 1 })).toStrictEqual({});
    expect(judged({ afterMs: traceMs })).toStrictEqual({ state: 'requested', reason: null });
    // The latest evidence: a function stands still for a minute, and the log is two minutes late; a minute for everything else.
    expect(traceMs).toBeGreaterThanOrEqual(60_000 + 2 * minuteMs + 60_000);
  });

  it.each([
    ['what must not be repeated', { performs: 'fetch-logs' }],
    ['what was sent often enough', { change: { attempts: mostAttempts } }],
    ['what has expired', { afterMs: hourMs }],
    ['what may be in a log that cannot be read', { isLogComplete: false }],
    ['what was changed by somebody else since', { change: { before: { networkStatus: 'connecting' } } }],
  ])('does not send again %s', (_, given) => {
    expect(judged({ afterMs: traceMs, ...given })).toMatchObject({
      ...{ state: 'unknown', reason: { code: 'no_trace' } },
    });
  });

  it('takes for gone only what the console has not shown for five minutes', () => {
    const subject = undefined;
    expect(judged({ subject })).toStrictEqual({ missedAt: now });
    const change = { missedAt: now };
    expect(judged({ subject, change, afterMs: 5 * minuteMs - 1 })).toStrictEqual({ missedAt: now });
    expect(judged({ subject, change, afterMs: 5 * minuteMs })).toMatchObject({
      ...{ state: 'unknown', reason: { code: 'gone' } },
    });
    expect(judged({ change, observation: { kind: 'accepted', evidence } })).toMatchObject({
      ...{ state: 'accepted', missedAt: null },
    });
  });

  it('says nothing of an endpoint that the console does not show beside its threat', () => {
    const record = { id: '9', agentRealtimeInfo: { agentId: '1' } };
    const subject: Subject = { kind: 'threat', id: '9', record };
    const change = { state: 'pending_offline', acceptedAt: now, evidence } as const;
    const kill = { subject, change, performs: 'kill' };
    expect(judged(kill)).toStrictEqual({});
    expect(judged({ ...kill, observation: { kind: 'accepted', evidence } })).toStrictEqual({});
    expect(judged({ ...kill, observation: { kind: 'done', evidence } })).toMatchObject({ state: 'done' });
    const late = { ...kill, afterMs: 8 * dayMs };
    expect(judged(late)).toMatchObject({ state: 'unknown', reason: { code: 'not_seen_in_time' } });
  });

  it('does not know of a crowded trail for how long an endpoint has been online', () => {
    const change = { state: 'in_progress', acceptedAt: now } as const;
    const given = { change, observation: { kind: 'in_progress', evidence } as const, afterMs: hourMs };
    expect(judged(given).state).toBe('unknown');
    const [step] = action([target('1')]).trail;
    const trail = Array.from({ length: 150 }, () => step).filter((one) => one !== undefined);
    expect(judged({ ...given, trail }).state).toBe('in_progress');
    expect(judged({ ...given, trail, afterMs: 8 * dayMs }).state).toBe('unknown');
  });
});

describe('judge, of what the console has counted', () => {
  it('finds out at once why it has done nothing', () => {
    const change = { reason: countedNone };
    expect(judged({ change })).toMatchObject({ state: 'failed', reason: { code: 'not_affected' } });
    const isolated = agentSubject('1', { networkStatus: 'disconnected' });
    expect(judged({ change, subject: isolated })).toMatchObject({
      ...{ state: 'skipped', reason: { code: 'already_so' } },
      evidence: [{ field: 'networkStatus', value: 'disconnected' }],
    });
    const decommissioned = agentSubject('1', { isDecommissioned: true });
    expect(judged({ change, subject: decommissioned })).toMatchObject({
      ...{ state: 'failed', reason: { code: 'agent_decommissioned' } },
    });
  });

  it('does not say that nothing can be done to an endpoint that is offline', () => {
    const change = { reason: countedNone };
    expect(judged({ change, subject: offline })).toMatchObject({
      ...{ state: 'unknown', reason: { code: 'offline_not_affected' } },
      evidence: [{ field: 'isActive', value: false }, { field: 'lastActiveDate' }],
    });
    // What the console does by itself does not depend on it.
    expect(judged({ change, subject: offline, performs: 'broadcast-message' })).toMatchObject({
      ...{ state: 'failed', reason: { code: 'not_affected' } },
    });
  });

  it('does not believe a record afterwards that it did not believe before', () => {
    const isolated = agentSubject('1', { networkStatus: 'disconnected' });
    const change = { reason: countedNone, before: typeOf('contain').before(isolated) };
    expect(judged({ change, subject: isolated })).toMatchObject({
      ...{ state: 'unknown', reason: { code: 'record_in_doubt' } },
      evidence: [{ field: 'networkStatus', value: 'disconnected' }],
    });
  });

  it('waits as long for a trace of what may have been left out: the command may be late, and the log is', () => {
    const change = { reason: countIncomplete };
    expect(judged({ change, afterMs: traceMs - 1 })).toStrictEqual({});
    expect(judged({ change, afterMs: traceMs })).toMatchObject({
      state: 'failed',
      reason: { code: 'not_affected' },
    });
  });

  it('does not say that nothing was done where that cannot be seen', () => {
    const change = { reason: countIncomplete };
    const unknown = { state: 'unknown', reason: countIncomplete };
    expect(judged({ change, afterMs: traceMs, isLogComplete: false })).toStrictEqual(unknown);
    const changed = { ...change, before: { networkStatus: 'connecting' } };
    expect(judged({ change: changed, afterMs: traceMs })).toStrictEqual(unknown);
  });
});

describe('judge, of what the console shows', () => {
  it('takes an end as it is, from whatever state', () => {
    const reason = { code: 'isolation_failed', message: 'No.' };
    for (const state of ['sent', 'accepted', 'pending_offline', 'in_progress'] as const) {
      expect(judged({ change: { state }, observation: { kind: 'done', evidence } })).toStrictEqual({
        ...{ state: 'done', evidence, reason: null },
      });
      expect(judged({ change: { state }, observation: { kind: 'failed', evidence, reason } })).toStrictEqual({
        ...{ state: 'failed', evidence, reason },
      });
    }
  });

  it('notes when it was accepted, once', () => {
    const observation = { kind: 'accepted', evidence } as const;
    expect(judged({ observation, afterMs: 5 })).toStrictEqual({
      ...{ acceptedAt: now + 5, evidence, reason: null, state: 'accepted' },
    });
    expect(judged({ observation, change: { acceptedAt: now } })).not.toHaveProperty('acceptedAt');
  });

  it('does not take a beginning back', () => {
    const change = { state: 'in_progress', acceptedAt: now } as const;
    expect(judged({ change }).state).toBe('in_progress');
    expect(judged({ change, observation: { kind: 'accepted', evidence } }).state).toBe('in_progress');
  });

  it('waits for an endpoint that is offline, and tells since when', () => {
    expect(judged({ change: { state: 'accepted' }, subject: offline })).toMatchObject({
      state: 'pending_offline',
      evidence: [
        { source: 'agent', field: 'isActive', value: false },
        { source: 'agent', field: 'lastActiveDate', consoleTime: '2026-11-24T09:59:00Z' },
      ],
    });
    // What may not have arrived does not wait for an endpoint.
    expect(judged({ subject: offline })).toStrictEqual({});
    // Nor does what the console does by itself.
    expect(
      judged({ change: { state: 'accepted' }, subject: offline, performs: 'set-incident-status' }).state,
    ).toBe('accepted');
  });

  it('follows it until the end of its time', () => {
    const change = { state: 'pending_offline', acceptedAt: now } as const;
    expect(judged({ change, subject: offline, afterMs: 7 * dayMs - 1 }).state).toBe('pending_offline');
    expect(judged({ change, subject: offline, afterMs: 7 * dayMs })).toMatchObject({
      ...{ state: 'unknown', reason: { code: 'still_offline' } },
    });
  });

  it('begins anew when the endpoint is back, and no longer says that it is offline', () => {
    const change = { state: 'pending_offline', acceptedAt: now, evidence: [] } as const;
    expect(judged({ change, afterMs: dayMs })).toStrictEqual({
      ...{ state: 'accepted', evidence: [{ source: 'agent', field: 'isActive', value: true }] },
    });
  });

  it('gives up what does not end on an endpoint that is online, and what comes and goes for ever', () => {
    const change = { state: 'accepted', acceptedAt: now } as const;
    expect(judged({ change, afterMs: 30 * minuteMs - 1 }).state).toBe('accepted');
    const late = { state: 'unknown', reason: { code: 'not_seen_in_time' } };
    expect(judged({ change, afterMs: 30 * minuteMs })).toMatchObject(late);
    const back = { ...change, changedAt: now + 7 * dayMs + 25 * minuteMs };
    expect(judged({ change: back, afterMs: 7 * dayMs + 30 * minuteMs })).toMatchObject(late);
  });
});
