import { micros, parseMicros } from '../world/micro-time.ts';
import type { RecordSet } from '../world/record-set.ts';
import type { Bounds } from '../world/shown.ts';
import { parseFlag, parseList } from './query.ts';
import { invalidParameter } from './vendor-error.ts';

/** What one parameter asks for: of a row, a span of the times by which the rows are sorted, or some records by their numbers. */
export type Filter =
  | { readonly matches: (row: number) => boolean }
  | { readonly bounds: Bounds }
  | { readonly records: ReadonlySet<number> };

/** Reads the text of one parameter. Throws 400. */
export type FilterParser = (name: string, text: string) => Filter;

/** The filter parameters of an endpoint. */
export type FilterTable = Readonly<Record<string, FilterParser>>;

/** Of scopes; of records' own ids a list takes twice as many, and an action ten times. */
const mostIds = 500;
const mostOwnIds = 1_000;

/** Equal to one of the listed values. `allowed` restricts what may be asked for. */
export function oneOf(
  get: (row: number) => string | null,
  allowed?: readonly string[],
  most: number = mostIds,
): FilterParser {
  return (name, text) => {
    const wanted = new Set(parseList(name, text, most));
    for (const value of wanted) {
      if (allowed !== undefined && !allowed.includes(value))
        throw invalidParameter(name, `Must be one of: ${allowed.join(', ')}.`);
    }
    return { matches: (row) => wanted.has(get(row) ?? '') };
  };
}

/** Equal to none of the listed values. */
export function noneOf(get: (row: number) => string | null, allowed: readonly string[]): FilterParser {
  const parse = oneOf(get, allowed);
  return (name, text) => {
    const filter = parse(name, text);
    return 'matches' in filter ? { matches: (row) => !filter.matches(row) } : filter;
  };
}

/** Equal to one of the listed ids. */
export function oneOfIds(get: (row: number) => string | null): FilterParser {
  return (name, text) => {
    const wanted = new Set(readIds(name, text));
    return { matches: (row) => wanted.has(get(row) ?? '') };
  };
}

/** The records with the listed ids, found without looking at all others. */
export function ownIds(records: RecordSet, most: number = mostOwnIds): FilterParser {
  return (name, text) => ({
    records: new Set(readIds(name, text, most).map((id) => records.find(id))),
  });
}

/** Equal to one of the listed UUIDs. */
export function oneOfUuids(get: (row: number) => string): FilterParser {
  return oneOf(get, undefined, mostOwnIds);
}

/** Throws 400 where one of them is no id. */
export function readIds(name: string, text: string, most: number = mostIds): readonly string[] {
  const ids = parseList(name, text, most);
  if (ids.some((id) => !/^\d{1,20}$/.test(id))) throw invalidParameter(name, 'Not a valid id.');
  return ids;
}

/** Contains one of the listed texts, in any case. */
export function contains(get: (row: number) => string): FilterParser {
  return (name, text) => {
    const wanted = parseList(name, text, mostIds).map((value) => value.toLowerCase());
    return {
      matches: (row) => {
        const value = get(row).toLowerCase();
        return wanted.some((part) => value.includes(part));
      },
    };
  };
}

/** True or false. */
export function isFlag(get: (row: number) => boolean): FilterParser {
  return (name, text) => {
    const wanted = parseFlag(name, text);
    return { matches: (row) => get(row) === wanted };
  };
}

/** `True`, `False` or both, which is how the vendor asks for all. */
export function flags(get: (row: number) => boolean): FilterParser {
  return (name, text) => {
    const wanted = new Set(parseList(name, text, 2).map((value) => parseFlag(name, value)));
    return { matches: (row) => wanted.has(get(row)) };
  };
}

/** Whole numbers. */
export function oneOfNumbers(get: (row: number) => number): FilterParser {
  return (name, text) => {
    const wanted = new Set(
      parseList(name, text, mostIds).map((value) => {
        if (!/^\d{1,9}$/.test(value)) throw invalidParameter(name, 'Not a valid integer.');
        return Number(value);
      }),
    );
    return { matches: (row) => wanted.has(get(row)) };
  };
}

/** `<from>-<to>`, both inclusive. */
export function numberBetween(get: (row: number) => number): FilterParser {
  return (name, text) => {
    const match = /^(\d{1,15}(?:\.\d+)?)-(\d{1,15}(?:\.\d+)?)$/.exec(text);
    if (!match) throw invalidParameter(name, 'Must be two numbers with a dash between them.');
    const [from, to] = [Number(match[1]), Number(match[2])];
    return { matches: (row) => get(row) >= from && get(row) <= to };
  };
}

/** The scope filters that almost every endpoint has, and `ids`. */
export function scopeFilters(records: RecordSet): FilterTable {
  const of = (value: (record: number) => string | null) => (row: number) =>
    value(records.timeline.revisions.record(row));
  return {
    ids: ownIds(records),
    siteIds: oneOfIds(of(records.siteId)),
    accountIds: oneOfIds(of(records.accountId)),
    groupIds: oneOfIds(of(records.groupId)),
  };
}

/** The four comparisons of a time, to the microsecond, each as its name says. `get` gives microseconds. */
export function timeFilters(field: string, get: (row: number) => number): FilterTable {
  return timeTable(field, (bounds) => within(bounds, get));
}

/** The same for the time by which the rows are sorted: nothing outside the bounds is looked at. */
export function axisFilters(field: string): FilterTable {
  return timeTable(field, (bounds) => ({ bounds }));
}

/** `<from>-<to>` in epoch milliseconds, both inclusive, of the time by which the rows are sorted. */
export function axisBetween(field: string): FilterTable {
  return { [`${field}__between`]: (name, text) => ({ bounds: readBetween(name, text) }) };
}

/** The same for another time. `get` gives microseconds. */
export function timeBetween(field: string, get: (row: number) => number): FilterTable {
  return {
    [`${field}__between`]: (name, text) => within(readBetween(name, text), get),
  };
}

function readBetween(name: string, text: string): Bounds {
  const match = /^(\d{1,14})-(\d{1,14})$/.exec(text);
  if (!match)
    throw invalidParameter(name, 'Must be two times in epoch milliseconds with a dash between them.');
  const [, from = '', to = ''] = match;
  return { fromUs: Number(from) * micros.millisecond, toUs: Number(to) * micros.millisecond + 1 };
}

function within({ fromUs, toUs }: Bounds, get: (row: number) => number): Filter {
  return {
    matches: (row) => {
      const us = get(row);
      return us >= fromUs && us < toUs;
    },
  };
}

/** Exactly this time. `get` gives microseconds. */
export function timeEquals(get: (row: number) => number): FilterParser {
  return (name, text) => {
    const us = readTime(name, text);
    return { matches: (row) => get(row) === us };
  };
}

function timeTable(field: string, filter: (bounds: Bounds) => Filter): FilterTable {
  const open = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };
  return {
    [`${field}__gt`]: (name, text) => filter({ ...open, fromUs: readTime(name, text) + 1 }),
    [`${field}__gte`]: (name, text) => filter({ ...open, fromUs: readTime(name, text) }),
    [`${field}__lt`]: (name, text) => filter({ ...open, toUs: readTime(name, text) }),
    [`${field}__lte`]: (name, text) => filter({ ...open, toUs: readTime(name, text) + 1 }),
  };
}

function readTime(name: string, text: string): number {
  const us = parseMicros(text);
  if (us === undefined) throw invalidParameter(name, 'Not a valid datetime.');
  return us;
}
