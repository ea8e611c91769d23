import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../shared/json.ts';
import { event, failure } from './query-console.ts';
import { at, dayMs, hourMs, idsOf, minuteMs, noon, queryWalk, window } from './query-walk.ts';

/** So many events, evenly over the time from noon on. */
function events(count: number, ms: number, prefix = 'e'): readonly JsonObject[] {
  return Array.from({ length: count }, (_, i) => event(`${prefix}${i}`, at(Math.floor((i * ms) / count))));
}

const spansOf = (starts: readonly { readonly body: JsonObject }[]) =>
  starts.map(
    ({ body }) => [Date.parse(String(body['fromDate'])), Date.parse(String(body['toDate']))] as const,
  );

/** Lengths of what was asked for, in seconds. */
const lengthsOf = (starts: readonly { readonly body: JsonObject }[]) =>
  spansOf(starts).map(([from, to]) => (to - from) / 1000);

describe('the bounds of a window', () => {
  it('are half-open to the microsecond: every event is in one of two windows and in its own', async () => {
    const { console, clock, read } = queryWalk();
    const second = { from: window.to, to: window.to + 5 * minuteMs };
    clock.time = second.to + 2 * minuteMs;
    console.events = [
      event('before', at(-1, '999')),
      event('first', at(0)),
      event('last', at(299_999, '999')),
      event('next', at(300_000)),
      event('next second', at(300_000, '001')),
      event('very last', at(599_999, '999')),
      event('behind', at(600_000)),
    ];
    // Each with a query of its own.
    expect((await read(window)).ids).toStrictEqual(['first', 'last']);
    expect((await read(second)).ids).toStrictEqual(['next', 'next second', 'very last']);
  });
});

describe('the row cap', () => {
  it.each([
    ['the total', (page: { data: readonly unknown[] }) => page],
    ['the rows', ({ totalItems, ...page }: { data: readonly unknown[]; totalItems?: number }) => page],
  ])('halves the span when %s show that it is reached, and no event is missing', async (_, change) => {
    const { console, read } = queryWalk({ rowCap: 50 });
    console.cap = 50;
    console.pageRows = 20;
    console.events = events(150, 5 * minuteMs);
    console.page = (page) =>
      ({
        ...page,
        ...change(page),
        totalItems: change(page) === page ? page.totalItems : undefined,
      }) as typeof page;

    const { ids, pages } = await read();

    expect(new Set(ids)).toStrictEqual(new Set(idsOf(console.events)));
    expect(pages.some(({ incomplete }) => incomplete !== undefined)).toBe(false);
    // From five minutes down, until fewer than fifty are in it; then by what was in the last one.
    expect(lengthsOf(console.of('start')).slice(0, 3)).toStrictEqual([300, 150, 75]);
  });

  it('writes nothing of a query whose total says at once that there are too many', async () => {
    const { console, read } = queryWalk({ rowCap: 50 });
    console.cap = 50;
    console.events = events(150, 5 * minuteMs);
    const { ids } = await read();
    expect(ids).toStrictEqual(idsOf(console.events));
  });

  it('marks what was written before the rows showed it, to the end of the window', async () => {
    const { console, read } = queryWalk({ rowCap: 50 });
    console.cap = 50;
    console.pageRows = 20;
    console.events = events(60, 5 * minuteMs);
    console.page = ({ totalItems, ...page }) => page;
    const { pages } = await read();
    const writing = pages.filter(({ records }) => records.length > 0);
    // Two pages of the first query; all others may bring what was on them.
    expect(writing.map(({ mayRepeat }) => mayRepeat).slice(0, 4)).toStrictEqual([false, false, true, true]);
    expect(writing.slice(2).every(({ mayRepeat }) => mayRepeat)).toBe(true);
  });

  it('is halved down to a second, which is read as far as it goes, and said', async () => {
    const { console, read } = queryWalk({ rowCap: 50 });
    console.cap = 50;
    const burst = Array.from({ length: 80 }, (_, i) => event(`b${i}`, at(100_000 + i)));
    console.events = [event('a', at(50_000)), ...burst, event('c', at(200_000))];

    const { ids, pages } = await read();

    expect(ids).toHaveLength(1 + 50 + 1);
    const said = pages.flatMap(({ incomplete }) => incomplete ?? []);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ code: 'row_cap_reached', health: 'misconfigured', retryable: false });
    expect(Math.min(...lengthsOf(console.of('start')))).toBeGreaterThanOrEqual(1);
  });

  it('that is met exactly is taken for reached', async () => {
    const { console, read } = queryWalk({ rowCap: 50 });
    console.cap = 50;
    console.events = events(50, 5 * minuteMs);
    expect((await read()).ids).toStrictEqual(idsOf(console.events));
    expect(console.starts.length).toBeGreaterThan(1);
  });

  it('is asked for again alone where a second of a longer query shows it', async () => {
    const { console, page, clock } = queryWalk({ rowCap: 50 });
    clock.time = noon + 3 * hourMs;
    console.events = events(40, 5 * minuteMs);
    // Its first part was read for the window before, and its total grows.
    const position = {
      from: noon - hourMs,
      to: window.to,
      readTo: window.to - 800,
      queryId: 'q0',
      startedAt: clock.now(),
      finished: true,
    };
    console.before = ({ kind }) => (kind === 'start' ? undefined : undefined);
    await page();
    clock.advance(5_000);
    console.page = (answer) => ({ ...answer, totalItems: 50 });
    expect((await page(position)).position).toStrictEqual({
      from: window.to - 800,
      to: window.to,
      readTo: window.to - 800,
    });
  });
});

