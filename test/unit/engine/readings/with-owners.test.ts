import { describe, expect, it } from 'vitest';
import { windowed } from '../../../../shared/engine/readings/windowed.ts';
import { withOwners } from '../../../../shared/engine/readings/with-owners.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { textAt } from '../../../../shared/records/json-fields.ts';
import { byCursor, readingWalk, refused, window } from './reading-walk.ts';

/** Rows that name hosts, of which there are so many. */
function rows({ count = 1_000, hosts = 450, pageSize = 100 } = {}) {
  const list = Array.from({ length: count }, (_, i): JsonObject => {
    return i % 10 === 9 ? { id: `${1_000 + i}` } : { id: `${1_000 + i}`, hostId: `h${i % hosts}` };
  });
  const console = { before: (_: string, __: ListParams): ListPage | undefined => undefined };
  const reading = withOwners(
    windowed({ path: '/rows', timeField: 'at', sortBy: 'id', pageSize }),
    {
      path: '/hosts',
      idOf: (row) => textAt(row, 'hostId'),
      params: { isGone: 'True,False' },
      select: ({ id, ip }) => ({ id: id ?? null, ip: ip ?? null }),
      refused: 'The token may not read hosts.',
    },
    (row, host) => ({ ...row, host }),
  );
  const walk = readingWalk(reading, (path, params) => {
    const instead = console.before(path, params);
    if (instead !== undefined) return instead;
    if (path === '/rows') return byCursor(list, params);
    const ids = (params['ids'] ?? '').split(',').filter((id) => id !== 'h7');
    return { data: ids.map((id) => ({ id, ip: `ip of ${id}`, secret: true })) };
  });
  return { console, list, ...walk };
}

describe('records that are given what their owners know', () => {
  it('hold what was selected of them, and stay as they are where they name nobody or somebody who is gone', async () => {
    const { read, list } = rows();
    const { records, calls } = await read();
    expect(records).toHaveLength(list.length);
    expect(records[0]).toStrictEqual({ id: '1000', hostId: 'h0', host: { id: 'h0', ip: 'ip of h0' } });
    expect(records[7]).toStrictEqual(list[7]);
    expect(records[9]).toStrictEqual(list[9]);
    expect(calls.find(({ path }) => path === '/hosts')?.params).toMatchObject({ isGone: 'True,False' });
  });

  it('cost one request for the unknown owners of a page, and none for those that are known', async () => {
    const { read } = rows({ count: 2_000, hosts: 90 });
    const { calls } = await read();
    expect(calls.filter(({ path }) => path === '/hosts')).toHaveLength(1);
  });

  it('are there where the token may not read the owners, and that is said', async () => {
    const { console, read, list } = rows();
    const cause = new ConnectorError({
      code: 'permission_missing',
      message: 'The console refused GET /hosts.',
      health: 'permission',
      retryable: false,
      recommendation: 'Give the role the permission.',
      httpStatus: 403,
    });
    console.before = (path) => {
      if (path === '/hosts') throw cause;
      return undefined;
    };
    const { records, pages } = await read();
    expect(records).toStrictEqual(list);
    for (const { incomplete } of pages)
      expect(incomplete).toMatchObject({
        code: 'owners_refused',
        message: 'The token may not read hosts.',
        health: 'permission',
        recommendation: 'Give the role the permission.',
        httpStatus: 403,
      });
  });

  it('are not there without them after any other failure', async () => {
    const { console, page } = rows();
    console.before = (path) => {
      if (path === '/hosts') throw refused('cursor_refused', 500);
      return undefined;
    };
    await expect(page(window)).rejects.toMatchObject({ httpStatus: 500 });
  });

  it('are asked for by 200 ids at most, which a URL can hold', async () => {
    const { console, read } = rows({ count: 450, pageSize: 1_000 });
    const asked: number[] = [];
    console.before = (path, { ids, limit }) => {
      if (path === '/rows') return undefined;
      expect(limit).toBe(String(ids?.split(',').length));
      asked.push(Number(limit));
      return undefined;
    };
    const { records } = await read();
    expect(asked).toStrictEqual([200, 200, 5]);
    expect(records.filter(({ host }) => host !== undefined)).toHaveLength(404);
  });
});
