import { describe, expect, it } from 'vitest';
import type { ActionType } from '../../../../shared/actions/action-type.ts';
import type { Subject } from '../../../../shared/actions/subject.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { activity, secondsAfter, threatSubject, tryOut } from './trying-out.ts';

/** What is particular to one mitigation; everything else is the same for all of them. */
export interface MitigationCase {
  readonly type: ActionType;
  readonly path: string;
  /** In `mitigationStatus[].action`. */
  readonly action: string;
  /** What takes it back, in the same words; absent for an event, which is no state that could be there already. */
  readonly contrary?: string;
  /** Activity types, in this order: issued, success, failed, pending reboot. */
  readonly activities: readonly [number, number, number, number];
}

/** A threat with these entries in its `mitigationStatus[]`. */
export function mitigated(...mitigationStatus: readonly Json[]): Subject {
  return threatSubject({}, { record: { mitigationStatus } });
}

/** An entry; seconds after the command. */
export function entry(
  action: string,
  status: string | null,
  seconds: number,
  more: JsonObject = {},
): JsonObject {
  // The agent's times are by its own clock.
  return {
    action,
    status,
    lastUpdate: secondsAfter(seconds),
    mitigationEndedAt: secondsAfter(seconds + 9),
    ...more,
  };
}

/** The rules that every mitigation has. */
export function itMitigates({ type, path, action, contrary, activities }: MitigationCase): void {
  const tried = tryOut(type);
  const [issued, success, failed, pendingReboot] = activities;

  describe(`${type.id} as a mitigation`, () => {
    it('asks the console to mitigate the threats that are named', () => {
      expect(tried.call([threatSubject()]).request).toEqual({
        method: 'POST',
        path: `/threats/mitigate/${path}`,
        body: { filter: { ids: ['2001'] }, data: {} },
      });
    });

    it('needs an endpoint with an agent', () => {
      const { agent: _, ...withoutAgent } = threatSubject();
      expect(tried.unsuitable(withoutAgent)?.code).toBe('endpoint_gone');
      const gone = (agent: JsonObject) => tried.unsuitable(threatSubject({}, { agent }))?.code;
      expect(gone({ isDecommissioned: true })).toBe('agent_decommissioned');
      expect(gone({ isUninstalled: true })).toBe('agent_uninstalled');
      expect(gone({})).toBeUndefined();
    });

    it.each([
      ['sent', 'accepted'],
      ['pending', 'in_progress'],
      ['pending-reboot', 'in_progress'],
      ['success', 'done'],
      ['failed', 'failed'],
      ['partial', 'failed'],
      ['something new', 'accepted'],
    ])('with a new entry that says %s it is %s', (status, kind) => {
      expect(
        tried.observe({ subject: mitigated(entry(action, status, 4)), earlier: mitigated() }),
      ).toMatchObject({
        kind,
        evidence: [
          {
            source: 'threat',
            field: `mitigationStatus.${action}`,
            value: status,
            consoleTime: secondsAfter(4),
          },
        ],
      });
    });

    it('says what an end that is none is waiting for, and what was done in part', () => {
      const observed = (status: string, more?: JsonObject) =>
        tried.observe({ subject: mitigated(entry(action, status, 4, more)), earlier: mitigated() });
      expect(observed('pending-reboot')).toMatchObject({ reason: { code: 'reboot_pending' } });
      expect(observed('failed')).toMatchObject({ reason: { code: 'mitigation_failed' } });
      const actionsCounters = { success: 2, failed: 1, notFound: null, pendingReboot: 0, total: 3 };
      expect(observed('partial', { actionsCounters })).toMatchObject({
        reason: {
          code: 'partly_done',
          message: expect.stringContaining('(success 2, failed 1, pendingReboot 0, total 3)'),
        },
      });
      expect(observed('partial')).toMatchObject({ reason: { message: expect.stringMatching(/it\.$/) } });
    });

    it('does not take the entry of before for its own', () => {
      const before = mitigated(entry(action, 'success', -3));
      expect(tried.observe({ subject: before, earlier: before })).toEqual({ kind: 'nothing' });
      const old = mitigated(entry(action, 'success', -60));
      expect(tried.observe({ subject: old, earlier: mitigated() })).toEqual({ kind: 'nothing' });
      const timeless = mitigated(entry(action, 'success', 4, { lastUpdate: null }));
      expect(tried.observe({ subject: timeless, earlier: mitigated() })).toEqual({ kind: 'nothing' });
      // A little older than the command, which was timed by another clock.
      const close = mitigated(entry(action, 'success', -3));
      expect(tried.observe({ subject: close, earlier: mitigated() }).kind).toBe('done');
    });

    it('judges by the newest entry, wherever it stands', () => {
      const entries = [
        entry(action, 'success', 90),
        entry(action, 'failed', 30),
        entry('kill_switch', 'failed', 99),
      ];
      expect(tried.observe({ subject: mitigated(...entries), earlier: mitigated() }).kind).toBe('done');
    });

    it.each([
      [[issued], 'accepted'],
      [[issued, success], 'done'],
      [[issued, failed], 'failed'],
      [[issued, pendingReboot], 'in_progress'],
      [[issued, failed, issued], 'accepted'],
      [[4008], 'nothing'],
    ] as const)('without an entry and with the activities %j it is %s', (types, kind) => {
      const seen = types.map((one, index) => activity(one, index + 1));
      expect(tried.observe({ subject: mitigated(), activities: seen }).kind).toBe(kind);
    });

    it('believes the log about an end that the entry does not know yet, and the entry otherwise', () => {
      const kind = (status: string, seconds: number) =>
        tried.observe({
          subject: mitigated(entry(action, status, seconds)),
          earlier: mitigated(),
          activities: [activity(issued, 1), activity(success, 6)],
        }).kind;
      expect(kind('sent', 2)).toBe('done');
      expect(kind('pending', 2)).toBe('done');
      expect(kind('pending', 9)).toBe('in_progress');
      expect(kind('failed', 2)).toBe('failed');
    });

    const [states, events] = contrary === undefined ? [[], [type]] : [[contrary], []];
    it.each(events)('is an event: one of before is none of now', () => {
      const before = mitigated(entry(action, 'success', -600));
      expect(tried.reached(before)).toBeUndefined();
      const again = mitigated(entry(action, 'success', 4));
      expect(tried.observe({ subject: before, earlier: before }).kind).toBe('nothing');
      expect(tried.observe({ subject: again, earlier: before }).kind).toBe('done');
    });

    it.each(states)('is so already where it was carried out, and nothing has taken it back', () => {
      expect(tried.reached(mitigated())).toBeUndefined();
      expect(tried.reached(mitigated(entry(action, 'success', -600)))).toMatchObject([
        { field: `mitigationStatus.${action}`, value: 'success', consoleTime: secondsAfter(-600) },
      ]);
      for (const status of ['sent', 'pending', 'pending-reboot', 'failed', 'partial', null])
        expect(tried.reached(mitigated(entry(action, status, -600)))).toBeUndefined();
      const since = [entry(action, 'success', -600), entry(action, 'failed', -300)];
      expect(tried.reached(mitigated(...since))).toBeUndefined();
    });

    it.each(states)('is not so any more once %s was done, or was begun', (other) => {
      const reached = (...entries: readonly JsonObject[]) =>
        tried.reached(mitigated(...entries)) !== undefined;
      const own = entry(action, 'success', -600);
      expect(reached(own, entry(other, 'success', -300))).toBe(false);
      expect(reached(own, entry(other, 'sent', -300))).toBe(false);
      expect(reached(own, entry(other, 'success', -600))).toBe(false);
      expect(reached(own, entry(other, 'failed', -300))).toBe(true);
      expect(reached(own, entry(other, 'success', -900))).toBe(true);
      expect(reached(own, entry(other, 'success', -400), entry(other, 'failed', -300))).toBe(false);
    });

    it('reads the answer threat by threat', () => {
      const details = [
        { threatId: '2001', reports: [{ action, status: 'sent' }], skipped: [] },
        { threatId: '2002', skipped: [{ action, reason: 'permissions', description: 'No\nrights here.' }] },
        { threatId: '2003', skipped: [{ action, reason: 'not_supported' }] },
        { threatId: '2004', reports: null, skipped: [{ action, reason: 'precondition' }] },
        { threatId: '2005', skipped: [{ action, reason: 'triggered' }] },
        { threatId: '2006', skipped: [{ action, reason: 'bored' }] },
        { threatId: '9999', reports: [{ action, status: 'sent' }] },
        null,
      ];
      const subjects = ['2001', '2002', '2003', '2004', '2005', '2006', '2007'].map((id) => ({
        ...threatSubject(),
        id,
      }));
      const told = type.acceptance?.({ data: { affected: 3, details } }, subjects);
      expect(
        [...(told ?? [])].map(([id, { kind, ...rest }]) => [
          id,
          kind,
          'reason' in rest ? rest.reason?.code : undefined,
        ]),
      ).toEqual([
        ['2001', 'accepted', undefined],
        ['2002', 'refused', 'not_permitted'],
        ['2003', 'refused', 'not_supported'],
        ['2004', 'refused', 'precondition_not_met'],
        ['2005', 'accepted', undefined],
        ['2006', 'refused', 'refused_by_console'],
        ['2007', 'unknown', undefined],
      ]);
      expect(told?.get('2002')).toMatchObject({
        reason: {
          message: expect.stringContaining('No rights here.'),
          recommendation: expect.stringContaining(type.permission),
        },
      });
      expect(type.acceptance?.({ data: { affected: 0 } }, subjects).get('2001')).toEqual({ kind: 'refused' });
      expect(type.acceptance?.({}, subjects).get('2001')).toEqual({ kind: 'unknown' });
    });
  });
}