describe('rows that are not what was asked for', () => {
  it('are read whatever their order, where the query is for the window alone', async () => {
    const { console, read } = queryWalk();
    console.events = events(9, 5 * minuteMs).toReversed();
    console.pageRows = 2;
    const { ids } = await read();
    expect(ids).toStrictEqual(idsOf(console.events));
    expect(console.starts).toHaveLength(1);
  });

  it('are asked for again as a whole where their order does not tell how far they were read', async () => {
    const { console, read } = queryWalk();
    console.events = events(9, 5 * minuteMs).toReversed();
    console.pageRows = 2;
    console.before = ({ params }) => {
      if (params['cursor'] === 'q0:4') throw failure({ code: 'cursor_refused', health: 'unavailable' });
      return undefined;
    };
    const { ids } = await read();
    expect(new Set(ids)).toStrictEqual(new Set(idsOf(console.events)));
  });

  it('without a time are written', async () => {
    const { console, read } = queryWalk();
    console.events = [event('a', at(1_000)), event('timeless'), event('c', at(3_000)), event('odd', 'soon')];
    expect((await read()).ids).toStrictEqual(['a', 'timeless', 'c', 'odd']);
  });

  it('and fewer than promised are asked for again, as a whole', async () => {
    const { console, read } = queryWalk();
    console.events = events(10, 5 * minuteMs);
    console.pageRows = 3;
    // The second page of the first query is cut.
    console.page = (page, { params }) =>
      params['cursor'] === 'q0:3' ? { ...page, data: page.data.slice(1) } : page;

    const { ids, pages } = await read();

    expect(new Set(ids)).toStrictEqual(new Set(idsOf(console.events)));
    expect(pages.some(({ incomplete }) => incomplete !== undefined)).toBe(false);
    expect(spansOf(console.of('start'))[1]).toStrictEqual([noon - 1, noon + 150_000 - 1]);
  });

  it.each([
    ['promised on the first page only', (first: boolean) => (first ? 10 : 0)],
    ['promised on the last page only', (first: boolean) => (first ? 7 : 10)],
  ])('and fewer than %s are noticed', async (_, totalOn) => {
    const { console, read } = queryWalk();
    console.events = events(7, 5 * minuteMs);
    console.pageRows = 4;
    console.page = (page, { params }) =>
      params['queryId'] === 'q0' ? { ...page, totalItems: totalOn(params['cursor'] === undefined) } : page;
    const { ids } = await read();
    expect(new Set(ids)).toStrictEqual(new Set(idsOf(console.events)));
    expect(console.starts.length).toBeGreaterThan(1);
  });

  it('and fewer than promised again and again are read as far as they go, and said', async () => {
    const { console, read } = queryWalk();
    console.events = events(10, 5 * minuteMs);
    console.page = (page) => ({ ...page, totalItems: page.data.length + 3 });
    const { ids, pages } = await read();
    expect(new Set(ids)).toStrictEqual(new Set(idsOf(console.events)));
    expect(pages.flatMap(({ incomplete }) => incomplete?.code ?? [])).toContain('rows_missing');
  });

  it('and more than promised are no reason to stop', async () => {
    const { console, read } = queryWalk();
    console.events = events(10, 5 * minuteMs);
    console.pageRows = 3;
    console.page = (page) => ({ ...page, totalItems: 1 });
    expect((await read()).ids).toHaveLength(10);
  });

  it('on empty pages with a way on are found behind them', async () => {
    const { console, read } = queryWalk();
    console.events = events(4, 5 * minuteMs);
    console.page = (page, { params }) =>
      params['cursor'] === undefined ? { ...page, data: [], nextCursor: `${params['queryId']}:0` } : page;
    expect((await read()).ids).toStrictEqual(idsOf(console.events));
  });
});

