import type { Json, JsonObject } from '../../../shared/json.ts';
import type { RecordSet } from '../world/record-set.ts';
import type { Bounds } from '../world/shown.ts';
import type { World } from '../world/world.ts';
import type { Answer } from './answer.ts';
import { answerPage, type PageControls } from './answer-page.ts';
import type { Position } from './cursor.ts';
import type { Call, Endpoint } from './endpoint.ts';
import type { FilterTable } from './filters.ts';
import { count, rowsInOrder, type Selection, type SortKey, sortKeyOf } from './ordering.ts';
import { flag, integer, type Query, refuseUnknown } from './query.ts';
import type { TokenGrant } from './tokens.ts';
import { forbidden, invalidParameter } from './vendor-error.ts';

/** A list endpoint: what it lists, what it can be asked for, and in which orders. */
export interface ListDeclaration<R extends RecordSet> {
  /** Below /web/api/v2.1. A segment `{name}` stands for any text. */
  readonly path: string;
  /** What a token's role must have, in the console's own words. */
  readonly permission: string;
  /** What there is to list for this call. Throws `VendorError` where the call may not ask like this. */
  readonly records: (world: World, call: Call) => R;
  readonly filters: (records: R, call: Call) => FilterTable;
  /** What filters are where the request does not name them. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** What of the records there is to see for this call, where more than their site decides. */
  readonly visible?: (records: R, call: Call) => (row: number) => boolean;
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

export function listEndpoint<R extends RecordSet>(declaration: ListDeclaration<R>): Endpoint {
  return {
    method: 'GET',
    path: declaration.path,
    authentication: 'token',
    permission: declaration.permission,
    answer: (call) => answerList(declaration, call),
  };
}

function answerList<R extends RecordSet>(declaration: ListDeclaration<R>, call: Call): Answer {
  const { query, world, quirks } = call;
  const records = declaration.records(world, call);
  const filters = declaration.filters(records, call);
  refuseUnknown(query, new Set([...controls, ...Object.keys(filters)]));
  refuseSiteToken(declaration.siteTokensRefused, call.token);
  const page = readPage(query, declaration.sortKeys(records), mostSkipped);
  const asked = new Map([...Object.entries(declaration.defaults ?? {}), ...query]);
  const selected = select(records, filters, { ...call, query: asked });
  const isVisible = declaration.visible?.(records, call) ?? (() => true);
  const selection = { ...selected, matches: (row: number) => isVisible(row) && selected.matches(row) };
  const binding = {
    seed: world.options.seed,
    path: pathOf(declaration.path, call),
    sortBy: page.sortBy,
    sortOrder: page.descending ? 'desc' : 'asc',
    filters: [...query].filter(([name]) => name in filters),
  };
  const source = {
    binding,
    total: () => count(selection),
    behind: (position: Position | null) => rowsInOrder(selection, page.sort, page.descending, position),
    positionOf: (row: number) => positionOf(selection, page.sort, row),
    isKnown: (id: string) => records.find(id) >= 0,
    body: (row: number) => records.body(row),
    envelope: declaration.envelope,
  };
  return answerPage(source, page, quirks);
}

/** The path as it was asked for: a cursor of one threat's notes is none of another's. */
function pathOf(pattern: string, { pathParams }: Call): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => pathParams.get(name) ?? '');
}

function refuseSiteToken(reason: string | undefined, token: TokenGrant | undefined): void {
  if (reason !== undefined && token?.siteId !== undefined) throw forbidden(reason);
}

/** What a request asks for of a list whose orders are told by an `S` each. */
export interface PageRequest<S> extends PageControls {
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
  let among: ReadonlySet<number> | undefined;
  const tests: ((row: number) => boolean)[] = [];
  const { revisions } = records.timeline;
  const siteId = call.token?.siteId;
  if (siteId !== undefined) tests.push((row) => records.siteId(revisions.record(row)) === siteId);
  for (const [name, text] of call.query) {
    const parse = Object.hasOwn(filters, name) ? filters[name] : undefined;
    const filter = parse?.(name, text);
    if (filter === undefined) continue;
    if ('matches' in filter) tests.push(filter.matches);
    else if ('records' in filter) among = both(among, filter.records);
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
    among,
    matches: (row) => tests.every((test) => test(row)),
  };
}

/** The records that are in both; undefined stands for all. */
function both(a: ReadonlySet<number> | undefined, b: ReadonlySet<number>): ReadonlySet<number> {
  return a === undefined ? b : new Set([...a].filter((record) => b.has(record)));
}

function positionOf(selection: Selection, sort: SortKey, row: number) {
  const { records } = selection;
  return { key: sortKeyOf(selection, sort, row), id: records.id(records.timeline.revisions.record(row)) };
}
