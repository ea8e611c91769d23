import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropReport } from '../../../shared/filters/drop-report.ts';
import { filtersFor } from '../../../shared/filters/filters-for.ts';
import type { FilterCondition, FilterValue, LogFilter } from '../../../shared/filters/log-filter.ts';
import { readFilters } from '../../../shared/filters/read-filters.ts';
import { compileFilters, noIncludeFilter } from '../../../shared/filters/record-filter.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { parseLossless } from '../../../shared/sentinelone/lossless-json.ts';

function holds(condition: FilterCondition, record: JsonObject): boolean {
  const filter = compileFilters([{ name: 'f', action: 'exclude', conditions: [condition] }]);
  return filter?.droppedBy(record) !== undefined;
}

describe('a condition', () => {
  const record = parseLossless(
    '{"s":"Lab","n":443,"t":"443","big":9007199254740993,"id":"225494730938493804","b":true,"list":["x","y"],"at":"2026-11-24T10:00:00.123456Z","ip":["8.8.8.8","10.1.2.3"],"empty":"","none":null,"o":{"p":[{"q":"deep"}]}}',
  ) as JsonObject;

  it.each<[FilterCondition, boolean]>([
    [{ field: 's', operator: 'equals', value: 'Lab' }, true],
    [{ field: 's', operator: 'equals', value: 'lab' }, false],
    [{ field: 's', operator: 'equals', value: 'lab', ignoreCase: true }, true],
    [{ field: 's', operator: 'not_equals', value: 'Lab' }, false],
    [{ field: 'missing', operator: 'not_equals', value: 'Lab' }, true],
    [{ field: 'n', operator: 'equals', value: 443 }, true],
    [{ field: 'n', operator: 'equals', value: '443' }, true],
    [{ field: 't', operator: 'equals', value: 443 }, true],
    [{ field: 't', operator: 'equals', value: '443.0' }, false],
    [{ field: 'big', operator: 'equals', value: '9007199254740993' }, true],
    [{ field: 'big', operator: 'equals', value: '9007199254740992' }, false],
    [{ field: 'big', operator: 'equals', value: 9007199254740992 }, false],
    [{ field: 'b', operator: 'equals', value: true }, true],
    [{ field: 'b', operator: 'equals', value: 'true' }, true],
    [{ field: 'b', operator: 'equals', value: 1 }, false],
    [{ field: 'empty', operator: 'equals', value: '' }, true],
    [{ field: 'o', operator: 'equals', value: '[object Object]' }, false],
    [{ field: 'list', operator: 'in', values: ['a', 'y'] }, true],
    [{ field: 'list', operator: 'not_in', values: ['a', 'y'] }, false],
    [{ field: 'list', operator: 'not_in', values: ['a'] }, true],
    [{ field: 'list', operator: 'not_equals', value: 'x' }, false],
    [{ field: 's', operator: 'contains', value: 'ab' }, true],
    [{ field: 'n', operator: 'starts_with', value: '44' }, true],
    [{ field: 'big', operator: 'ends_with', value: '0993' }, true],
    [{ field: 's', operator: 'ends_with', value: 'AB' }, false],
    [{ field: 's', operator: 'ends_with', value: 'AB', ignoreCase: true }, true],
    [{ field: 's', operator: 'matches', value: '^l' }, false],
    [{ field: 's', operator: 'matches', value: '^l', ignoreCase: true }, true],
    [{ field: 'o.p[].q', operator: 'matches', value: 'd..p' }, true],
    [{ field: 'none', operator: 'exists' }, false],
    [{ field: 'none', operator: 'not_exists' }, true],
    [{ field: 'empty', operator: 'exists' }, true],
    [{ field: 'o', operator: 'exists' }, true],
    [{ field: 'n', operator: 'gt', value: 442.5 }, true],
    [{ field: 't', operator: 'gte', value: '443' }, true],
    [{ field: 'n', operator: 'gt', value: 443 }, false],
    [{ field: 'big', operator: 'gt', value: '9007199254740992' }, true],
    [{ field: 'big', operator: 'lte', value: 9007199254740991 }, false],
    [{ field: 'id', operator: 'lt', value: '225494730938493805' }, true],
    [{ field: 'id', operator: 'lt', value: '225494730938493804' }, false],
    [{ field: 's', operator: 'lt', value: 5 }, false],
    [{ field: 'b', operator: 'gt', value: 0 }, false],
    [{ field: 'at', operator: 'gt', value: '2026-11-24T10:00:00.123455Z' }, true],
    [{ field: 'at', operator: 'lt', value: '2026-11-25' }, true],
    [{ field: 'at', operator: 'gt', value: 5 }, false],
    [{ field: 'n', operator: 'lt', value: '2026-11-25' }, false],
    [{ field: 'ip', operator: 'cidr', value: '10.0.0.0/8' }, true],
    [{ field: 'ip', operator: 'cidr', values: ['192.168.0.0/16', '8.8.8.8'] }, true],
    [{ field: 's', operator: 'cidr', value: '0.0.0.0/0' }, false],
  ])('%j: %s', (condition, expected) => {
    expect(readFilters([{ name: 'f', action: 'exclude', conditions: [condition] }], []).kind).toBe(
      condition.value === 9007199254740992 ? 'invalid' : 'valid',
    );
    expect(holds(condition, record)).toBe(expected);
  });
});

