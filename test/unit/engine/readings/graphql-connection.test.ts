import { describe, expect, it } from 'vitest';
import type { Page, PageRequest } from '../../../../shared/engine/reading.ts';
import { graphqlConnection } from '../../../../shared/engine/readings/graphql-connection.ts';
import type { Position } from '../../../../shared/engine/stream.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import type { ApiAnswer, ApiRequest, SentinelOneApi } from '../../../../shared/ports.ts';
import { fieldAt, textAt } from '../../../../shared/records/json-fields.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { pageRequest } from '../../../support/page-request.ts';
import { readingWorld } from '../../../support/reading-world.ts';
import { failure } from './query-console.ts';
import { hourMs, idsOf, minuteMs, noon, window } from './query-walk.ts';

/** A connection in memory. Its cursors are the ids of the records before them. */
class ConnectionConsole implements SentinelOneApi {
  alerts: readonly JsonObject[] = [];
  readonly queries: string[] = [];
  /** An answer takes its time. */
  takeTime: () => void = () => undefined;
  before: (query: string, index: number) => Json | undefined = () => undefined;
  /** Alerts with this level are kept from whoever does not name it. */
  hiddenLevel: string | undefined;

  list(): never {
    throw new Error('Nobody lists anything here.');
  }

  async request({ method, path, body }: ApiRequest): Promise<ApiAnswer> {
    if (method !== 'POST' || path !== '/graphql') throw new Error(`Nobody asks for ${method} ${path}.`);
    this.takeTime();
    const query = textAt(body, 'query') ?? '';
    const instead = this.before(query, this.queries.push(query) - 1);
    if (instead !== undefined) return { json: instead };
    const part = (pattern: RegExp) => pattern.exec(query)?.[1] ?? '';
    const axis = part(/fieldId: "(\w+)"/);
    const [start, end] = [Number(part(/start: (\d+)/)), Number(part(/end: (\d+)/))];
    const level = part(/"confidenceLevel", stringIn: \{values: \["(\w+)"\]\}/);
    const timeOf = (alert: JsonObject) => Date.parse(String(alert[axis]));
    const found = this.alerts
      .filter((alert) => timeOf(alert) >= start && timeOf(alert) < end)
      .filter(({ confidenceLevel = null }) =>
        level === '' ? confidenceLevel !== (this.hiddenLevel ?? '') : confidenceLevel === level,
      )
      .toSorted((a, b) => timeOf(a) - timeOf(b));
    const after = part(/after: "(\w+)"/);
    const from = after === '' ? 0 : found.findIndex(({ id }) => id === after) + 1;
    if (after !== '' && from === 0)
      throw failure({ code: 'console_error', health: 'unavailable', httpStatus: 200 });
    const edges = found.slice(from, from + Number(part(/first: (\d+)/))).map((node) => ({ node }));
    const hasNextPage = from + edges.length < found.length;
    const endCursor = textAt(edges.at(-1) ?? null, 'node', 'id') ?? null;
    return { json: { data: { alerts: { edges, pageInfo: { hasNextPage, endCursor } } } } };
  }
}

const declaration = {
  path: '/graphql',
  field: 'alerts',
  selection: 'id updatedAt detectedAt',
  fixedArguments: 'viewType: ALL',
  pageSize: 3,
  axes: ['updatedAt', 'detectedAt'],
};
const shownToAll = graphqlConnection(declaration);
const withHidden = graphqlConnection({
  ...declaration,
  hidden: { fieldId: 'confidenceLevel', value: 'INFORMATIONAL' },
});

const at = (ms: number) => new Date(noon + ms).toISOString();
const updated = (id: string, ms: number, detectedMs = ms - hourMs) => ({
  id,
  updatedAt: at(ms),
  detectedAt: at(detectedMs),
});
const untouched = (id: string, ms: number) => ({ id, updatedAt: null, detectedAt: at(ms) });

const hushed = <T extends JsonObject>(alert: T) => ({ ...alert, confidenceLevel: 'INFORMATIONAL' });

function connectionWalk(scope: PageRequest['scope'] = {}, reading = shownToAll) {
  const console = new ConnectionConsole();
  const page = (position?: Position) => reading.readPage(pageRequest(console, window, { position, scope }));
  return {
    console,
    page,
    async read(position?: Position) {
      const pages: Page[] = [];
      let stored = position;
      while (pages.at(-1)?.end !== true) {
        const next = await page(stored);
        pages.push(next);
        stored = JSON.parse(JSON.stringify(next.position));
        if (pages.length > 100) throw new Error('The connection has no end.');
      }
      return { pages, ids: idsOf(pages.flatMap(({ records }) => records)) };
    },
  };
}

