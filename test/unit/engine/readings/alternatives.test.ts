import { describe, expect, it } from 'vitest';
import { alternatives } from '../../../../shared/engine/readings/alternatives.ts';
import { windowed } from '../../../../shared/engine/readings/windowed.ts';
import { ConnectorError } from '../../../../shared/errors.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { ListPage, ListParams } from '../../../../shared/ports.ts';
import { byCursor, idsOf, metadataBytes, readingWalk, refused, window } from './reading-walk.ts';

const listOf = (path: string) => windowed({ path, timeField: 'updatedAt', sortBy: 'id', pageSize: 10 });
const rows = (way: string, count = 25): JsonObject[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${way} ${i}` }));

/** Two lists with the same data, none of which can tell how far it is in time. */
function twoLists(options: JsonObject = {}) {
  const reading = alternatives({ ways: { a: listOf('/a'), b: listOf('/b') }, auto: ['a', 'b'] });
  const pauses: number[] = [];
  const console = { before: (_: string, __: ListParams): ListPage | undefined => undefined, options };
  const change = {
    get options() {
      return console.options;
    },
    sleep: async (ms: number) => void pauses.push(ms),
  };
  const walk = readingWalk(
    reading,
    (path, params) => console.before(path, params) ?? byCursor(rows(path.slice(1)), params),
    change,
  );
  return { reading, console, pauses, ...walk };
}

function closed(health: 'permission' | 'licence' | 'retired'): ConnectorError {
  const { message, recommendation } = refused('x', 403);
  return new ConnectorError({
    code: health,
    message,
    health,
    retryable: false,
    recommendation,
    httpStatus: 403,
  });
}

const pathsOf = (calls: readonly { path: string }[]) => calls.map(({ path }) => path);

describe('alternatives', () => {
  it('reads a window by the best way, to its end', async () => {
    const { read } = twoLists();
    const { records, pages } = await read();
    expect(idsOf(records)).toStrictEqual(idsOf(rows('a')));
    expect(pages.at(-1)?.position).toStrictEqual({});
    expect(pages.every(({ mayRepeat }) => mayRepeat)).toBe(false);
  });

  it.each(['permission', 'licence', 'retired'] as const)(
    'takes the next way where one is closed (%s), after asking twice',
    async (health) => {
      const { console, read, pauses } = twoLists();
      console.before = (path) => {
        if (path === '/a') throw closed(health);
        return undefined;
      };
      const { records, calls } = await read();
      expect(idsOf(records)).toStrictEqual(idsOf(rows('b')));
      expect(pathsOf(calls)).toStrictEqual(['/a', '/a', '/b', '/b', '/b']);
      expect(pauses).toStrictEqual([2_000]);
    },
  );

  it('stays with a way that refused once and takes it back', async () => {
    const { console, read } = twoLists();
    let refusals = 0;
    console.before = (path) => {
      if (path === '/a' && ++refusals === 1) throw closed('permission');
      return undefined;
    };
    expect(idsOf((await read()).records)).toStrictEqual(idsOf(rows('a')));
  });

  it('does not take trouble for a closed way', async () => {
    const { console, read } = twoLists();
    console.before = () => {
      throw refused('unavailable', 503);
    };
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('says of the best way that it is refused where all are closed', async () => {
    const { console, read } = twoLists();
    console.before = (path) => {
      throw closed(path === '/a' ? 'permission' : 'licence');
    };
    await expect(read()).rejects.toMatchObject({ code: 'permission' });
  });

  it('waits where a way closes in the midst of a window, because somebody can open it', async () => {
    const { console, page } = twoLists();
    const { position } = await page();
    console.before = (path) => {
      if (path === '/a') throw closed('permission');
      return undefined;
    };
    await expect(page(window, position)).rejects.toMatchObject({ code: 'permission' });
  });

  it('begins the window again where its way has gone for good, and says that records come again', async () => {
    const { console, page, read } = twoLists();
    const { position } = await page();
    console.before = (path) => {
      if (path === '/a') throw closed('retired');
      return undefined;
    };
    const { records, pages } = await read(window, position);
    expect(idsOf(records)).toStrictEqual(idsOf(rows('b')));
    expect(pages.every(({ mayRepeat }) => mayRepeat)).toBe(true);
  });

  it('lets go of a way that the connector is told not to take any more', async () => {
    const { console, page, read } = twoLists();
    const { position } = await page();
    console.options = { source: 'b' };
    const { records, pages } = await read(window, position);
    expect(idsOf(records)).toStrictEqual(idsOf(rows('b')));
    expect(pages.every(({ mayRepeat }) => mayRepeat)).toBe(true);
  });

  it('takes the way that the connector names, and no other', async () => {
    const { console, read } = twoLists({ source: 'b' });
    expect(idsOf((await read()).records)).toStrictEqual(idsOf(rows('b')));
    console.before = () => {
      throw closed('licence');
    };
    const before = await read().catch((error: unknown) => error);
    expect(before).toMatchObject({ code: 'licence' });
  });

  it('says which ways there are where the connector names one that is none', async () => {
    const { read } = twoLists({ source: 'toString' });
    await expect(read()).rejects.toMatchObject({
      code: 'option_unknown',
      recommendation: expect.stringContaining('auto, a, b'),
    });
  });

  it('divides a page that is too large, also the first one', async () => {
    const { console, read } = twoLists();
    console.before = (_, { limit }) => {
      if (Number(limit) > 3) throw refused('response_too_large', 200);
      return undefined;
    };
    const { records, calls } = await read();
    expect(idsOf(records)).toStrictEqual(idsOf(rows('a')));
    expect(calls.at(-1)?.params['limit']).toBe('2');
  });

  it('has positions that fit into the metadata of an object', async () => {
    const { console, page } = twoLists();
    console.before = () => ({ data: rows('a'), nextCursor: 'c'.repeat(1_200) });
    expect(metadataBytes((await page()).position)).toBeLessThanOrEqual(2_048);
  });
});
