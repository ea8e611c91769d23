import type { Json, JsonObject } from '../../../shared/json.ts';
import type { RecordSet } from '../world/record-set.ts';
import type { Bounds } from '../world/shown.ts';
import type { World } from '../world/world.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { type CursorBinding, type CursorContent, readCursor, writeCursor } from './cursor.ts';
import type { Call, Endpoint } from './endpoint.ts';
import type { PageEnd } from './faults/page-quirks.ts';
import type { FilterTable } from './filters.ts';
import { count, rowsInOrder, type Selection, type SortKey, sortKeyOf } from './ordering.ts';
import { flag, integer, type Query, refuseUnknown } from './query.ts';
import type { TokenGrant } from './tokens.ts';
import { forbidden, invalidCursor, invalidParameter } from './vendor-error.ts';

/** A list endpoint: what it lists, what it can be asked for, and in which orders. */
export interface ListDeclaration<R extends RecordSet> {
  readonly path: string;
  readonly records: (world: World) => R;
  readonly filters: (records: R) => FilterTable;
  /** The first one is the default. */
  readonly sortKeys: (records: R) => Readonly<Record<string, SortKey>>;
  /** Why a token that is bound to a site may not read this; absent where it may read what belongs to its site. */
  readonly siteTokensRefused?: string;
  /** Puts the records into the answer's `data` where that is no plain list. */
  readonly envelope?: (records: readonly JsonObject[]) => Json;
}

const mostPerPage = 1_000;
const mostSkipped = 1_000;
const defaultLimit = 10;
const controls = ['limit', 'skip', 'cursor', 'countOnly', 'skipCount', 'sortBy', 'sortOrder'] as const;
/** An endless row of empty pages would be no page but an outage. */
export const mostEmptyPages = 3;

export function listEndpoint<R extends RecordSet>(declaration: ListDeclaration<R>): Endpoint {
  return {
    method: 'GET',
    path: declaration.path,
    authentication: 'token',
    answer: (call) => answerList(declaration, call),
  };
}

function answerList<R extends RecordSet>(declaration: ListDeclaration<R>, call: Call): Answer {
  const { query, world, quirks } = call;
  const records = declaration.records(world);
  const filters = declaration.filters(records);
  refuseUnknown(query, new Set([...controls, ...Object.keys(filters)]));
  refuseSiteToken(declaration.siteTokensRefused, call.token);
  const page = readPage(query, declaration.sortKeys(records), mostSkipped);
  const selection = select(records, filters, call);
  const binding = {
    seed: world.options.seed,
    path: declaration.path,
    sortBy: page.sortBy,
    sortOrder: page.descending ? 'desc' : 'asc',
    filters: [...query].filter(([name]) => name in filters),
  };
  const start = startOf(page.cursor, binding, records);
  const total = page.skipCount ? {} : { totalItems: count(selection) };
  const wrap = declaration.envelope ?? ((list: readonly JsonObject[]): Json => list);

  if (page.countOnly)
    return jsonAnswer({ data: wrap([]), pagination: { nextCursor: null, totalItems: count(selection) } });
  if (quirks.isEmptyPage && page.skip === 0 && start.emptyPages < mostEmptyPages) {
    const nextCursor = writeCursor({ ...start, emptyPages: start.emptyPages + 1 }, binding);
    return jsonAnswer({ data: quirks.isNullData ? null : wrap([]), pagination: { nextCursor, ...total } });
  }

  const rows: number[] = [];
  let toSkip = page.skip;
  for (const row of rowsInOrder(selection, page.sort, page.descending, start.position)) {
    if (toSkip > 0) toSkip--;
    else rows.push(row);
    if (rows.length > page.limit) break;
  }
  const hasMore = rows.length > page.limit || (quirks.hasTrailingPage && rows.length > 0);
  const answered = rows.slice(0, page.limit);
  const last = answered.at(-1);
  const nextCursor =
    hasMore && last !== undefined
      ? {
          nextCursor: writeCursor(
            { position: positionOf(selection, page.sort, last), emptyPages: 0 },
            binding,
          ),
        }
      : endOfList(quirks.end);
  const data =
    answered.length === 0 && quirks.isNullData ? null : wrap(answered.map((row) => records.body(row)));
  return jsonAnswer({ data, pagination: { ...nextCursor, ...total } });
}