const siteIs = (value: string): FilterCondition => ({ field: 'site', operator: 'equals', value });
const filter = (name: string, action: LogFilter['action'], ...conditions: FilterCondition[]): LogFilter => ({
  name,
  action,
  conditions,
});

describe('the filters of a stream', () => {
  it('are nothing where there are none', () => {
    expect(compileFilters([])).toBeUndefined();
  });

  it('drop what any exclude filter matches, and name the first', () => {
    const compiled = compileFilters([
      filter('a', 'exclude', siteIs('lab'), { field: 'n', operator: 'gt', value: 1 }),
      filter('b', 'exclude', siteIs('lab')),
      filter('c', 'exclude', siteIs('test')),
    ]);
    expect(compiled?.droppedBy({ site: 'lab', n: 2 })).toBe('a');
    expect(compiled?.droppedBy({ site: 'lab', n: 1 })).toBe('b');
    expect(compiled?.droppedBy({ site: 'test' })).toBe('c');
    expect(compiled?.droppedBy({ site: 'prod' })).toBeUndefined();
  });

  it('keep what an include filter matches and no exclude filter does', () => {
    const compiled = compileFilters([
      filter('in', 'include', siteIs('prod')),
      filter('in too', 'include', siteIs('test')),
      filter('out', 'exclude', { field: 'noise', operator: 'equals', value: true }),
    ]);
    expect(compiled?.droppedBy({ site: 'prod' })).toBeUndefined();
    expect(compiled?.droppedBy({ site: 'test' })).toBeUndefined();
    expect(compiled?.droppedBy({ site: 'prod', noise: true })).toBe('out');
    expect(compiled?.droppedBy({ site: 'lab' })).toBe(noIncludeFilter);
  });

  it('are those for its content type, or for the one that names it as a companion', () => {
    const of = (contentTypes?: readonly string[]): LogFilter => ({
      ...filter(String(contentTypes), 'include', siteIs('x')),
      ...(contentTypes === undefined ? {} : { contentTypes }),
    });
    const all = [of(), of(['alerts', 'threats']), of(['agents'])];
    const namesFor = (...ids: string[]) => filtersFor(all, ...ids).map(({ name }) => name);
    expect(namesFor('threats')).toStrictEqual(['undefined', 'alerts,threats']);
    expect(namesFor('alert-changes', 'alerts')).toStrictEqual(['undefined', 'alerts,threats']);
    expect(namesFor('sites')).toStrictEqual(['undefined']);
    expect(JSON.stringify(filtersFor(all, 'agents'))).not.toContain('contentTypes');
  });

  it('tell what they would drop', () => {
    const filters: LogFilter[] = [
      filter('lab', 'exclude', siteIs('lab')),
      { ...filter('prod', 'include', siteIs('prod')), contentTypes: ['threats'] },
    ];
    const records = ['lab', 'lab', 'prod', 'test'].map((site) => ({ site }));
    expect(dropReport(filters, 'threats', records)).toStrictEqual({
      records: 4,
      dropped: 3,
      droppedBy: { lab: 2, [noIncludeFilter]: 1 },
    });
    expect(dropReport(filters, 'agents', records)).toMatchObject({ dropped: 2, droppedBy: { lab: 2 } });
    expect(dropReport(filters, 'threat-changes', records, 'threats')).toMatchObject({ dropped: 3 });
    expect(dropReport([], 'agents', records)).toStrictEqual({ records: 4, dropped: 0, droppedBy: {} });
  });
});

/* What the rules say, written down a second time in the plainest way: all values first, then one question each. */