describe('a connection', () => {
  it('is asked for one time after the other, page by page, and each record comes once', async () => {
    const { console, read } = connectionWalk();
    console.alerts = [
      updated('u1', 1_000),
      updated('u2', 2_000, 2_000),
      updated('u3', 3_000, 100_000),
      updated('u4', 4_000),
      untouched('d1', 1_500),
      untouched('d2', 299_999),
      updated('elsewhen', hourMs, 5_000),
      updated('first', 0),
      updated('next', 300_000),
      untouched('late', 300_000),
    ];

    const { ids, pages } = await read();

    expect(ids).toStrictEqual(['first', 'u1', 'u2', 'u3', 'u4', 'd1', 'd2']);
    expect(pages.map(({ end }) => end)).toStrictEqual(pages.map((_, i) => i === pages.length - 1));
    expect(console.queries[0]).toBe(
      `{ alerts(first: 3, filters: [{fieldId: "updatedAt", dateTimeRange: {start: ${noon}, end: ${window.to}, startInclusive: true, endInclusive: false}}], sort: {by: "updatedAt", order: ASC}, viewType: ALL) { pageInfo { hasNextPage endCursor } edges { node { id updatedAt detectedAt } } } }`,
    );
    expect(console.queries[1]).toContain('first: 3, after: "u2", filters:');
    // Two pages of the first time; of the second one d1, u2, elsewhen, u3 and d2.
    expect(console.queries.map((query) => /by: "(\w+)"/.exec(query)?.[1])).toStrictEqual([
      'updatedAt',
      'updatedAt',
      'detectedAt',
      'detectedAt',
    ]);
  });

  it('without anything is two requests', async () => {
    const { console, read } = connectionWalk();
    const { ids } = await read();
    expect(ids).toStrictEqual([]);
    expect(console.queries).toHaveLength(2);
  });

  it('is walked once more for what it hides, by each of its times', async () => {
    const { console, read } = connectionWalk({}, withHidden);
    console.hiddenLevel = 'INFORMATIONAL';
    console.alerts = [
      updated('u', 1_000),
      untouched('d', 1_500),
      hushed(updated('hu1', 2_000, 2_000)),
      hushed(updated('hu2', 500)),
      hushed(untouched('hd', 900)),
    ];
    const { ids } = await read();
    expect(ids).toStrictEqual(['u', 'd', 'hu2', 'hu1', 'hd']);
    expect(console.queries).toHaveLength(4);
    expect(console.queries[3]).toContain(
      `endInclusive: false}}, {fieldId: "confidenceLevel", stringIn: {values: ["INFORMATIONAL"]}}], sort: {by: "detectedAt", order: ASC}`,
    );
  });

  it.each([
    ['sites', { siteIds: '1,2', accountIds: '3' }, 'scope: {scopeIds: ["1","2"], scopeType: SITE}'],
    ['accounts', { accountIds: '3' }, 'scope: {scopeIds: ["3"], scopeType: ACCOUNT}'],
  ])('is asked for within the %s of the connector', async (_, scope, text) => {
    const { console, page } = connectionWalk(scope);
    await page();
    expect(console.queries[0]).toContain(text);
  });

  it('is not asked for within a scope where the connector names none', async () => {
    const { console, page } = connectionWalk();
    await page();
    expect(console.queries[0]).not.toContain('scope');
  });

  it('has nothing in a span if neither of its times has', async () => {
    const { console } = connectionWalk();
    const isEmpty = () => withHidden.isEmpty({ ...pageRequest(console, window), span: window });
    expect(await isEmpty()).toBe(true);
    console.hiddenLevel = 'INFORMATIONAL';
    console.alerts = [hushed(untouched('h', 1_000))];
    expect(await isEmpty()).toBe(false);
    console.alerts = [untouched('d', 1_000)];
    expect(await isEmpty()).toBe(false);
    console.alerts = [updated('u', 1_000)];
    expect(await isEmpty()).toBe(false);
    expect(console.queries.at(-1)).toContain('first: 1,');
  });

  it('with nodes that are null keeps them: nothing is dropped silently', async () => {
    const { console, page } = connectionWalk();
    console.before = () => ({ data: { alerts: { edges: [{ node: null }, null], pageInfo: null } } });
    expect((await page()).records).toStrictEqual([null, null]);
  });

  it.each([
    ['no data', { data: null }],
    ['another field', { data: { alert: {} } }],
    ['no list', { data: { alerts: { edges: null } } }],
    [
      'a promise without a way',
      { data: { alerts: { edges: [], pageInfo: { hasNextPage: true, endCursor: null } } } },
    ],
  ])('answered with %s is a failure and not an empty one', async (_, answer) => {
    const { console, page } = connectionWalk();
    console.before = () => answer;
    await expect(page()).rejects.toMatchObject({ code: 'response_malformed', retryable: true });
  });

  it('that gives the same cursor again, or one that is too long to keep, is a failure', async () => {
    const { console, page } = connectionWalk();
    const edges = [{ node: updated('a', 1_000) }];
    let endCursor = 'x';
    console.before = () => ({ data: { alerts: { edges, pageInfo: { hasNextPage: true, endCursor } } } });
    const { position } = await page();
    await expect(page(position)).rejects.toMatchObject({ code: 'repeated_cursor' });
    endCursor = 'x'.repeat(1201);
    await expect(page()).rejects.toMatchObject({ code: 'cursor_too_long' });
  });

  it('has smaller pages where full ones are too large, on both of its times', async () => {
    const { console, page } = connectionWalk();
    console.alerts = [updated('u', 1_000), updated('v', 2_000), updated('w', 3_000), updated('x', 4_000)];
    const { position } = await page();
    const smaller = shownToAll.smallerPages(position, window);
    const { position: second } = await page(smaller);
    await page(second);
    expect(console.queries.map((query) => /first: (\d+)/.exec(query)?.[1])).toStrictEqual(['3', '1', '1']);
    expect(shownToAll.smallerPages(smaller, window)).toBeUndefined();
    expect(shownToAll.smallerPages(undefined, window)).toStrictEqual({ pass: 0, first: 1 });
  });
});

