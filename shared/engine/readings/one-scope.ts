import { ConnectorError } from '../../errors.ts';
import { isObject } from '../../json.ts';
import type { ListParams } from '../../ports.ts';
import { textAt } from '../../records/json-fields.ts';
import type { Page, PageRequest, Reading } from '../reading.ts';
import type { Position } from '../stream.ts';

/** Accounts are few; a console with more of them than this is asked by a connector that names some. */
const mostAccounts = 1000;

/** A scope filter with a single id, or none. */
type OneScope = { readonly name: 'accountIds' | 'siteIds'; readonly id: string } | undefined;

/**
 * For endpoints that take one account or site at a time, or want one to be named: reads a window scope by scope, in the order
 * of the ids. Without a scope of the connector's own it asks without a filter, and account by account where the console then
 * wants one.
 */
export function oneScope(inner: Reading): Reading {
  async function readPage(request: PageRequest): Promise<Page> {
    const begun = readPosition(request.position);
    if (begun !== undefined) return await readScope(begun.scope, begun.position, request);
    const [first] = scopesOf(request.scope);
    try {
      return await readScope(first, undefined, request);
    } catch (error) {
      if (first !== undefined || !wantsAccount(error)) throw error;
      const [account] = await accountsOf(request);
      if (account === undefined) throw error;
      return await readScope({ name: 'accountIds', id: account }, undefined, request);
    }
  }

  async function readScope(
    scope: OneScope,
    position: Position | undefined,
    request: PageRequest,
  ): Promise<Page> {
    const filter: ListParams = scope === undefined ? {} : { [scope.name]: scope.id };
    const { consoleTotal: _, ...page } = await inner.readPage({ ...request, scope: filter, position });
    if (!page.end) return { ...page, position: writePosition(scope, page.position) };
    const next = await scopeAfter(scope, request);
    return next === undefined
      ? { ...page, position: {} }
      : { ...page, position: writePosition(next, {}), end: false, advances: true };
  }

  return {
    ...inner,
    readPage,
    // Which scopes there are is not known here; in doubt the windows are read one by one.
    isEmpty: async () => false,
    resume(stored, window) {
      const begun = readPosition(stored);
      return begun?.position === undefined
        ? stored
        : writePosition(begun.scope, inner.resume(begun.position, window));
    },
    smallerPages(stored, window) {
      const begun = readPosition(stored);
      if (begun === undefined) return undefined;
      const smaller = inner.smallerPages(begun.position, window);
      return smaller && writePosition(begun.scope, smaller);
    },
  };
}

async function scopeAfter(scope: OneScope, request: PageRequest): Promise<OneScope> {
  if (scope === undefined) return undefined;
  const own = scopesOf(request.scope);
  const all =
    own.length > 0 ? own : (await accountsOf(request)).map((id) => ({ name: 'accountIds' as const, id }));
  return all.find((other) => other !== undefined && other.id > scope.id);
}

/** The connector's own scopes, one by one. Accounts come first, because a site lies within one. */
function scopesOf({ accountIds, siteIds }: ListParams): readonly OneScope[] {
  const name = siteIds === undefined ? 'accountIds' : 'siteIds';
  const ids = siteIds ?? accountIds;
  if (ids === undefined) return [undefined];
  return ids
    .split(',')
    .sort()
    .map((id) => ({ name, id }));
}

/** The accounts that the token sees, by their ids. A token of a site may not list accounts, but its sites name them. */
async function accountsOf({ api, cache, signal }: PageRequest): Promise<readonly string[]> {
  const known = cache.get('accounts');
  if (Array.isArray(known)) return known.map(String);
  const idsIn = async (path: string, field: string) => {
    const { data } = await api.list(path, { limit: String(mostAccounts) }, signal);
    return data.filter(isObject).map((record) => textAt(record, field));
  };
  const ids = await idsIn('/accounts', 'id').catch((error: unknown) => {
    if (!(error instanceof ConnectorError) || error.httpStatus !== 403) throw error;
    return idsIn('/sites', 'accountId');
  });
  const accounts = [...new Set(ids.filter((id) => id !== undefined))].sort();
  cache.set('accounts', accounts);
  return accounts;
}

function wantsAccount(error: unknown): boolean {
  return error instanceof ConnectorError && error.code === 'scope_filter_missing';
}

function writePosition(scope: OneScope, position: Position): Position {
  return { ...(scope === undefined ? {} : { [scope.name]: scope.id }), position };
}

function readPosition(
  stored: Position | undefined,
): { readonly scope: OneScope; readonly position: Position | undefined } | undefined {
  const { accountIds, siteIds, position } = stored ?? {};
  if (!isObject(position)) return undefined;
  const scope: OneScope =
    typeof accountIds === 'string'
      ? { name: 'accountIds', id: accountIds }
      : typeof siteIds === 'string'
        ? { name: 'siteIds', id: siteIds }
        : undefined;
  // An empty one stands for the start of the scope.
  return { scope, position: Object.keys(position).length === 0 ? undefined : position };
}