describe('a backlog', () => {
  const hours = Array.from({ length: 8 }, (_, i) => ({
    from: noon + i * hourMs,
    to: noon + (i + 1) * hourMs,
  }));

  /** Eight hours of the past, with three events each. */
  function backlog(rowCap = 20_000) {
    const walk = queryWalk({ rowCap });
    walk.clock.time = noon + dayMs;
    walk.console.cap = rowCap;
    walk.console.events = events(24, 8 * hourMs);
    async function readAll() {
      const ids: (readonly unknown[])[] = [];
      let handedOn: JsonObject | undefined;
      for (const hour of hours) {
        const read = await walk.read(hour, handedOn);
        ids.push(read.ids);
        handedOn = JSON.parse(JSON.stringify(read.position));
      }
      return ids;
    }
    return { ...walk, readAll };
  }

  const threeEach = hours.map((_, i) => [3 * i, 3 * i + 1, 3 * i + 2].map((n) => `e${n}`));

  /** Seconds from the start of an hour to what is settled when the query is started: by then so many others were waited for. */
  const upToSettled = (hour: number, others: number) => (24 - hour) * 3_600 - 120 + 6 * others;

  it('with few events takes one query for up to a day, after one that shows it', async () => {
    const { console, readAll } = backlog();
    expect(await readAll()).toStrictEqual(threeEach);
    expect(lengthsOf(console.of('start'))).toStrictEqual([3_600, upToSettled(1, 1)]);
  });

  it('of more than a day takes a query a day', async () => {
    const { console, clock, readAll } = backlog();
    clock.time = noon + 3 * dayMs;
    expect(await readAll()).toStrictEqual(threeEach);
    expect(lengthsOf(console.of('start'))).toStrictEqual([3_600, 24 * 3_600]);
  });

  it('with many events takes several queries an hour', async () => {
    const { console, readAll } = backlog(10);
    console.events = events(8 * 30, 8 * hourMs);
    const ids = await readAll();
    expect(ids.flat()).toStrictEqual(idsOf(console.events));
    expect(ids.map(({ length }) => length)).toStrictEqual(Array(8).fill(30));
  });

  it('reads a page that two windows share for both, and writes what has no time once', async () => {
    const { console, readAll } = backlog();
    const all = events(24, 8 * hourMs);
    console.events = [...all.slice(0, 5), event('timeless'), ...all.slice(5)];
    const ids = await readAll();
    expect(ids.flat().toSorted()).toStrictEqual(idsOf(console.events).toSorted());
  });

  it.each([0, 1, 2, 5])(
    'writes nothing twice where a page that windows share has %i rows when it is asked for again',
    async (rows) => {
      const { console, readAll } = backlog();
      const seen = new Set<string>();
      console.pageRows = 7;
      console.page = (page, { params }) => {
        const { queryId = '', cursor = `${queryId}:0` } = params;
        const [, offset] = cursor.split(':');
        const isFirst = !seen.has(cursor);
        seen.add(cursor);
        if (isFirst || page.data.length < rows) return page;
        const next = `${queryId}:${Number(offset) + rows}:${seen.size}`;
        return { ...page, data: page.data.slice(0, rows), nextCursor: next };
      };
      expect(await readAll()).toStrictEqual(threeEach);
    },
  );

  it('is read page by page beyond a window, and each window gets its own', async () => {
    const { console, readAll } = backlog();
    console.pageRows = 2;
    expect(await readAll()).toStrictEqual(threeEach);
    expect(console.starts).toHaveLength(2);
  });

  it.each([1, 2, 5, 100])(
    'whose query forgets its order on pages of %i is read to its end by the window that notices it, and no event is missed',
    async (pageRows) => {
      const { console, readAll } = backlog();
      console.pageRows = pageRows;
      const swapped = (rows: readonly JsonObject[], a: number, b: number) =>
        rows.map((row, i) => (i === a ? rows[b] : i === b ? rows[a] : row) ?? row);
      // e8 and e11 lie in different windows, and there is no order in the last ones.
      console.events = [
        ...swapped(events(18, 6 * hourMs), 8, 11),
        ...events(24, 8 * hourMs)
          .slice(18)
          .toReversed(),
      ];
      const ids = await readAll();
      expect(ids.flat().toSorted()).toStrictEqual(idsOf(console.events).toSorted());
    },
  );

  it.each([1, 2, 5, 100])(
    'loses no event that comes too late in the order, on pages of %i: the window at hand writes it',
    async (pageRows) => {
      const { console, readAll } = backlog();
      console.pageRows = pageRows;
      const all = events(24, 8 * hourMs);
      const late = event('late', at(hourMs + 1_000));
      // Three windows have passed since.
      console.events = [...all.slice(0, 13), late, ...all.slice(13)];
      const ids = await readAll();
      expect(ids.flat().toSorted()).toStrictEqual(idsOf([...all, late]).toSorted());
    },
  );

  it('hands nothing on that is of use for another window than the next, but how long a query may be', async () => {
    const { console, read } = backlog();
    const [first, second, , , , sixth] = hours;
    if (first === undefined || second === undefined || sixth === undefined)
      throw new Error('There are eight.');
    const { position } = await read(first);
    const { position: handedOn } = await read(second, position);
    expect(handedOn).toMatchObject({ isShared: true, queryId: 'q1', readTo: second.to });

    // Of a query that is read to its end it is known how much is in it.
    expect((await read(sixth, position)).ids).toStrictEqual(['e15', 'e16', 'e17']);
    expect((await read(sixth, handedOn)).ids).toStrictEqual(['e15', 'e16', 'e17']);
    expect(lengthsOf(console.of('start'))).toStrictEqual([
      3_600,
      upToSettled(1, 1),
      upToSettled(5, 2),
      3_600,
    ]);
  });

  it('that ends in the present is asked for up to what is settled, and not for moments beyond a window', async () => {
    const { console, clock, read } = queryWalk();
    const before = { from: window.from - 5 * minuteMs, to: window.from };
    const { position } = await read(before);
    const reached = clock.now() - 2 * minuteMs;
    const { position: next } = await read(window, position);
    clock.time = window.to + hourMs;
    const later = { from: window.to, to: window.to + 5 * minuteMs };
    await read(later, next);
    expect(reached - window.to).toBeLessThan(minuteMs);
    expect(spansOf(console.of('start')).map(([, to]) => to + 1)).toStrictEqual([
      before.to,
      window.to,
      window.to + 58 * minuteMs,
    ]);
  });

  it('is not read beyond what is settled by the clock that the answer of the console shows', async () => {
    const { console, clock, skew, read } = queryWalk();
    const before = { from: noon - hourMs, to: noon };
    const here = { from: noon, to: noon + 5 * minuteMs };
    const next = { from: here.to, to: here.to + 5 * minuteMs };
    const { position } = await read(before);
    clock.time = here.to + 3 * minuteMs;
    console.events = [event('a', at(1_000)), event('b', at(5.5 * minuteMs)), event('d', at(6.5 * minuteMs))];
    skew.aheadMs = 6 * minuteMs;
    console.before = ({ kind }) => {
      if (kind === 'start') skew.aheadMs = 0;
      return undefined;
    };

    const first = await read(here, position);
    expect(first.ids).toStrictEqual(['a']);
    // It has asked for more, and knows that it need not be all.
    expect(spansOf(console.of('start')).at(-1)?.[1]).toBeGreaterThan(next.to);
    expect(first.position).toMatchObject({ to: here.to + minuteMs, isCut: true });

    console.events = [
      ...console.events.slice(0, 2),
      event('c', at(6.2 * minuteMs)),
      ...console.events.slice(2),
    ];
    clock.time = next.to + 2 * minuteMs;
    expect((await read(next, first.position)).ids).toStrictEqual(['b', 'c', 'd']);
  });

  it('waits where the window itself is not settled by that clock', async () => {
    const { clock, page, console } = queryWalk();
    clock.time = window.to + 90_000;
    const early = await page();
    expect(early).toMatchObject({ records: [], resumeInMs: 30_000 });
    expect(early.position).not.toHaveProperty('queryId');
    expect(console.starts).toHaveLength(1);
  });

  it('counts as whole for the ledger only what one query was for', async () => {
    const { read } = backlog();
    const [first, second] = hours;
    if (first === undefined || second === undefined) throw new Error('There are eight.');
    const whole = await read(first);
    expect(whole.pages.at(-1)?.consoleTotal).toBe(3);
    expect((await read(second, whole.position)).pages.at(-1)).not.toHaveProperty('consoleTotal');
  });
});