describe('a cursor that is refused', () => {
  const words = [
    failure({ code: 'console_error', health: 'unavailable', httpStatus: 200, retryable: true }),
    failure({ code: 'request_refused', health: 'misconfigured', httpStatus: 200 }),
    failure({ code: 'request_refused', health: 'misconfigured', httpStatus: 400 }),
  ];

  it.each(words)(
    'lets the walk go on from the newest time, in whatever words: $code in $httpStatus',
    async (error) => {
      const { console, page, read } = connectionWalk();
      console.alerts = [1, 2, 3, 4, 5].map((second) => updated(`u${second}`, second * 1_000));
      console.before = (query) => {
        if (query.includes('after: "u3"')) throw error;
        return undefined;
      };
      const { position } = await page();
      await expect(page(position)).rejects.toMatchObject({ code: 'cursor_refused', retryable: true });

      const resumed = shownToAll.resume(position, window);

      expect(resumed).toStrictEqual({ pass: 0, from: noon + 3_000, repeats: true });
      const { ids, pages } = await read(resumed);
      expect(ids).toStrictEqual(['u3', 'u4', 'u5']);
      expect(pages.map(({ mayRepeat }) => mayRepeat)).toStrictEqual([true, false]);
    },
  );

  it.each([
    ['times that are not ascending', [updated('a', 2_000), updated('b', 1_000), updated('c', 3_000)]],
    ['a record without its time', [updated('a', 1_000), untouched('b', 2_000), updated('c', 3_000)]],
  ])('sends the walk to its begin after %s', async (_, nodes) => {
    const { console, page } = connectionWalk();
    const edges = nodes.map((node) => ({ node }));
    console.before = () => ({ data: { alerts: { edges, pageInfo: { hasNextPage: true, endCursor: 'x' } } } });
    const { position } = await page();
    expect(shownToAll.resume(position, window)).toStrictEqual({ pass: 0, repeats: true });
  });

  it.each([
    failure({ code: 'console_error', health: 'unavailable', httpStatus: 502, retryable: true }),
    failure({ code: 'throttled', health: 'throttled', httpStatus: 429, retryable: true }),
    failure({ code: 'token_refused', health: 'credentials', httpStatus: 401 }),
  ])('is not what $code means', async (error) => {
    const { console, page } = connectionWalk();
    console.before = () => {
      throw error;
    };
    await expect(page({ pass: 0, cursor: 'x' })).rejects.toBe(error);
  });

  it('is not what an error says of a request without one', async () => {
    const { console, page } = connectionWalk();
    const error = failure({ code: 'permission_missing', health: 'permission', httpStatus: 200 });
    console.before = () => {
      throw error;
    };
    await expect(page({ pass: 1 })).rejects.toBe(error);
  });
});