function refuseSiteToken(reason: string | undefined, token: TokenGrant | undefined): void {
  if (reason !== undefined && token?.siteId !== undefined) throw forbidden(reason);
}

/** What a request asks for of a list whose orders are told by an `S` each. */
export interface PageRequest<S> {
  readonly limit: number;
  readonly skip: number;
  readonly cursor: string | undefined;
  readonly countOnly: boolean;
  readonly skipCount: boolean;
  readonly sortBy: string;
  readonly sort: S;
  readonly descending: boolean;
}

/** The first sort key is the default. Throws 400. */
export function readPage<S>(
  query: Query,
  sortKeys: Readonly<Record<string, S>>,
  mostSkipped: number,
): PageRequest<S> {
  const cursor = query.get('cursor');
  const skip = integer(query, 'skip', 0, mostSkipped);
  if (cursor !== undefined && skip !== undefined)
    throw invalidParameter('skip', 'Cannot be used together with cursor.');
  const names = Object.keys(sortKeys);
  const sortBy = query.get('sortBy') ?? names[0] ?? '';
  const sort = Object.hasOwn(sortKeys, sortBy) ? sortKeys[sortBy] : undefined;
  if (sort === undefined) throw invalidParameter('sortBy', `Must be one of: ${names.join(', ')}.`);
  const sortOrder = query.get('sortOrder') ?? 'asc';
  if (sortOrder !== 'asc' && sortOrder !== 'desc')
    throw invalidParameter('sortOrder', 'Must be one of: asc, desc.');
  return {
    limit: integer(query, 'limit', 1, mostPerPage) ?? defaultLimit,
    skip: skip ?? 0,
    cursor,
    countOnly: flag(query, 'countOnly'),
    skipCount: flag(query, 'skipCount'),
    sortBy,
    sort,
    descending: sortOrder === 'desc',
  };
}

/** Reads the filters and adds the token's own scope, which no error tells of. */
export function select(
  records: RecordSet,
  filters: FilterTable,
  call: Pick<Call, 'query' | 'token' | 'world' | 'nowMs'>,
): Selection {
  let bounds: Bounds = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };
  const tests: ((row: number) => boolean)[] = [];
  const { revisions } = records.timeline;
  const siteId = call.token?.siteId;
  if (siteId !== undefined) tests.push((row) => records.siteId(revisions.record(row)) === siteId);
  for (const [name, text] of call.query) {
    const parse = Object.hasOwn(filters, name) ? filters[name] : undefined;
    const filter = parse?.(name, text);
    if (filter === undefined) continue;
    if ('matches' in filter) tests.push(filter.matches);
    else
      bounds = {
        fromUs: Math.max(bounds.fromUs, filter.bounds.fromUs),
        toUs: Math.min(bounds.toUs, filter.bounds.toUs),
      };
  }
  return {
    records,
    shown: call.world.shown(records, call.nowMs),
    bounds,
    matches: (row) => tests.every((test) => test(row)),
  };
}

function startOf(cursor: string | undefined, binding: CursorBinding, records: RecordSet): CursorContent {
  if (cursor === undefined) return { position: null, emptyPages: 0 };
  const content = readCursor(cursor, binding);
  if (content.position !== null && records.find(content.position.id) < 0) throw invalidCursor();
  return content;
}

function positionOf(selection: Selection, sort: SortKey, row: number) {
  const { records } = selection;
  return { key: sortKeyOf(selection, sort, row), id: records.id(records.timeline.revisions.record(row)) };
}

/** The `nextCursor` of a last page. */
export function endOfList(end: PageEnd): { readonly nextCursor?: null | '' } {
  if (end === 'missing') return {};
  return { nextCursor: end === 'empty' ? '' : null };
}
