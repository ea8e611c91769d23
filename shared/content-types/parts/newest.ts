import { isObject, type JsonObject } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import type { Probe, ProbeAnswer, ProbeRequest } from '../content-type.ts';

/** A list and the order in which its newest record comes first. */
export interface NewestDeclaration {
  /** GET below /web/api/v2.1. */
  readonly path: string;
  /** One of the orders that the endpoint has: it refuses others. */
  readonly sortBy: string;
  /** Reads the time that it is sorted by, epoch milliseconds. */
  readonly timeOf: (record: JsonObject) => number | undefined;
  /** Further parameters, those that the reading sends as well. */
  readonly params?: ListParams;
}

/** What a list shows first, the newest one first. */
export type Newest =
  | { readonly kind: 'record'; readonly record: JsonObject }
  /** The list is empty. */
  | { readonly kind: 'none' }
  /** The first page holds no record, and others follow. */
  | { readonly kind: 'unknown' };

/** Probes a list by its newest record: one request. */
export function newestOf({ params, ...list }: NewestDeclaration): Probe {
  // A count of all there is would cost the console more than the record.
  const uncounted = { ...list, params: { ...params, skipCount: 'true' } };
  return async (request) => answerOf(await newestRecord(uncounted, request, request.scope), uncounted.timeOf);
}

/** Asks a list for its newest record. Lists that belong to a record of another one take no scope. */
export async function newestRecord(
  { path, sortBy, params }: Omit<NewestDeclaration, 'timeOf'>,
  { api, signal }: Pick<ProbeRequest, 'api' | 'signal'>,
  scope: ListParams = {},
): Promise<Newest> {
  const asked = { ...params, ...scope, limit: '1', sortBy, sortOrder: 'desc' };
  const { data, nextCursor } = await api.list(path, asked, signal);
  const record = data.find((element) => isObject(element));
  if (record !== undefined) return { kind: 'record', record };
  return nextCursor === undefined ? { kind: 'none' } : { kind: 'unknown' };
}

/** When the record that a list shows first happened. */
export function answerOf(newest: Newest, timeOf: NewestDeclaration['timeOf']): ProbeAnswer {
  if (newest.kind === 'none') return {};
  const newestAt = newest.kind === 'record' ? timeOf(newest.record) : undefined;
  return newestAt === undefined ? { note: 'there are records, the newest one shows no time' } : { newestAt };
}
