import { describe, expect, it } from 'vitest';
import {
  analystVerdicts,
  classifications,
  confidenceLevels,
  severities,
  statuses,
} from '../../../local/console/world/unified-alert-vocabulary.ts';
import { epochMs, hourMs, openConsole, stoppedClock } from './support.ts';
import {
  type Alert,
  alertsQuery,
  ask,
  type Connection,
  ids,
  list,
  range,
  small,
  walk,
} from './unified-alert-support.ts';

describe('the list of unified alerts', () => {
  it.each([
    ['detectedAt', 'ASC', 7],
    ['updatedAt', 'ASC', 9],
    ['createdAt', 'DESC', 8],
    ['lastSeenAt', 'DESC', 100],
    ['severity', 'ASC', 10],
    ['id', 'DESC', 11],
  ])('sorted by %s %s is the same in pages of %i', async (by, order, first) => {
    const console = await openConsole({ ...small, unifiedAlertsPerPage: 1_000 });
    const given = `sort: {by: "${by}", order: ${order}}`;
    const whole = await walk(console, given, 1_000);
    expect(whole.length).toBeGreaterThan(100);
    expect(ids(await walk(console, given, first))).toEqual(ids(whole));
    const keys = whole.map((alert) => String(alert[by] ?? ''));
    const sorted = [...keys].sort();
    if (by in (whole[0] ?? {})) expect(keys).toEqual(order === 'ASC' ? sorted : sorted.reverse());
    const { pageInfo, edges, totalCount } = await list(console, `first: 3, ${given}`);
    expect(totalCount).toBe(whole.length);
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor,
      endCursor: edges[2]?.cursor,
    });
    const behind = await list(console, `first: 2, after: "${edges[0]?.cursor}", ${given}`);
    expect(behind.edges.map(({ node }) => node.id)).toEqual(ids(whole.slice(1, 3)));
    expect(behind.pageInfo.hasPreviousPage).toBe(true);
  });

  it('gives a hundred at once and ten where nothing is said', async () => {
    const console = await openConsole({ ...small, unifiedAlerts: 300 });
    expect((await list(console, '')).edges).toHaveLength(10);
    expect((await list(console, 'first: 100')).edges).toHaveLength(100);
    const wide = await openConsole({ ...small, unifiedAlerts: 300, unifiedAlertsPerPage: 200 });
    expect((await list(wide, 'first: 200')).edges).toHaveLength(200);
  });

  it('binds a cursor to order, filters, scope and view', async () => {
    const console = await openConsole(small);
    const given = `sort: {by: "detectedAt", order: ASC}, viewType: ALL`;
    const { pageInfo } = await list(console, `first: 5, ${given}`);
    const after = `after: ${JSON.stringify(pageInfo.endCursor)}`;
    expect((await list(console, `first: 3, ${after}, ${given}`)).edges).toHaveLength(3);
    for (const other of [
      `sort: {by: "detectedAt", order: DESC}, viewType: ALL`,
      `sort: {by: "updatedAt", order: ASC}, viewType: ALL`,
      `${given}, ${range('detectedAt', 0, epochMs)}`,
      `sort: {by: "detectedAt", order: ASC}, viewType: STAR`,
    ]) {
      const { data, errors } = await ask(console, alertsQuery(`first: 5, ${after}, ${other}`));
      expect([data ?? null, errors?.[0]?.message]).toEqual([null, expect.stringContaining('Invalid cursor')]);
    }
  });

  it.each(['detectedAt', 'updatedAt', 'createdAt', 'firstSeenAt', 'lastSeenAt'])(
    'compares %s by the millisecond, each end as it is told to',
    async (fieldId) => {
      const console = await openConsole({ ...small, unifiedAlertsPerPage: 1_000 });
      const { edges } = await list(console, 'first: 1000', undefined, `id ${fieldId}`);
      const times = edges.flatMap(({ node }) =>
        node[fieldId] === null ? [] : [Date.parse(String(node[fieldId]))],
      );
      const [start = 0, end = 0] = [0.3, 0.7].map(
        (share) => times.toSorted()[Math.floor(share * times.length)] ?? 0,
      );
      const total = async (more: string) =>
        (await list(console, range(fieldId, start, end, more))).totalCount;
      const counted = (test: (ms: number) => boolean) => times.filter(test).length;
      expect(await total('')).toBe(counted((ms) => ms >= start && ms <= end));
      expect(await total(', startInclusive: true, endInclusive: false')).toBe(
        counted((ms) => ms >= start && ms < end),
      );
      expect(await total(', startInclusive: false, endInclusive: true')).toBe(
        counted((ms) => ms > start && ms <= end),
      );
      expect(counted((ms) => ms >= start && ms < end)).toBeGreaterThan(20);
    },
  );

  it('finds nothing for a value that no alert ever has, without a word', async () => {
    const console = await openConsole(small);
    for (const [fieldId, value] of [
      ['status', 'OPEN'],
      ['status', 'new'],
      ['status', 'FALSE_POSITIVE'],
      ['severity', 'Critical'],
      ['analystVerdict', 'TRUE_POSITIVE'],
      ['detectionProduct', 'edr'],
    ]) {
      for (const comparator of [`stringEqual: {value: "${value}"}`, `stringIn: {values: ["${value}"]}`]) {
        const { totalCount, edges } = await list(
          console,
          `filters: [{fieldId: "${fieldId}", ${comparator}}]`,
        );
        expect([totalCount, edges]).toEqual([0, []]);
      }
    }
  });

  it('finds every value of every enum', async () => {
    const console = await openConsole({ ...small, unifiedAlerts: 900, unifiedAlertsPerPage: 1_000 });
    const enums = {
      status: statuses,
      severity: severities,
      classification: classifications,
      analystVerdict: analystVerdicts,
      confidenceLevel: confidenceLevels,
    };
    for (const [fieldId, values] of Object.entries(enums)) {
      for (const value of values) {
        const found = await list(
          console,
          `first: 1000, filters: [{fieldId: "${fieldId}", stringIn: {values: ["${value}", "x"]}}]`,
        );
        expect(found.totalCount, `${fieldId} ${value}`).toBeGreaterThan(0);
        expect(new Set(found.edges.map(({ node }) => node[fieldId]))).toEqual(new Set([value]));
      }
    }
  });

  it('joins filters, negates them, takes alternatives and parts of texts', async () => {
    const console = await openConsole({ ...small, unifiedAlertsPerPage: 1_000 });
    const all = await walk(console, '', 1_000);
    const matching = async (given: string, test: (alert: Alert) => boolean) => {
      const expected = ids(all.filter(test));
      expect(expected.length, given).toBeGreaterThan(0);
      expect(ids(await walk(console, given, 1_000))).toEqual(expected);
    };
    const status = 'fieldId: "status", stringEqual: {value: "NEW"}';
    const high = 'fieldId: "severity", stringIn: {values: ["HIGH", "LOW"]}';
    const isHigh = ({ severity }: Alert) => severity === 'HIGH' || severity === 'LOW';
    await matching(
      `filters: [{${status}}, {${high}}]`,
      (alert) => alert['status'] === 'NEW' && isHigh(alert),
    );
    await matching(`filters: [{isNegated: true, ${status}}]`, (alert) => alert['status'] !== 'NEW');
    await matching(
      `orFilter: {or: [{and: [{${status}}]}, {and: [{${high}}]}]}`,
      (alert) => alert['status'] === 'NEW' || isHigh(alert),
    );
    await matching('filters: [{fieldId: "name", match: {values: ["lsass", "kerbero"]}}]', ({ name }) =>
      /lsass|kerbero/i.test(String(name)),
    );
    await matching(
      'filters: [{fieldId: "noteExists", booleanEqual: {value: true}}]',
      (alert) => alert['noteExists'] === true,
    );
    await matching('viewType: IDENTITY', (alert) => JSON.stringify(alert).includes('"product":"Identity"'));
    for (const view of ['STAR', 'CUSTOM_ALERTS'])
      await matching(`viewType: ${view}`, (alert) => JSON.stringify(alert).includes('"product":"STAR"'));
  });

  it('hides informational alerts from everybody who does not name them', async () => {
    const console = await openConsole({ ...small, unifiedAlerts: 400, unifiedAlertsPerPage: 1_000 });
    const all = await walk(console, '', 1_000);
    expect(all.some((alert) => alert['confidenceLevel'] === 'INFORMATIONAL')).toBe(false);
    const filter =
      'filters: [{fieldId: "confidenceLevel", stringIn: {values: ["INFORMATIONAL", "MALICIOUS"]}}]';
    const levels = (await walk(console, filter, 1_000)).map((alert) => alert['confidenceLevel']);
    expect(new Set(levels)).toEqual(new Set(['INFORMATIONAL', 'MALICIOUS']));
    const lines = [...console.truth('unified-alerts', 0, epochMs + 1, epochMs)];
    const informational = lines.filter(({ record }) => record['confidenceLevel'] === 'INFORMATIONAL');
    expect(informational.length).toBeGreaterThan(5);
    expect(informational.some(({ current }) => current)).toBe(true);
  });

  it('keeps to scopes that are asked for, and to the site of a token', async () => {
    const console = await openConsole({ ...small, unifiedAlertsPerPage: 1_000 });
    const node =
      'id realTime { scope { account { id } site { id } } } detectionTime { scope { accountId siteId groupId } }';
    const { edges } = await list(console, 'first: 1000', undefined, node);
    const scopeOf = ({ node: alert }: Connection['edges'][number]) =>
      JSON.parse(JSON.stringify(alert)).detectionTime.scope;
    const [first] = edges.map(scopeOf);
    for (const [scopeType, field] of [
      ['ACCOUNT', 'accountId'],
      ['SITE', 'siteId'],
      ['GROUP', 'groupId'],
    ] as const) {
      const given = `first: 1000, scope: {scopeIds: ["${first[field]}"], scopeType: ${scopeType}}`;
      const found = await list(console, given, undefined, node);
      expect(found.totalCount).toBe(edges.filter((edge) => scopeOf(edge)[field] === first[field]).length);
      expect(found.totalCount).toBeLessThan(edges.length);
    }
    const own = await list(console, 'first: 1000', console.tokens.siteScoped, node);
    expect(new Set(own.edges.map((edge) => scopeOf(edge).siteId)).size).toBe(1);
    const foreign = edges
      .map(scopeOf)
      .find(
        ({ siteId }) =>
          siteId !== scopeOf(own.edges[0] ?? edges[0] ?? { cursor: '', node: { id: '' } }).siteId,
      );
    const none = `scope: {scopeIds: ["${foreign?.siteId}"], scopeType: SITE}`;
    expect((await list(console, none, console.tokens.siteScoped)).totalCount).toBe(0);
  });

  it('is, window by window and axis by axis, what is true, at any time and with late records and mutation', async () => {
    for (const profiles of [[], ['late-records', 'mutation']] as const) {
      const clock = stoppedClock();
      const console = await openConsole({ ...small, clock, profiles });
      for (const atMs of [epochMs, epochMs + 10 * 60_000]) {
        clock.nowMs = atMs;
        const [fromMs, toMs] = [atMs - 2 * hourMs, atMs - 60_000];
        const found: Alert[] = [];
        for (const hidden of ['', ', {fieldId: "confidenceLevel", stringIn: {values: ["INFORMATIONAL"]}}']) {
          for (const axis of ['updatedAt', 'createdAt']) {
            const filters = range(axis, fromMs, toMs, ', endInclusive: false').replace(']', `${hidden}]`);
            const page = await walk(console, `${filters}, sort: {by: "${axis}", order: ASC}`, 30);
            found.push(...page.filter((alert) => axis === 'updatedAt' || alert['updatedAt'] === null));
          }
        }
        const current = [...console.truth('unified-alerts', fromMs, toMs, atMs)].filter(
          (line) => line.current,
        );
        expect(ids(found).sort()).toEqual(current.map(({ id }) => id).sort());
        expect(found.length).toBeGreaterThan(profiles.length === 0 ? 20 : 0);
      }
    }
  });
});
