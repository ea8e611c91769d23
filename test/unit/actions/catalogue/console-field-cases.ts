import { describe, expect, it } from 'vitest';
import type { ActionType } from '../../../../shared/actions/action-type.ts';
import type { Subject } from '../../../../shared/actions/subject.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { takes, tryOut } from './trying-out.ts';

/** What is particular to one field of the console; everything else is the same for all of them. */
export interface FieldCase {
  readonly type: ActionType;
  readonly path: string;
  /** In dots. */
  readonly field: string;
  readonly parameter: 'status' | 'verdict';
  /** By value: as the vendor call spells it. */
  readonly values: Readonly<Record<string, string>>;
  /** A subject whose field has the value, as records spell it. */
  showing(value: string | null): Subject;
  /** By value: as records spell it. */
  readonly inRecords: Readonly<Record<string, string>>;
}

/** The rules that every field has which analysts set. */
export function itSetsAField({ type, path, field, parameter, values, showing, inRecords }: FieldCase): void {
  const [first = '', second = ''] = Object.keys(values);
  const to = (value: string) => tryOut(type, { [parameter]: value });
  const evidence = (value: string): JsonObject => ({ source: type.target, field, value });

  describe(`${type.id} as a field`, () => {
    it.each(Object.entries(values))('sets %s, however the caller spells it', (value, spelt) => {
      const body = { filter: { ids: [showing(null).id] }, data: { [field.split('.').at(-1) ?? '']: spelt } };
      for (const given of [
        value,
        value.toUpperCase(),
        value.replaceAll('_', ' '),
        ` ${value.replaceAll('_', '-')}`,
      ])
        expect(to(given).call([showing(null)]).request).toEqual({ method: 'POST', path, body });
    });

    it('takes nothing that the console has not', () => {
      for (const given of ['', 'open', 'None', 'x'.repeat(99), 7, null, [first]])
        expect(takes(type, { [parameter]: given })).toBe(false);
    });

    it.each(Object.entries(inRecords))(
      'has nothing to do where it is %s already, and is done then',
      (value, shown) => {
        expect(to(value).reached(showing(shown))).toEqual([evidence(shown)]);
        expect(to(value).observe({ subject: showing(shown) })).toEqual({
          kind: 'done',
          evidence: [evidence(shown)],
        });
      },
    );

    it('sees nothing while the record has another value, or none', () => {
      for (const shown of [inRecords[second] ?? '', null, 'new']) {
        expect(to(first).reached(showing(shown))).toBeUndefined();
        expect(to(first).observe({ subject: showing(shown) })).toEqual({ kind: 'nothing' });
      }
    });

    it('is undone by the value of before, where there was another one', () => {
      expect(to(first).revert(showing(inRecords[second] ?? ''))).toEqual({
        action: type.id,
        parameters: { [parameter]: second },
      });
      for (const shown of [inRecords[first] ?? '', null, 'new'])
        expect(to(first).revert(showing(shown))).toBeUndefined();
    });

    it('has a way back that its own schema takes', () => {
      const { parameters } = to(first).revert(showing(inRecords[second] ?? '')) ?? { parameters: {} };
      expect(takes(type, parameters)).toBe(true);
    });
  });
}

/** What the console says threat by threat. */
export function itReadsResults(type: ActionType, subjectOf: (id: string) => Subject): void {
  it(`${type.id} reads the answer threat by threat`, () => {
    const words = [
      'updated',
      'already_set',
      'conditions_not_met',
      'missing_permissions',
      'not_changed',
      'new',
      null,
    ];
    const details = words.map((result, index) => ({ threatId: String(index + 1), result }));
    const subjects = [...words.keys(), 98].map((index) => subjectOf(String(index + 1)));
    const told = type.acceptance?.({ data: { affected: 2, details } }, subjects);
    expect(subjects.map(({ id }) => told?.get(id)?.kind)).toEqual([
      ...['accepted', 'accepted', 'refused', 'refused'],
      ...['unknown', 'unknown', 'unknown', 'unknown'],
    ]);
    expect(told?.get('1')).toMatchObject({ evidence: [{ source: 'answer', value: 'updated' }] });
    expect(told?.get('3')).toMatchObject({ reason: { code: 'conditions_not_met' } });
    expect(told?.get('4')).toMatchObject({
      reason: { code: 'not_permitted', recommendation: expect.stringContaining(type.permission) },
    });
    expect(type.acceptance?.({ data: { affected: 8 } }, subjects).get('1')?.kind).toBe('accepted');
    expect(type.acceptance?.({ data: { affected: 0, details: 'none' } }, subjects).get('1')).toEqual({
      kind: 'refused',
    });
  });
}
