import { describe, expect, it } from 'vitest';
import { unifiedAlertSelection } from '../../../shared/sentinelone/unified-alert-selection.ts';
import { post } from './event-support.ts';
import { epochMs, hourMs, openConsole } from './support.ts';
import { alertsQuery, ask, ids, list, path, range, small, walk } from './unified-alert-support.ts';

describe('POST /unifiedalerts/graphql', () => {
  it('knows everything that the product asks for, and answers it as the truth has it', async () => {
    const console = await openConsole({ ...small, unifiedAlertsPerPage: 1_000 });
    const hidden = 'filters: [{fieldId: "confidenceLevel", stringIn: {values: ["INFORMATIONAL"]}}]';
    const lists = ['', `, ${hidden}`].map((given) =>
      list(console, `first: 1000, viewType: ALL${given}`, undefined, unifiedAlertSelection),
    );
    const edges = (await Promise.all(lists)).flatMap((shown) => shown.edges);
    const current = [...console.truth('unified-alerts', 0, epochMs + 1, epochMs)].filter(
      (line) => line.current,
    );
    const told = new Map(current.map(({ id, record }) => [id, JSON.parse(JSON.stringify(record))]));
    expect(edges.length).toBe(told.size);
    for (const { node } of edges) expect(node).toEqual(told.get(node.id));
    expect(edges.length).toBeGreaterThan(100);
  });

  it.each([
    ['an unknown field', alertsQuery('', 'id observables { name }'), 'observables'],
    ['a field of single alerts', alertsQuery('', 'process { username }'), 'username'],
    ['an object without its fields', alertsQuery('', 'assets'), 'assets'],
    ['fields of what has none', alertsQuery('', 'dataSources { name }'), 'dataSources'],
    ['an unknown argument', alertsQuery('limit: 5'), 'limit'],
    [
      'an unknown comparator',
      alertsQuery('filters: [{fieldId: "status", fullText: {value: "x"}}]'),
      'fullText',
    ],
    ['a range of texts', alertsQuery('filters: [{fieldId: "detectedAt", dateTimeRange: {from: 1}}]'), 'from'],
    ['an unknown view', alertsQuery('viewType: MY_TEAM'), 'MY_TEAM'],
    ['an unknown order', alertsQuery('sort: {by: "detectedAt", order: UP}'), 'UP'],
    ['an unknown scope', alertsQuery('scope: {scopeIds: ["1"], scopeType: TENANT}'), 'TENANT'],
    ['another query', '{ threats { id } }', 'threats'],
    ['half a query', '{ alerts {', 'Syntax Error'],
    ['a mutation', 'mutation { addAlertNote(alertId: "1") { id } }', 'mutation'],
    [
      'an unknown field to filter by',
      alertsQuery('filters: [{fieldId: "state", stringEqual: {value: "NEW"}}]'),
      'state',
    ],
    ['an unknown field to sort by', alertsQuery('sort: {by: "age"}'), 'age'],
    [
      'a comparator of another field',
      alertsQuery('filters: [{fieldId: "status", dateTimeRange: {start: 1}}]'),
      'dateTimeRange',
    ],
    [
      'two comparators',
      alertsQuery('filters: [{fieldId: "status", stringEqual: {value: "NEW"}, stringIn: {values: []}}]'),
      'comparator',
    ],
    ['no comparator', alertsQuery('filters: [{fieldId: "status"}]'), 'comparator'],
    [
      'a time as a text',
      alertsQuery('filters: [{fieldId: "detectedAt", dateTimeRange: {start: "2026-01-01"}}]'),
      'start',
    ],
    ['more than it gives at once', alertsQuery('first: 101'), 'first'],
    ['none at all', alertsQuery('first: 0'), 'first'],
    ['a cursor that is none', alertsQuery('after: "x"'), 'cursor'],
  ])('refuses %s inside a success', async (_, query, named) => {
    const { data, errors } = await ask(await openConsole(small), query);
    expect(data ?? null).toBeNull();
    expect(errors?.map(({ message }) => message).join('\n')).toContain(named);
  });

  it.each([
    ['no JSON', 'query', 400],
    ['no query', {}, 400],
    ['a query that is no text', { query: 7 }, 400],
    ['variables that are none', { query: '{ alerts { totalCount } }', variables: [1] }, 400],
  ])('answers %s with an error of HTTP', async (_, body, status) => {
    expect((await post(await openConsole(small), path, body)).status).toBe(status);
  });

  it('takes ApiToken only, wants its permission, and no parameters', async () => {
    const console = await openConsole({ ...small, limits: { refused: ['Unified Alerts.view'] } });
    const body = JSON.stringify({ query: '{ alerts { totalCount } }' });
    const status = async (authorization: string, search = '') =>
      (
        await fetch(`${console.url}/web/api/v2.1${path}${search}`, {
          method: 'POST',
          headers: { authorization },
          body,
        })
      ).status;
    expect(await status(`ApiToken ${console.tokens.viewer}`)).toBe(200);
    expect(await status(`Bearer ${console.tokens.viewer}`)).toBe(401);
    expect(await status(`ApiToken ${console.tokens.limited}`)).toBe(403);
    expect(await status(`ApiToken ${console.tokens.viewer}`, '?limit=5')).toBe(400);
    const get = await fetch(`${console.url}/web/api/v2.1${path}`, {
      headers: { authorization: `ApiToken ${console.tokens.viewer}` },
    });
    expect(get.status).toBe(405);
  });

  it('takes variables as well', async () => {
    const console = await openConsole(small);
    const query = `query Q($first: Int, $filters: [FilterInput!], $sort: SortInput, $scope: ScopeSelectorInput) {
      alerts(first: $first, filters: $filters, sort: $sort, scope: $scope) { edges { node { id } } } }`;
    const variables = {
      first: 5,
      filters: [{ fieldId: 'detectedAt', dateTimeRange: { start: epochMs - 3 * hourMs, end: epochMs } }],
      sort: { by: 'detectedAt', order: 'DESC' },
      scope: { scopeIds: [[...console.truth('accounts', 0, epochMs)][0]?.id], scopeType: 'ACCOUNT' },
    };
    const { data } = await ask(console, query, variables);
    expect(data?.alerts.edges).toHaveLength(5);
    const wrong = await ask(console, query, { ...variables, first: 'five' });
    expect(wrong.errors?.[0]?.message).toContain('$first');
  });
});

