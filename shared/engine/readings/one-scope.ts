import { ConnectorError } from '../../errors.ts';
import { isObject, type Json } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { Page, PageRequest, Reading } from '../reading.ts';
import type { Position } from '../stream.ts';
import { repeatedCursor } from './list-errors.ts';

/** Accounts asked for at once. */
const accountsPerPage = 1000;
/** More than any console has. */
const mostAccountPages = 100;

/** A scope filter with a single id. */
interface Scope {
  readonly name: 'accountIds' | 'siteIds';
  readonly id: string;
}

/** Undefined stands for all that the token sees. */
type OneScope = Scope | undefined;

/**
 * For endpoints that take one account or site at a time, or want one to be named: reads a window scope by scope, in the order
 * of the ids. Without a scope of the connector's own it asks without a filter, and account by account where the console then
 * wants one. A record that was asked for by account or site says so in `accountId` or `siteId`.
 */
export function oneScope(inner: Reading): Reading {
  async function readPage(request: PageRequest): Promise<Page> {
    const begun = readPosition(request.position);
    const [first] = scopesOf(request.scope);
    const { scope, position, isStart } = begun ?? { scope: first, position: undefined, isStart: true };
    try {
      return await readOrDivide(scope, position, isStart, request);
    } catch (error) {
      if (scope !== undefined || !isStart || !wantsAccount(error)) throw error;
      const [account] = await accountsOf(request);
      if (account === undefined) throw error;
      return await readOrDivide({ name: 'accountIds', id: account }, position, false, request);
    }
  }

  /** The first page of a window may be too large, when its position does not tell yet which scope it is of. */
  async function readOrDivide(
    scope: OneScope,
    position: Position | undefined,
    isStart: boolean,
    request: PageRequest,
  ): Promise<Page> {
    try {
      return await readScope(scope, position, request);
    } catch (error) {
      const isTooLarge = error instanceof ConnectorError && error.code === 'response_too_large';
      const smaller = isTooLarge ? inner.smallerPages(position, request.window) : undefined;
      if (smaller === undefined) throw error;
      const divided = writePosition(scope, smaller);
      return {
        records: [],
        position: isStart ? { ...divided, isStart } : divided,
        end: false,
        mayRepeat: false,
        advances: true,
      };
    }
  }

  async function readScope(
    scope: OneScope,
    position: Position | undefined,
    request: PageRequest,
  ): Promise<Page> {
    const filter: ListParams = scope === undefined ? {} : { [scope.name]: scope.id };
    const { consoleTotal: _, ...read } = await inner.readPage({ ...request, scope: filter, position });
    const page = { ...read, records: read.records.map((record) => withScope(record, scope)) };
    if (!page.end) return { ...page, position: writePosition(scope, page.position) };
    const next = await scopeAfter(scope, request);
    return next === undefined
      ? { ...page, position: {} }
      : { ...page, position: writePosition(next, {}), end: false, advances: true };
  }

  return {
    readPage,
    // Which scopes there are is not known here; in doubt the windows are read one by one.
    isEmpty: async () => false,
    resume(stored, window) {
      const begun = readPosition(stored);
      return begun?.position === undefined
        ? stored
        : writePosition(begun.scope, inner.resume(begun.position, window));
    },
    // It is done in place.
    smallerPages: () => undefined,
    // Each scope is in the order of time, and the window is not.
    sortKey: () => undefined,
    ...(inner.readsPast === undefined ? {} : { readsPast: inner.readsPast }),
    ...(inner.remember === undefined ? {} : { remember: inner.remember }),
  };
}

/** Such records may not say where they belong, and now it is known. */
function withScope(record: Json, scope: OneScope): Json {
  if (scope === undefined || !isObject(record)) return record;
  const field = scope.name === 'accountIds' ? 'accountId' : 'siteId';
  return (record[field] ?? null) === null ? { ...record, [field]: scope.id } : record;
}

async function scopeAfter(scope: OneScope, request: PageRequest): Promise<OneScope> {
  if (scope === undefined) return undefined;
  const { name } = scope;
  const own = scopesOf(request.scope);
  const all = own.length > 0 ? own : (await accountsOf(request)).map((id) => ({ name, id }));
  return all.find(({ id }) => id > scope.id);
}

/** The connector's own scopes, one by one: the sites where there are any, because they are the narrower filter. */
function scopesOf({ accountIds, siteIds }: ListParams): readonly Scope[] {
  const name = siteIds === undefined ? 'accountIds' : 'siteIds';
  const ids = siteIds ?? accountIds;
  if (ids === undefined) return [];
  return ids
    .split(',')
    .sort()
    .map((id) => ({ name, id }));
}

/** The accounts that the token sees, by their ids. A token of a site may not list accounts, but its sites name them. */
async function accountsOf(request: PageRequest): Promise<readonly string[]> {
  const { cache } = request;
  const known = cache.get('accounts');
  if (Array.isArray(known)) return known.map(String);
  const ids = await textsIn('/accounts', 'id', request).catch((error: unknown) => {
    if (!(error instanceof ConnectorError) || error.httpStatus !== 403) throw error;
    return textsIn('/sites', 'accountId', request);
  });
  const accounts = [...new Set(ids)].sort();
  cache.set('accounts', accounts);
  return accounts;
}

/** A field of all records of a list. */
async function textsIn(
  path: string,
  field: string,
  { api, signal }: PageRequest,
): Promise<readonly string[]> {
  const texts: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostAccountPages; page++) {
    const params = { limit: String(accountsPerPage), ...(cursor === undefined ? {} : { cursor }) };
    const { data, nextCursor } = await api.list(path, params, signal);
    for (const record of data) {
      const text = textAt(record, field);
      if (text !== undefined) texts.push(text);
    }
    if (nextCursor === undefined) return texts;
    if (nextCursor === cursor) break;
    cursor = nextCursor;
  }
  throw repeatedCursor(path);
}

function wantsAccount(error: unknown): boolean {
  return error instanceof ConnectorError && error.code === 'scope_filter_missing';
}

function writePosition(scope: OneScope, position: Position): Position {
  return { ...(scope === undefined ? {} : { [scope.name]: scope.id }), position };
}

/** Where a window stands. */
interface ScopePosition {
  readonly scope: OneScope;
  /** Of the inner reading; undefined at the scope's start. */
  readonly position: Position | undefined;
  /** True while nothing of the window is read. */
  readonly isStart: boolean;
}

function readPosition(stored: Position | undefined): ScopePosition | undefined {
  const { accountIds, siteIds, position, isStart } = stored ?? {};
  if (!isObject(position)) return undefined;
  const scope: OneScope =
    typeof accountIds === 'string'
      ? { name: 'accountIds', id: accountIds }
      : typeof siteIds === 'string'
        ? { name: 'siteIds', id: siteIds }
        : undefined;
  return {
    scope,
    // An empty one stands for the start of the scope.
    position: Object.keys(position).length === 0 ? undefined : position,
    isStart: isStart === true,
  };
}
