import type { User } from '../world/deeds/user.ts';
import { micros } from '../world/micro-time.ts';
import type { RecordSet } from '../world/record-set.ts';
import type { Call } from './endpoint.ts';
import { type FilterTable, ownIds } from './filters.ts';
import { type BodyFields, readJsonBody, refuseUnknownFields } from './json-body.ts';
import { select } from './list-endpoint.ts';
import { rowsInOrder } from './ordering.ts';
import { type Query, refuseUnknown } from './query.ts';
import { userOf } from './token-user.ts';
import { invalidParameter, unauthorized } from './vendor-error.ts';

/** What an action is asked to do, and to what. */
export interface ActionRequest {
  /** As the parameters of a list would be; one that names nothing is none. */
  readonly filter: Query;
  readonly data: BodyFields;
}

/** What a list takes at once in a query, an action takes in its body. */
const mostIds = 5_000;
const parts = new Set(['filter', 'data']);

/** Throws 400 where the body is none of an action. */
export function readAction(call: Call): ActionRequest {
  refuseUnknown(call.query, new Set());
  const fields = readJsonBody(call.body);
  refuseUnknownFields(fields, parts);
  return { filter: readFilter(objectAt(fields, 'filter')), data: objectAt(fields, 'data') };
}

/** A JSON object within a body, empty where it is missing or null. Throws 400. */
function objectAt(fields: BodyFields, name: string): BodyFields {
  const value = fields.get(name) ?? {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw invalidParameter(name, 'Must be a JSON object.');
  return new Map(Object.entries(value));
}

/** Lists and single values, as the texts that they would be in a query. */
function readFilter(fields: BodyFields): Query {
  const texts = new Map<string, string>();
  for (const [name, value] of fields) {
    const text = textOf(name, value);
    // An empty list is no restriction. Whether it is for the vendor nobody has published: this is the more dangerous reading.
    if (text !== '') texts.set(name, text);
  }
  return texts;
}

/** A list or a single value as the text that it would be in a query; empty for null. Throws 400. */
export function textOf(name: string, value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((item: unknown) => plainText(name, item)).join(',');
  return plainText(name, value);
}

function plainText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalidParameter(name, 'Not a valid value.');
}

/**
 * The numbers of the records that a filter selects, in the order of their ids, of those that the token sees: ALL of them where
 * the filter is empty. Throws 400 for filters that nobody knows.
 */
export function selectedBy(
  filter: Query,
  records: RecordSet,
  table: FilterTable,
  call: Pick<Call, 'token' | 'world' | 'nowMs'>,
): readonly number[] {
  const filters: FilterTable = { ...table, ids: ownIds(records, mostIds) };
  refuseUnknown(filter, new Set(Object.keys(filters)));
  const { token, world, nowMs } = call;
  const selection = select(records, filters, { query: filter, token, world, nowMs });
  const { revisions } = records.timeline;
  return [...rowsInOrder(selection, 'record', false, null)].map((row) => revisions.record(row));
}

/** Who acts, and when: microseconds. Throws 401 where nobody does. */
export function actor({ token, world, nowMs }: Pick<Call, 'token' | 'world' | 'nowMs'>): {
  readonly user: User;
  readonly us: number;
} {
  if (token === undefined) throw unauthorized();
  return { user: userOf(token, world), us: nowMs * micros.millisecond };
}

/** One of these words. Throws 400 where it is missing or another one. */
export function requiredWord<T extends string>(data: BodyFields, name: string, allowed: readonly T[]): T {
  const value = optionalWord(data, name, allowed);
  if (value === undefined) throw invalidParameter(name, 'Missing data for required field.');
  return value;
}

/** One of these words; undefined where it is missing or null. Throws 400. */
export function optionalWord<T extends string>(
  data: BodyFields,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = data.get(name) ?? undefined;
  if (value === undefined) return undefined;
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw invalidParameter(name, `Must be one of: ${allowed.join(', ')}.`);
  return found;
}