function naiveValues(value: Json | undefined, names: readonly string[]): Json[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((element: Json) => naiveValues(element, names));
  if (names.length === 0) return [value];
  if (typeof value !== 'object' || JSON.isRawJSON(value)) return [];
  return names.flatMap((_, i) => {
    const name = names.slice(0, i + 1).join('.');
    const found = Object.entries(value).find(([key]) => key === name)?.[1];
    return naiveValues(found, names.slice(i + 1));
  });
}

const isNumber = (text: string) => /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text);

/** Numbers of these tests have at most 25 digits before the point and 5 behind it. */
function scaled(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(5, '0')}`);
}

function naiveText(value: Json): string | undefined {
  return typeof value === 'object' && !JSON.isRawJSON(value)
    ? undefined
    : JSON.isRawJSON(value)
      ? value.rawJSON
      : String(value);
}

function naiveEquals(found: Json, wanted: FilterValue, fold: (text: string) => string): boolean {
  const text = naiveText(found);
  if (text === undefined) return false;
  if (typeof found === 'string' && typeof wanted === 'string') return fold(found) === fold(wanted);
  if (isNumber(text) && isNumber(String(wanted))) return scaled(text) === scaled(String(wanted));
  const isOneBoolean = typeof found === 'boolean' || typeof wanted === 'boolean';
  const isAnyNumber = typeof found === 'number' || typeof wanted === 'number';
  return isOneBoolean && !isAnyNumber && fold(text) === fold(String(wanted));
}

function naiveOrder(found: Json, wanted: FilterValue): number {
  const text = typeof found === 'boolean' ? undefined : naiveText(found);
  if (text === undefined) return Number.NaN;
  if (isNumber(text) && isNumber(String(wanted))) {
    const [a, b] = [scaled(text), scaled(String(wanted))];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const isTime = (each: unknown) => typeof each === 'string' && /^\d{4}-/.test(each);
  return isTime(found) && isTime(wanted) ? Date.parse(text) - Date.parse(String(wanted)) : Number.NaN;
}

function naiveHolds(
  { field, operator, value = '', values = [], ignoreCase }: FilterCondition,
  record: JsonObject,
): boolean {
  const found = naiveValues(record, field.replaceAll('[]', '').split('.'));
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const anyText = (test: (text: string) => boolean) =>
    found.map(naiveText).some((text) => text !== undefined && test(fold(text)));
  const part = fold(String(value));
  switch (operator) {
    case 'equals':
      return found.some((each) => naiveEquals(each, value, fold));
    case 'not_equals':
      return found.every((each) => !naiveEquals(each, value, fold));
    case 'in':
      return found.some((each) => values.some((wanted) => naiveEquals(each, wanted, fold)));
    case 'not_in':
      return found.every((each) => values.every((wanted) => !naiveEquals(each, wanted, fold)));
    case 'contains':
      return anyText((text) => text.indexOf(part) >= 0);
    case 'starts_with':
      return anyText((text) => text.slice(0, part.length) === part);
    case 'ends_with':
      return anyText((text) => text.length >= part.length && text.slice(text.length - part.length) === part);
    case 'matches':
      return found.some((each) =>
        new RegExp(String(value), ignoreCase ? 'iu' : 'u').test(naiveText(each) ?? ' '),
      );
    case 'exists':
      return found.length > 0;
    case 'not_exists':
      return found.length === 0;
    case 'gt':
      return found.some((each) => naiveOrder(each, value) > 0);
    case 'gte':
      return found.some((each) => naiveOrder(each, value) >= 0);
    case 'lt':
      return found.some((each) => naiveOrder(each, value) < 0);
    case 'lte':
      return found.some((each) => naiveOrder(each, value) <= 0);
    case 'cidr':
      return found.some((each) => [value, ...values].some((net) => net !== '' && naiveIn(each, String(net))));
  }
}

/** Networks of these tests end at a dot. */
function naiveIn(found: Json, network: string): boolean {
  const [address = '', prefix = '32'] = network.split('/');
  const bytes = (text: string) =>
    text
      .split('.')
      .slice(0, Number(prefix) / 8)
      .join('.');
  return (
    typeof found === 'string' &&
    found
      .split(',')
      .some((text) => /^\d+\.\d+\.\d+\.\d+$/.test(text.trim()) && bytes(text.trim()) === bytes(address))
  );
}

const texts = [
  '',
  'a',
  'A',
  'ab',
  'lab 1',
  'true',
  '0',
  '-0',
  '7',
  '7.0',
  '7.50',
  '9007199254740993',
  '12345678901234567890',
  '10.1.2.3',
  '10.9.9.9, 8.8.8.8',
  '2026-11-24',
  '2026-11-24T10:00:00Z',
  '2026-11-24T12:00:00+02:00',
];
const leaf = fc.constantFrom<Json>(
  ...texts,
  0,
  7,
  7.5,
  -3,
  443,
  9007199254740991,
  JSON.rawJSON('9007199254740993'),
  JSON.rawJSON('12345678901234567890'),
  true,
  false,
  null,
);
const names = ['a', 'b', 'a.b', 'b.a'];
const { record } = fc.letrec<{ record: JsonObject; value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 5, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: tie('record') },
  ),
  record: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 }),
}));
const field = fc
  .array(fc.constantFrom('a', 'b', 'a[]', 'b[]'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('.'));
const value = fc.constantFrom<FilterValue>(
  ...texts.filter((text) => text !== ''),
  0,
  7,
  7.5,
  -3,
  443,
  true,
  false,
);
const ignoring = fc.constantFrom({}, {}, { ignoreCase: true });
const condition: fc.Arbitrary<FilterCondition> = fc.oneof(
  fc
    .tuple(field, fc.constantFrom('equals', 'not_equals'), value, ignoring)
    .map(
      ([at, operator, wanted, extra]) =>
        ({ field: at, operator, value: wanted, ...extra }) as FilterCondition,
    ),
  fc
    .tuple(field, fc.constantFrom('in', 'not_in'), fc.array(value, { minLength: 1, maxLength: 3 }), ignoring)
    .map(
      ([at, operator, wanted, extra]) =>
        ({ field: at, operator, values: wanted, ...extra }) as FilterCondition,
    ),
  fc
    .tuple(
      field,
      fc.constantFrom('contains', 'starts_with', 'ends_with'),
      fc.constantFrom('a', 'A', 'b', '1', '0', '7', 'ru'),
      ignoring,
    )
    .map(
      ([at, operator, wanted, extra]) =>
        ({ field: at, operator, value: wanted, ...extra }) as FilterCondition,
    ),
  fc
    .tuple(field, fc.constantFrom('^a', '\\d{2,}', 'B$', '^(true|7)$', '^$'), ignoring)
    .map(
      ([at, wanted, extra]): FilterCondition => ({ field: at, operator: 'matches', value: wanted, ...extra }),
    ),
  fc
    .tuple(field, fc.constantFrom('exists', 'not_exists'))
    .map(([at, operator]) => ({ field: at, operator }) as FilterCondition),
  fc
    .tuple(
      field,
      fc.constantFrom('gt', 'gte', 'lt', 'lte'),
      fc.constantFrom<FilterValue>(
        0,
        7,
        '7.0',
        7.5,
        '9007199254740992',
        '9007199254740993',
        '12345678901234567889',
        '2026-11-24',
        '2026-11-24T10:00:00Z',
      ),
    )
    .map(([at, operator, wanted]) => ({ field: at, operator, value: wanted }) as FilterCondition),
  fc
    .tuple(field, fc.constantFrom({ value: '10.0.0.0/8' }, { values: ['8.8.8.0/24', '10.1.2.3'] }))
    .map(([at, nets]): FilterCondition => ({ field: at, operator: 'cidr', ...nets })),
);
const logFilters = fc.uniqueArray(
  fc.record(
    {
      name: fc.constantFrom('f1', 'f2', 'f3', 'f4'),
      action: fc.constantFrom('exclude', 'include'),
      conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
    },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 4, selector: ({ name }) => name },
) as fc.Arbitrary<LogFilter[]>;

describe('filters', () => {
  it('drop what the plain rules drop, for any records and filters', () => {
    fc.assert(
      fc.property(logFilters, fc.array(record, { minLength: 1, maxLength: 5 }), (filters, records) => {
        expect(readFilters(filters, [])).toStrictEqual({ kind: 'valid', filters });
        const compiled = compileFilters(filters);
        for (const each of records) {
          const matching = filters.filter(({ conditions }) =>
            conditions.every((one) => naiveHolds(one, each)),
          );
          const exclude = matching.find(({ action }) => action === 'exclude')?.name;
          const hasIncludes = filters.some(({ action }) => action === 'include');
          const isIncluded = matching.some(({ action }) => action === 'include');
          const expected = exclude ?? (hasIncludes && !isIncluded ? noIncludeFilter : undefined);
          expect(compiled?.droppedBy(each), JSON.stringify({ filters, each })).toBe(expected);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