describe('an engine that reads a connection', () => {
  const identity = (alert: JsonObject) => ({
    id: String(alert['id']),
    revision: textAt(alert, 'updatedAt') ?? `detected ${textAt(alert, 'detectedAt')}`,
  });

  async function engine(reading = shownToAll) {
    const clock = new ManualClock(noon);
    const console = new ConnectionConsole();
    console.takeTime = () => clock.advance(300);
    const world = await readingWorld({
      clock,
      api: console,
      reading,
      since: noon - 30 * minuteMs,
      identity,
      batchPages: 1,
    });
    const revisions = () =>
      world.records().map((record) => `${record['id']} ${fieldAt(record, 'updatedAt') ?? '-'}`);
    return { clock, console, world, revisions };
  }

  it('writes every revision once, of alerts that change and of alerts that nobody has touched', async () => {
    const { clock, console, world, revisions } = await engine();
    const begun = noon - 25 * minuteMs - noon;
    console.alerts = [updated('a', begun), untouched('b', begun + 1_000)];
    await world.collect(clock.now() - 2 * minuteMs);
    console.alerts = [
      updated('a', 2 * minuteMs, begun - hourMs),
      { ...updated('b', 3 * minuteMs), detectedAt: at(begun + 1_000) },
    ];
    await world.collect(noon + 10 * minuteMs);
    expect(revisions().toSorted()).toStrictEqual(
      [`a ${at(begun)}`, 'b -', `a ${at(2 * minuteMs)}`, `b ${at(3 * minuteMs)}`].toSorted(),
    );
  });

  it('loses and doubles nothing where every second cursor is refused, with many alerts of one time', async () => {
    const { console, world, revisions } = await engine();
    console.alerts = [
      ...Array.from({ length: 10 }, (_, i) => updated(`u${i}`, -20 * minuteMs + i)),
      ...Array.from({ length: 7 }, (_, i) => updated(`same${i}`, -19 * minuteMs)),
      ...Array.from({ length: 8 }, (_, i) => untouched(`d${i}`, -18 * minuteMs)),
    ];
    let cursors = 0;
    console.before = (query) => {
      if (query.includes('after:') && cursors++ % 2 === 1)
        throw failure({ code: 'console_error', health: 'unavailable', httpStatus: 200, retryable: true });
      return undefined;
    };
    await world.collect(noon - 2 * minuteMs, 20);
    expect(revisions()).toHaveLength(25);
    expect(new Set(revisions()).size).toBe(25);
  });

  it.each(['INFORMATIONAL', undefined])(
    'writes every alert once where the console hides those of level %s',
    async (hiddenLevel) => {
      const { console, world, revisions } = await engine(withHidden);
      console.hiddenLevel = hiddenLevel;
      console.alerts = Array.from({ length: 20 }, (_, i) => {
        const alert = i % 3 === 0 ? untouched(`d${i}`, -20 * minuteMs + i) : updated(`u${i}`, -19 * minuteMs);
        return i % 2 === 0 ? hushed(alert) : alert;
      });
      // Another worker goes on where the first one comes to what is hidden, and knows nothing of it.
      let failures = 1;
      console.before = (query) => {
        if (query.includes('INFORMATIONAL') && failures-- > 0)
          throw failure({ code: 'console_error', health: 'unavailable', httpStatus: 502, retryable: true });
        return undefined;
      };
      await world.collect(noon - 2 * minuteMs, 20);
      expect(revisions()).toHaveLength(20);
      expect(new Set(revisions()).size).toBe(20);
    },
  );

  it('notices a connection that leads in a circle', async () => {
    const { console, world } = await engine();
    const edges = [{ node: updated('a', -20 * minuteMs) }];
    console.before = (_, index) => ({
      data: { alerts: { edges, pageInfo: { hasNextPage: true, endCursor: `c${index}` } } },
    });
    const outcome = await world.work();
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'endless_pages', health: 'unavailable' },
    });
    expect(world.records()).toHaveLength(1);
  });
});