describe('faults', () => {
  it('odd pages lose nothing and end', async () => {
    const console = await openConsole({ ...small, profiles: ['nulls'] });
    const plain = await openConsole(small);
    const given = 'sort: {by: "updatedAt", order: ASC}';
    expect(ids(await walk(console, given, 12))).toEqual(ids(await walk(plain, given, 12)));
    const ends = new Set<unknown>();
    for (let request = 0; request < 40; request++) {
      const { edges, pageInfo } = await list(console, `first: 100, ${range('detectedAt', 0, 1)}`);
      expect([edges, pageInfo.hasNextPage]).toEqual([[], false]);
      ends.add(pageInfo.endCursor);
    }
    expect(ends).toEqual(new Set([null, '']));
  });

  it('refused cursors are refused as GraphQL refuses', async () => {
    const console = await openConsole({ ...small, profiles: ['refused-cursors'] });
    const { pageInfo } = await list(console, 'first: 5');
    const outcomes = new Set<string>();
    for (let request = 0; request < 40; request++) {
      const asked = alertsQuery(`first: 5, after: ${JSON.stringify(pageInfo.endCursor)}`);
      const { data, errors } = await ask(console, asked);
      outcomes.add(data ? 'answered' : String(errors?.[0]?.message));
      expect((await ask(console, alertsQuery('first: 5'))).errors).toBeUndefined();
    }
    expect(outcomes.size).toBe(2);
    expect([...outcomes].join()).toContain('Invalid cursor');
  });

  it('throttling and server errors come before the query is looked at', async () => {
    for (const profile of ['throttle-storm', 'server-errors'] as const) {
      const console = await openConsole({ ...small, profiles: [profile] });
      const statuses_ = new Set<number>();
      for (let request = 0; request < 40; request++) {
        const reply = await post(console, path, { query: alertsQuery('first: 1') }).catch(() => undefined);
        statuses_.add(reply?.status ?? 0);
      }
      expect(statuses_.has(200)).toBe(true);
      expect(statuses_.size).toBeGreaterThan(1);
    }
  });
});
