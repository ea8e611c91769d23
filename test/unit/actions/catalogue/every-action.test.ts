import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { ActionType, Activity, Observation } from '../../../../shared/actions/action-type.ts';
import { actionTypes, findActionType } from '../../../../shared/actions/registry.ts';
import type { Evidence, Reason, Subject } from '../../../../shared/actions/subject.ts';
import { isObject, type Json, type JsonObject } from '../../../../shared/json.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import { parseLossless } from '../../../../shared/sentinelone/lossless-json.ts';
import { type Damage, damagedAt, sizeOf } from '../../records/damaged-json.ts';
import { restriction } from './blocklist-cases.ts';
import { entry } from './mitigation-cases.ts';
import { activity, agentSubject, alertSubject, secondsAfter, sentAt, threatSubject } from './trying-out.ts';

/** Rich subjects: whatever the action types read of them is there, to be damaged. */
const subjects: Readonly<Record<ActionType['target'], readonly Subject[]>> = {
  agent: [
    agentSubject(),
    agentSubject({ networkStatus: 'disconnected', scanStatus: 'started', scanStartedAt: secondsAfter(2) }),
    agentSubject({ scanStatus: 'aborted', scanAbortedAt: secondsAfter(9), osStartTime: secondsAfter(60) }),
  ],
  threat: ['success', 'partial', 'pending-reboot', 'sent'].map((status) =>
    threatSubject(
      {},
      {
        record: {
          mitigationStatus: ['kill', 'quarantine', 'unquarantine', 'remediate', 'rollback'].map((action) =>
            entry(action, status, 5, { actionsCounters: { success: 1, failed: 2, total: 3 } }),
          ),
        },
        related: [restriction('81'), { id: '52', text: 'A note.', createdAt: secondsAfter(1) }],
      },
    ),
  ),
  alert: [alertSubject(), alertSubject({ incidentStatus: 'In progress', analystVerdict: 'True positive' })],
};

const answer: JsonObject = {
  data: {
    affected: 1,
    details: [
      {
        threatId: '2001',
        result: 'updated',
        reports: [{ action: 'kill', status: 'sent' }],
        skipped: [{ action: 'kill', reason: 'permissions', description: 'Not allowed.' }],
      },
    ],
  },
};

const anyJson: fc.Arbitrary<Json> = fc
  .oneof(
    fc.jsonValue({ stringUnit: 'binary' }),
    fc.bigInt().map((big) => JSON.rawJSON(String(big))),
  )
  .map((value) => parseLossless(JSON.stringify(value)));

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.constantFrom<Damage>(
    () => undefined,
    () => null,
    () => '',
    () => 'None',
    () => 7,
    () => true,
    () => [],
    () => ({}),
    () => '__proto__',
    () => JSON.rawJSON('18446744073709551617'),
    () => '1970-01-01T00:00:00Z',
    () => '9999-99-99T99:99:99Z',
    (original) => [original, original],
    (original) => (typeof original === 'string' ? original.toUpperCase() : original),
  ),
  anyJson.map(
    (json): Damage =>
      () =>
        json,
  ),
);

/** An object with some of its values, at any depth, damaged. */
function damaged(whole: JsonObject): fc.Arbitrary<JsonObject> {
  return fc.array(fc.tuple(fc.nat(), damage), { maxLength: 8 }).map((places) => {
    const size = sizeOf(whole);
    const broken = damagedAt(whole, new Map(places.map(([place, become]) => [place % size, become])));
    return isObject(broken) ? broken : {};
  });
}

function damagedSubject(kind: ActionType['target']): fc.Arbitrary<Subject> {
  const history = fc.array(fc.constantFrom(61, 62, 1001, 1002, 2010, 9_999), { maxLength: 5 });
  return fc.constantFrom(...subjects[kind]).chain(({ id, record, agent = {}, related = [] }) =>
    fc.record(
      {
        kind: fc.constant(kind),
        id: fc.constant(id),
        record: damaged(record),
        agent: damaged(agent),
        history: history.map((types) => types.map((one, index) => activity(one, -index))),
        related: fc.array(fc.oneof(...related.map(damaged), damaged({ id: '1' })), { maxLength: 3 }),
      },
      { requiredKeys: ['kind', 'id', 'record'] },
    ),
  );
}

function activitiesOf({ activityTypes }: ActionType): fc.Arbitrary<readonly Activity[]> {
  const types = fc.constantFrom(...activityTypes, 9_999);
  return fc.array(
    fc.tuple(types, fc.nat({ max: 900 })).chain(([type, seconds]) => {
      const whole = activity(type, seconds);
      return damaged(whole.record).map((record) => ({ ...whole, record }));
    }),
    { maxLength: 4 },
  );
}

