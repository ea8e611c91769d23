import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterOperators } from '../../../shared/filters/log-filter.ts';
import { readFilters } from '../../../shared/filters/read-filters.ts';
import { compileFilters } from '../../../shared/filters/record-filter.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';

const known = ['threats', 'agents', 'alerts'];
const condition = { field: 'agentRealtimeInfo.siteName', operator: 'equals', value: 'lab' };
const filter = { name: 'drop-lab', action: 'exclude', conditions: [condition] };

/** Each problem as `field message`. */
function problemsOf(filters: unknown): readonly string[] {
  const read = readFilters(filters, known);
  return read.kind === 'valid' ? [] : read.problems.map(({ field, message }) => `${field} ${message}`);
}

const ofFilter = (change: object) => problemsOf([{ ...filter, ...change }]);
const ofCondition = (change: object) =>
  problemsOf([{ ...filter, conditions: [{ ...condition, ...change }] }]);
const ofValue = (operator: string, value: unknown) => ofCondition({ operator, value });

describe('filters of a caller', () => {
  it('are read as they are meant, without what says nothing', () => {
    const given = [
      { ...filter, contentTypes: ['threats'], conditions: [{ ...condition, ignoreCase: true }] },
      { name: 'Büro 2', action: 'include', conditions: [{ ...condition, ignoreCase: false }] },
      {
        name: 'nets',
        action: 'exclude',
        conditions: [
          { field: 'a[].b', operator: 'cidr', values: ['10.0.0.0/8'] },
          { field: 'x', operator: 'not_exists' },
          { field: 'x', operator: 'in', values: ['', 1, true] },
        ],
      },
    ];
    expect(readFilters(given, known)).toStrictEqual({
      kind: 'valid',
      filters: [given[0], { ...given[1], conditions: [condition] }, given[2]],
    });
    expect(readFilters([], known)).toStrictEqual({ kind: 'valid', filters: [] });
  });

  it.each<[readonly string[], string]>([
    [problemsOf(undefined), 'filters is no list.'],
    [problemsOf({ 0: filter }), 'filters is no list.'],
    [problemsOf([7]), 'filters[0] is no object.'],
    [problemsOf([filter, null]), 'filters[1] is no object.'],
    [problemsOf([filter, filter]), 'filters[1].name is the name of an earlier filter.'],
    [ofFilter({ extra: 1 }), 'filters[0].extra is no part of a filter.'],
    [ofFilter({ action: 'drop' }), 'filters[0].action must be "exclude" or "include".'],
    [ofFilter({ contentTypes: 'threats' }), 'filters[0].contentTypes is no list.'],
    [ofFilter({ contentTypes: [] }), 'filters[0].contentTypes is empty.'],
    [ofFilter({ contentTypes: ['threats', 'nothing'] }), 'filters[0].contentTypes[1] is no content type.'],
    [ofFilter({ contentTypes: ['threats', 'threats'] }), 'filters[0].contentTypes[1] is there twice.'],
    [
      ofFilter({ contentTypes: ['a', 'b', 'c', 'd'] }),
      'filters[0].contentTypes has 4 entries, more than there are content types.',
    ],
    [ofFilter({ conditions: [] }), 'filters[0].conditions has 0 conditions; 1 to 10 are allowed.'],
    [ofFilter({ conditions: undefined }), 'filters[0].conditions is no list.'],
    [
      ofFilter({ conditions: Array(11).fill(condition) }),
      'filters[0].conditions has 11 conditions; 1 to 10 are allowed.',
    ],
    [ofFilter({ conditions: [[]] }), 'filters[0].conditions[0] is no object.'],
    [ofCondition({ operator: 'like' }), 'filters[0].conditions[0].operator is no operator.'],
    [ofCondition({ operator: undefined }), 'filters[0].conditions[0].operator is no operator.'],
    [ofCondition({ vlaue: 1 }), 'filters[0].conditions[0].vlaue is no part of a condition.'],
    [ofCondition({ value: undefined }), 'filters[0].conditions[0].value is missing.'],
    [ofCondition({ values: ['a'] }), 'filters[0].conditions[0].values has no place with equals.'],
    [
      ofCondition({ value: null }),
      'filters[0].conditions[0].value is neither text nor number nor true nor false.',
    ],
    [
      ofCondition({ value: ['a'] }),
      'filters[0].conditions[0].value is neither text nor number nor true nor false.',
    ],
    [
      ofCondition({ value: 'x'.repeat(1_001) }),
      'filters[0].conditions[0].value has 1001 characters, more than 1000.',
    ],
    [
      ofCondition({ value: 2 ** 53 }),
      'filters[0].conditions[0].value is a number with more digits than are kept exactly.',
    ],
    [
      ofCondition({ value: 1e-200 }),
      'filters[0].conditions[0].value is a number with more digits than are kept exactly.',
    ],
    [
      ofCondition({ value: parseLossless('12345678901234567890') }),
      'filters[0].conditions[0].value is a number with more digits than are kept exactly.',
    ],
    [ofCondition({ ignoreCase: 'yes' }), 'filters[0].conditions[0].ignoreCase must be true or false.'],
    [
      ofCondition({ operator: 'gt', value: 1, ignoreCase: true }),
      'filters[0].conditions[0].ignoreCase says nothing with gt.',
    ],
    [ofValue('in', 'a'), 'filters[0].conditions[0].value has no place with in.'],
    [
      ofCondition({ operator: 'in', value: undefined, values: [] }),
      'filters[0].conditions[0].values has 0 values; 1 to 200 are allowed.',
    ],
    [
      ofCondition({ operator: 'in', value: undefined, values: Array(201).fill('a') }),
      'filters[0].conditions[0].values has 201 values; 1 to 200 are allowed.',
    ],
    [
      ofCondition({ operator: 'in', value: undefined, values: 'a' }),
      'filters[0].conditions[0].values is no list.',
    ],
    [
      ofCondition({ operator: 'in', value: undefined, values: ['a', {}] }),
      'filters[0].conditions[0].values[1] is neither text nor number nor true nor false.',
    ],
    [
      ofCondition({ operator: 'cidr', value: '10.0.0.0/8', values: ['10.0.0.0/8'] }),
      'filters[0].conditions[0].value is there beside "values".',
    ],
    [ofValue('cidr', '10.0.0.0/64'), 'filters[0].conditions[0].value is no network.'],
    [ofValue('exists', true), 'filters[0].conditions[0].value has no place with exists.'],
    [ofValue('contains', ''), 'filters[0].conditions[0].value is empty, which every text contains.'],
    [ofValue('contains', 7), 'filters[0].conditions[0].value must be a text.'],
    [ofValue('gt', 'many'), 'filters[0].conditions[0].value must be a number or a time.'],
    [ofValue('lte', true), 'filters[0].conditions[0].value must be a number or a time.'],
    [ofValue('lt', '2026-11-24T10:00:00'), 'filters[0].conditions[0].value must be a number or a time.'],
    [
      ofValue('matches', '(?=a)'),
      'filters[0].conditions[0].value has a "(?" group; only ( ) and (?: ) are there, no looking around and no names.',
    ],
    [ofValue('matches', 7), 'filters[0].conditions[0].value must be a text.'],
  ])('%j is the problem', (problems, expected) => {
    expect(problems).toContain(expected);
  });

  it.each([
    '',
    '-x',
    'a/b',
    '(no include filter)',
    '__proto__',
    'x'.repeat(65),
    7,
    undefined,
    { toString: 1 },
  ])('cannot be named %j', (name) => {
    expect(ofFilter({ name }).join()).toMatch(/^filters\[0\]\.name must be/);
  });

  it.each(['', 'a..b', 'a[0]', 'x'.repeat(201), 7, null])('cannot ask for the field %j', (field) => {
    expect(ofCondition({ field }).join()).toMatch(/^filters\[0\]\.conditions\[0\]\.field must be/);
  });

  it('are at most 50, of 64 KB together', () => {
    const many = (count: number, conditions: readonly object[]) =>
      Array.from({ length: count }, (_, i) => ({ ...filter, name: `f${i}`, conditions }));
    expect(problemsOf(many(50, [condition]))).toStrictEqual([]);
    expect(problemsOf(many(51, [condition]))).toStrictEqual(['filters has 51 filters, more than 50.']);
    const long = { ...condition, value: 'é'.repeat(800) };
    expect(problemsOf(many(38, [long]))).toStrictEqual([]);
    expect(problemsOf(many(39, [long])).join()).toMatch(
      /^filters have \d+ bytes of JSON together, more than 65536\.$/,
    );
    const pattern = { field: 'a', operator: 'matches', value: 'x{90}'.repeat(5) };
    expect(problemsOf(many(4, [pattern]))).toStrictEqual([]);
    expect(problemsOf(many(5, [pattern])).join()).toMatch(
      /^filters have patterns that are too large together: 2255 steps/,
    );
  });

  it('say everything that is wrong at once, each with what to do', () => {
    const read = readFilters(
      [
        {
          name: '',
          action: 'x',
          conditions: [
            { ...condition, field: '.' },
            { operator: 'gt', field: 'a' },
          ],
        },
      ],
      known,
    );
    if (read.kind === 'valid') throw new Error('taken');
    expect(read.problems.map(({ field }) => field)).toStrictEqual([
      'filters[0].name',
      'filters[0].action',
      'filters[0].conditions[0].field',
      'filters[0].conditions[1].value',
    ]);
    for (const { message, recommendation } of read.problems) {
      expect(message).toMatch(/\.$/);
      expect(recommendation).toMatch(/\.$/);
    }
  });

  it('never make it throw, and compile where they are taken', () => {
    const value = fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom('lab', '7', '2026-11-24', '10.0.0.0/8', '(a|b)*', 7, -1.5, true),
      },
      fc.jsonValue(),
    );
    const field = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('a', 'a[].b') },
      fc.constant('a..b'),
      fc.jsonValue(),
    );
    const operator = fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...filterOperators) }, fc.jsonValue());
    const anyCondition = fc.oneof(
      fc.record({ field, operator, value }),
      fc.record({ field, operator, value, ignoreCase: fc.constantFrom(true, false) }),
      fc.record({ field, operator, values: fc.array(value, { maxLength: 3 }) }),
      fc.record({ field, operator }),
    );
    const anyFilter = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', ''),
      action: fc.constantFrom('include', 'exclude', 'include', 'exclude', 'x'),
      conditions: fc.oneof(
        { weight: 9, arbitrary: fc.array(anyCondition, { minLength: 1, maxLength: 2 }) },
        fc.jsonValue(),
      ),
    });
    let taken = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          { weight: 1, arbitrary: fc.anything() },
          { weight: 9, arbitrary: fc.array(anyFilter, { maxLength: 2 }) },
        ),
        (given) => {
          const read = readFilters(given, known);
          if (read.kind === 'invalid') return;
          taken += read.filters.length;
          compileFilters(read.filters)?.droppedBy({ a: { b: 'lab' } });
          // What was taken is plain JSON, and is taken again.
          expect(readFilters(JSON.parse(JSON.stringify(read.filters)), known)).toStrictEqual(read);
        },
      ),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
