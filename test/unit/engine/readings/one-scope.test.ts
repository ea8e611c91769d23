import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../../shared/engine/reading.ts';
import { oneScope } from '../../../../shared/engine/readings/one-scope.ts';
import { windowed } from '../../../../shared/engine/readings/windowed.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { parseConsoleTime } from '../../../../shared/sentinelone/console-time.ts';
import { byCursor, idsOf, metadataBytes, readingWalk, refused, window } from './reading-walk.ts';

const inner = windowed({
  path: '/rogues',
  timeField: 'lastSeen',
  sortKey: ({ lastSeen }) => parseConsoleTime(lastSeen),
  pageSize: 10,
});

/** Hosts of three accounts, of which the console gives one at a time where it is asked for all. */
function rogues(
  options: { scope?: ListParams; wantsAccount?: boolean; accounts?: number; reading?: Reading } = {},
) {
  const { scope = {}, wantsAccount = true, accounts = 3 } = options;
  const accountIds = Array.from({ length: accounts }, (_, i) => `a${1_000 + i}`);
  const hosts = accountIds.flatMap((account) =>
    Array.from({ length: 15 }, (_, i): JsonObject => {
      const lastSeen = new Date(window.from + 1_000 * i).toISOString();
      return { id: `${account} ${i}`, lastSeen, account, site: `${account}s` };
    }),
  );
  const console = { before: (_: string, __: ListParams): ListPage | undefined => undefined };
  const reading = oneScope(options.reading ?? inner);
  const walk = readingWalk(
    reading,
    (path, params) => {
      const instead = console.before(path, params);
      if (instead !== undefined) return instead;
      const scopes = accountIds.map((id) => ({ id, accountId: id }));
      if (path === '/accounts') return byCursor(scopes, params);
      if (path === '/sites') return byCursor([...scopes, ...scopes], params);
      const { accountIds: account, siteIds: site } = params;
      if (account === undefined && site === undefined && wantsAccount)
        throw refused('scope_filter_missing', 400);
      expect(`${account ?? ''}${site ?? ''}`).not.toContain(',');
      const from = Date.parse(params['lastSeen__gte'] ?? '');
      const shown = hosts
        .filter((host) => (account ?? host['account']) === host['account'])
        .filter((host) => (site ?? host['site']) === host['site'])
        .filter(({ lastSeen }) => Date.parse(String(lastSeen)) >= from)
        .sort((x, y) => (String(x['lastSeen']) < String(y['lastSeen']) ? -1 : 1));
      return byCursor(shown, params);
    },
    { scope },
  );
  return { reading, console, hosts, accountIds, ...walk };
}

const sortedIds = (records: readonly JsonObject[]) => idsOf(records).map(String).sort();

describe('one scope at a time', () => {
  it('asks without a filter where the console takes that', async () => {
    const { read, hosts } = rogues({ wantsAccount: false });
    const { records, calls } = await read();
    expect(sortedIds(records)).toStrictEqual(sortedIds(hosts));
    expect(calls.every(({ path }) => path === '/rogues')).toBe(true);
  });

  it('asks account by account where the console wants one, all of them', async () => {
    const { read, hosts } = rogues();
    const { records, calls } = await read();
    expect(sortedIds(records)).toStrictEqual(sortedIds(hosts));
    // Refused once, the accounts once, and two pages for each.
    expect(calls).toHaveLength(1 + 1 + 3 * 2);
    expect(records.every(({ accountId, account }) => accountId === account)).toBe(true);
  });

  it('finds all accounts of a console that has more than a page of them', async () => {
    const { console, read, accountIds } = rogues({ accounts: 1_010 });
    console.before = (path) => (path === '/rogues' ? { data: [] } : undefined);
    const { calls } = await read(window, { accountIds: 'a1000', position: {} });
    const asked = calls.flatMap(({ params }) => params['accountIds'] ?? []);
    expect(asked).toStrictEqual(accountIds);
    expect(calls.filter(({ path }) => path === '/accounts')).toHaveLength(2);
  });

  it('takes the accounts from the sites where a token of a site may not list accounts', async () => {
    const { console, read, hosts } = rogues();
    console.before = (path) => {
      if (path === '/accounts') throw refused('site_scope_refused', 403);
      return undefined;
    };
    expect(sortedIds((await read()).records)).toStrictEqual(sortedIds(hosts));
  });

  it.each([
    [{ accountIds: 'a1002,a1000' }, ['a1000', 'a1002']],
    [{ siteIds: 'a1001s', accountIds: 'a1001' }, ['a1001']],
  ])("keeps to the connector's own scopes %j", async (scope, wanted) => {
    const { read, hosts } = rogues({ scope });
    const { records, calls } = await read();
    expect(sortedIds(records)).toStrictEqual(
      sortedIds(hosts.filter(({ account }) => wanted.includes(String(account)))),
    );
    expect(calls.some(({ path }) => path === '/accounts')).toBe(false);
  });

  it('goes on in the scope where it was, after a crash and after a refused cursor', async () => {
    const { read, page, reading, hosts } = rogues();
    const position = { accountIds: 'a1001', position: {} };
    const first = await page(window, position);
    const { records } = await read(window, first.position);
    const ofRest = hosts.filter(({ account }) => account !== 'a1000');
    expect(sortedIds([...first.records.map((record) => Object(record)), ...records])).toStrictEqual(
      sortedIds(ofRest),
    );
    const again = await read(window, reading.resume(first.position, window));
    // From the last time on, so one host comes again, and that is said.
    expect(again.pages[0]?.mayRepeat).toBe(true);
    expect(again.records).toHaveLength(records.length + 1);
  });

  it('is not in the order of time, so that what comes again is looked for in the whole window', () => {
    expect(oneScope(inner).sortKey({ lastSeen: '2026-11-24T12:00:00Z' })).toBeUndefined();
  });

  it.each([false, true])(
    'divides a first page that is too large, where an account is wanted: %s',
    async (wantsAccount) => {
      const { console, read, hosts } = rogues({ wantsAccount });
      console.before = (path, { limit, accountIds }) => {
        const isRefused = wantsAccount && accountIds === undefined;
        if (path === '/rogues' && !isRefused && Number(limit) > 3) throw refused('response_too_large', 200);
        return undefined;
      };
      const { records } = await read();
      expect(sortedIds(records)).toStrictEqual(sortedIds(hosts));
    },
  );

  it('asks for an account also where the first answer was too large, and the next one a refusal', async () => {
    const { console, read, hosts } = rogues();
    let isFirst = true;
    console.before = () => {
      if (!isFirst) return undefined;
      isFirst = false;
      throw refused('response_too_large', 200);
    };
    expect(sortedIds((await read()).records)).toStrictEqual(sortedIds(hosts));
  });

  it('fails where the console has no account at all', async () => {
    const { console, read } = rogues();
    console.before = (path) => (path === '/accounts' ? { data: [] } : undefined);
    await expect(read()).rejects.toMatchObject({ code: 'scope_filter_missing' });
  });

  it('has positions that fit into the metadata of an object', async () => {
    const { console, page } = rogues();
    console.before = () => ({ data: [], nextCursor: 'c'.repeat(1_200) });
    const { position } = await page(window, { accountIds: '1'.repeat(19), position: {} });
    expect(metadataBytes(position)).toBeLessThanOrEqual(2_048);
  });
});
