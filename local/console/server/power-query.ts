import type { Json, JsonObject } from '../../../shared/json.ts';
import { type DataLakeFilter, quotedText, readDataLakeFilter } from './data-lake-filter.ts';
import { DataLakeRefusal } from './data-lake-refusal.ts';

/** A query of the form `<filter> | columns a, b, x = c | sort -timestamp | limit N`. */
export interface PowerQuery {
  readonly filter: DataLakeFilter;
  /** Undefined for whatever the rows have. */
  readonly columns: readonly Column[] | undefined;
  /** In the order in which they are written: a limit before a sort takes other rows than one behind it. */
  readonly stages: readonly Stage[];
}

interface Column {
  readonly name: string;
  readonly field: string;
}

type Stage =
  | { readonly kind: 'sort'; readonly field: string; readonly descending: boolean }
  | { readonly kind: 'limit'; readonly rows: number };

/** The result of a power query, as the data lake answers it. */
export interface PowerQueryTable {
  readonly [key: string]: Json;
  readonly columns: readonly JsonObject[];
  readonly values: readonly (readonly Json[])[];
  /** How many events the filter finds, answered or not. */
  readonly matchCount: number;
}

const mostCharacters = 8_192;
const mostRows = 100_000;
/** So many rows are answered where the query has no limit. */
const usualRows = 1_000;

/** Throws 400 for what the simulator does not understand. */
export function readPowerQuery(text: string): PowerQuery {
  if (text.length > mostCharacters)
    throw new DataLakeRefusal(400, `query: longer than ${mostCharacters} characters`);
  const quoted = quotedText(text);
  const [filter = '', ...commands] = quoted.skeleton.split('|');
  let columns: readonly Column[] | undefined;
  const stages: Stage[] = [];
  for (const command of commands) {
    const [, name = '', rest = ''] = /^\s*(\w+)\s+(.*?)\s*$/s.exec(command) ?? [];
    if (name === 'columns') columns = rest.split(',').map(readColumn);
    else if (name === 'sort') stages.push(readSort(rest));
    else if (name === 'limit') stages.push(readLimit(rest));
    else throw new DataLakeRefusal(400, `query: the simulator does not know the command "${command.trim()}"`);
  }
  return { filter: readDataLakeFilter(quoted, filter), columns, stages };
}

function readColumn(text: string): Column {
  const [, name, field = ''] = /^\s*(?:([\w.]+)\s*=\s*)?([\w.]+)\s*$/.exec(text) ?? [];
  if (field === '') throw new DataLakeRefusal(400, `query: "${text.trim()}" is no column`);
  return { name: name ?? field, field };
}

function readSort(text: string): Stage {
  const [, sign, field = ''] = /^([+-]?)\s*([\w.]+)$/.exec(text) ?? [];
  if (field === '') throw new DataLakeRefusal(400, `query: "${text}" cannot be sorted by`);
  return { kind: 'sort', field, descending: sign === '-' };
}

function readLimit(text: string): Stage {
  const rows = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (rows < 1 || rows > mostRows) throw new DataLakeRefusal(400, `query: limit takes 1 to ${mostRows}`);
  return { kind: 'limit', rows };
}

/**
 * @param events numbers of the events that the filter finds, oldest first
 * @param record the event's row: dotted names
 */
export function runPowerQuery(
  query: PowerQuery,
  events: readonly number[],
  record: (event: number) => JsonObject,
): PowerQueryTable {
  // Without a sort the newest events come first.
  let rows: readonly number[] = [...events].reverse();
  for (const stage of query.stages) {
    rows = stage.kind === 'limit' ? rows.slice(0, stage.rows) : sorted(rows, stage, record);
  }
  if (!query.stages.some(({ kind }) => kind === 'limit')) rows = rows.slice(0, usualRows);
  const records = rows.map(record);
  const columns =
    query.columns ?? [...new Set(records.flatMap(Object.keys))].map((name) => ({ name, field: name }));
  return {
    columns: columns.map(({ name }) => ({ name })),
    values: records.map((row) => columns.map(({ field }) => row[field] ?? null)),
    matchCount: events.length,
  };
}

function sorted(
  rows: readonly number[],
  { field, descending }: { readonly field: string; readonly descending: boolean },
  record: (event: number) => JsonObject,
): readonly number[] {
  const direction = descending ? -1 : 1;
  // Events are numbered in the order of their times.
  if (field === 'timestamp') return [...rows].sort((a, b) => direction * (a - b));
  const keyed = rows.map((event) => ({ event, key: record(event)[field] ?? '' }));
  return keyed.sort((a, b) => direction * compare(a.key, b.key)).map(({ event }) => event);
}

function compare(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}