// Their own schema has parsed them.
const parametersOf = (type: ActionType) => z.parse(type.parameters, type.example) as never;

describe.each(actionTypes)('$id', (type) => {
  const parameters = parametersOf(type);

  it('judges whatever the console sends, and says only what can be told', () => {
    const any = damagedSubject(type.target);
    fc.assert(
      fc.property(any, any, activitiesOf(type), damaged(answer), (earlier, subject, activities, told) => {
        for (const one of [earlier, subject]) {
          expectReason(type.unsuitable(one, parameters));
          expectEvidence(type.reached(one, parameters));
          const instead = type.instead?.(one);
          if (instead !== undefined) {
            expect(findActionType(instead.action)).toBeDefined();
            expectReason(instead.reason);
          }
        }
        const before = type.before(earlier);
        // It is stored, and read back.
        expect(JSON.parse(JSON.stringify(before))).toEqual(before);
        expectObservation(type.observe({ subject, before, sentAt, parameters, activities }));
        expectRevert(type, type.revert(before, parameters));
        for (const acceptance of type.acceptance?.(told, [subject]).values() ?? []) {
          if (acceptance.kind === 'accepted') expectEvidence(acceptance.evidence);
          if (acceptance.kind === 'refused') expectReason(acceptance.reason);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('keeps little of the time before', () => {
    for (const subject of subjects[type.target])
      expect(JSON.stringify(type.before(subject)).length).toBeLessThan(300);
  });

  it('understands a time before of which nothing was kept, or something else', () => {
    fc.assert(
      fc.property(damagedSubject(type.target), anyJson, anyJson, (subject, one, other) => {
        const names = Object.keys(type.before(subjects[type.target][0] ?? subject));
        const before = Object.fromEntries(names.map((name, index) => [name, index % 2 === 0 ? one : other]));
        expectObservation(type.observe({ subject, before, sentAt, parameters, activities: [] }));
        expectRevert(type, type.revert(before, parameters));
      }),
    );
  });

  it('tells of every subject that was sent what the answer says', () => {
    const [subject = agentSubject()] = subjects[type.target];
    const several = ['1', '2', '3'].map((id) => ({ ...subject, id }));
    for (const body of [answer, {}, { data: null }, { data: { affected: 0 } }, { data: { affected: 3 } }]) {
      const told = type.acceptance?.(body, several);
      if (told !== undefined) expect([...told.keys()].sort()).toEqual(['1', '2', '3']);
    }
  });

  // A removal from the blocklist names entries of the list: tested in its own place.
  it.each(type.id === 'remove-from-blocklist' ? [] : [type])('names exactly the ids that it is given', () => {
    const ids = fc.uniqueArray(
      fc.bigInt({ min: 0n, max: 10n ** 19n }).map((id) => String(id)),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(ids, damagedSubject(type.target), (given, subject) => {
        const call = type.call(
          given.map((id) => ({ ...subject, id })),
          parameters,
        );
        expect(call.ids).toEqual(given);
        expect(call.request.body?.['filter']).toEqual({ ids: given });
      }),
    );
  });

  it('cannot be asked of nobody, which the console would take for everybody', () => {
    expect(() => type.call([], parameters)).toThrow('must name 1 to');
  });
});

function expectReason(reason: Reason | undefined): void {
  if (reason === undefined) return;
  expect(reason.code).toMatch(/^[a-z]+(_[a-z0-9]+)*$/);
  expect(reason.message).toMatch(/^[^\n]{10,600}$/);
  expect(reason.recommendation ?? 'None.').toMatch(/^[^\n]+\.$/);
}

function expectEvidence(evidence: readonly Evidence[] | undefined): void {
  if (evidence === undefined) return;
  expect(evidence.length).toBeGreaterThan(0);
  for (const { source, field, value, consoleTime, id } of evidence) {
    expect(`${source} ${field}`).toMatch(/^\w+ \w[\w.]*$/);
    expect(value === null || ['string', 'number', 'boolean'].includes(typeof value)).toBe(true);
    if (consoleTime !== undefined) expect(parseConsoleTime(consoleTime)).toBeDefined();
    if (id !== undefined) expect(id).toEqual(expect.any(String));
  }
}

function expectObservation(observation: Observation): void {
  if (observation.kind === 'nothing') return;
  expectEvidence(observation.evidence);
  expectReason(observation.reason);
}

function expectRevert(type: ActionType, revert: ReturnType<ActionType['revert']>): void {
  if (revert === undefined) return;
  expect(type.revertedBy).toContain(revert.action);
  const other = findActionType(revert.action);
  expect(other?.target).toBe(type.target);
  expect(other && z.safeParse(other.parameters, revert.parameters).success).toBe(true);
}