describe('what the console no longer keeps', () => {
  const hours = Array.from({ length: 5 }, (_, i) => ({
    from: noon + i * hourMs,
    to: noon + (i + 1) * hourMs,
  }));

  function forgetful(words: string) {
    const walk = queryWalk();
    const { console, clock } = walk;
    clock.time = noon + 14 * dayMs + 2.5 * hourMs;
    console.events = events(300, 5 * hourMs);
    console.before = ({ kind, body }) => {
      const isKept = Date.parse(String(body['fromDate'])) >= clock.now() - 14 * dayMs;
      if (kind !== 'start' || isKept) return undefined;
      throw failure({
        code: 'outside_retention',
        health: 'misconfigured',
        httpStatus: 400,
        message: `POST /start: the time span is older than the data that the console keeps (HTTP 400): ${words}`,
      });
    };
    async function readAll() {
      const ids: (readonly unknown[])[] = [];
      let handedOn: JsonObject | undefined;
      for (const hour of hours) {
        const read = await walk.read(hour, handedOn);
        ids.push(read.ids);
        handedOn = read.position;
        // So long a query has to wait for the next one.
        clock.advance(75_000);
      }
      return ids;
    }
    return { ...walk, readAll };
  }

  it('is passed with one request, the rest of its hour is read, and it is said', async () => {
    const { console, readAll, warnings } = forgetful('The console retains data for 14 days.');
    const ids = await readAll();
    expect(ids.slice(0, 2)).toStrictEqual([[], []]);
    // From the half hour on, but for five minutes in which the console forgets more.
    expect(ids[2]?.[0]).toBe('e155');
    expect(ids[2]).toHaveLength(25);
    expect(ids.slice(3).map(({ length }) => length)).toStrictEqual([60, 60]);
    expect(warnings).toStrictEqual(['The console no longer keeps the events of this time.']);
    expect(console.starts.length).toBeLessThanOrEqual(4);
  });

  it('is passed window by window where the console does not say how long it keeps it', async () => {
    const { readAll, warnings } = forgetful('Outside of the retention.');
    const ids = await readAll();
    expect(ids.map(({ length }) => length)).toStrictEqual([0, 0, 0, 60, 60]);
    expect(warnings).toHaveLength(3);
  });

  it('is passed step by step where the console keeps less than it says', async () => {
    const { readAll } = forgetful('The console retains data for 15 days.');
    const ids = await readAll();
    expect(ids.slice(3).map(({ length }) => length)).toStrictEqual([60, 60]);
  });

  it('is never asked for by questions whether there is anything', async () => {
    const { console, reading, clock } = queryWalk();
    const span = { from: noon, to: noon + 8 * hourMs };
    const request = { span, signal: new AbortController().signal, now: () => clock.now() };
    expect(await reading.isEmpty(request as Parameters<typeof reading.isEmpty>[0])).toBe(false);
    expect(console.calls).toStrictEqual([]);
  });
});
